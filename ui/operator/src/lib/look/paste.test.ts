import { describe, expect, it } from "vitest";
import type { FrameLook, Recipe } from "../model";
import { calls, callsBack, each, had, LOOKS_MAX } from "./paste";
import { NEUTRAL, USUAL_PARTS } from "./recipe";

const ev = (value: number): Recipe => ({ ...NEUTRAL, exposure: { auto: true, ev: value } });
const cropped = (recipe: Recipe): Recipe => ({ ...recipe, geometry: { crop: { x: 0, y: 0, width: 0.5, height: 0.5 }, straighten_deg: 0 } });

describe("pasting", () => {
  it("takes one call for frames that end alike, and keeps each crop", () => {
    const looks = [{ frame: "a", recipe: NEUTRAL }, { frame: "b", recipe: cropped(ev(2)) }, { frame: "c", recipe: ev(3) }];
    expect(calls(looks, cropped(ev(1)), USUAL_PARTS)).toEqual([
      { recipe: ev(1), frames: ["a", "c"] },
      { recipe: cropped(ev(1)), frames: ["b"] },
    ]);
  });

  it("sends no more frames at once than the studio takes", () => {
    const looks = Array.from({ length: 2 * LOOKS_MAX + 1 }, (_, at) => ({ frame: `f${at}`, recipe: NEUTRAL }));
    expect(calls(looks, ev(1), USUAL_PARTS).map(({ frames }) => frames.length)).toEqual([LOOKS_MAX, LOOKS_MAX, 1]);
  });

  it("is taken back with what each frame had, or with nothing of its own", () => {
    const look = (source: FrameLook["source"], recipe: Recipe) => ({ source, recipe }) as FrameLook;
    const before = [had("a", look("frame", ev(1))), had("b", look("event", ev(9))), had("c", look("creator", ev(9))), had("d", look("frame", ev(1)))];
    expect(callsBack(before)).toEqual({ calls: [{ recipe: ev(1), frames: ["a", "d"] }], shared: ["b", "c"] });
  });
});

describe("each", () => {
  it("does some at a time and keeps the order", async () => {
    let flying = 0;
    let most = 0;
    const results = await each([5, 1, 4, 2, 3], 2, async (ms) => {
      flying += 1;
      most = Math.max(most, flying);
      await new Promise((resolve) => setTimeout(resolve, ms));
      flying -= 1;
      return ms * 10;
    });
    expect([results, most]).toEqual([[50, 10, 40, 20, 30], 2]);
    expect(await each([], 3, async () => 1)).toEqual([]);
  });

  it("ends with the first failure", async () => {
    await expect(each([1, 2, 3], 2, async (n) => (n === 2 ? Promise.reject(new Error("no")) : n))).rejects.toThrow("no");
  });
});
