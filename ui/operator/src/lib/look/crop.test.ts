import { describe, expect, it } from "vitest";
import { boxOf, fitted, geometryOf, inside, isUpright, largest, moved, ratioOf, ratioValue, RATIOS, reshaped, resized, turned } from "./crop";
import type { Box, Handle, Picture } from "./crop";

/** The same numbers for each run (mulberry32). */
function randomOf(seed: number): (from: number, to: number) => number {
  let state = seed >>> 0;
  return (from, to) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return from + (((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * (to - from);
  };
}

const CASES = 400;
const HANDLES: Handle[] = ["n", "e", "s", "w", "nw", "ne", "sw", "se"];

function cases(check: (given: { picture: Picture; box: Box; random: (from: number, to: number) => number }) => void) {
  for (let seed = 1; seed <= CASES; seed += 1) {
    const random = randomOf(seed * 7919);
    const picture = { aspect: random(0.4, 2.5), deg: seed % 9 === 0 ? 0 : random(-45, 45) };
    const most = largest(picture, random(0.4, 2.5));
    const box = fitted({ ...most, x: random(-0.3, 0.3), y: random(-0.3, 0.3), width: most.width * random(0.3, 1), height: most.height * random(0.3, 1) }, picture);
    check({ picture, box, random });
  }
}

const ratio = (box: Box) => box.width / box.height;

/** Independent of the code: every corner, turned back, lies in the picture. */
function cornersIn(box: Box, { aspect, deg }: Picture): boolean {
  const turn = (-deg * Math.PI) / 180;
  return [[-1, -1], [1, -1], [-1, 1], [1, 1]].every(([sx = 0, sy = 0]) => {
    const [x, y] = [box.x + (sx * box.width) / 2, box.y + (sy * box.height) / 2];
    const [u, v] = [x * Math.cos(turn) - y * Math.sin(turn), x * Math.sin(turn) + y * Math.cos(turn)];
    return [Math.abs(u) - aspect / 2, Math.abs(v) - 0.5, Math.abs(x) - aspect / 2, Math.abs(y) - 0.5].every((over) => over <= 1e-5);
  });
}

describe("a crop", () => {
  it("is the whole picture where nothing is said, and says nothing where it is the whole picture", () => {
    expect(boxOf(null, 1.5)).toEqual({ x: 0, y: 0, width: 1.5, height: 1 });
    expect(geometryOf(boxOf(null, 1.5), { aspect: 1.5, deg: 0 })).toEqual({ crop: null, straighten_deg: 0 });
    expect(largest({ aspect: 1.5, deg: 0 }, null)).toEqual({ x: 0, y: 0, width: 1.5, height: 1 });
  });

  it("goes to shares and back", () => {
    cases(({ picture, box }) => {
      const { crop, straighten_deg } = geometryOf(box, picture);
      const again = boxOf(crop, picture.aspect);
      for (const side of ["x", "y", "width", "height"] as const) expect(again[side]).toBeCloseTo(box[side], 5);
      expect(straighten_deg).toBe(picture.deg);
    });
  });

  it("stays inside the turned picture, whatever is done to it", () => {
    cases(({ picture, box, random }) => {
      expect(cornersIn(box, picture)).toBe(true);
      const handle = HANDLES[Math.floor(random(0, 8))] as Handle;
      const shape = random(0, 1) < 0.5 ? null : ratio(box);
      const results = [
        moved(box, random(-2, 2), random(-2, 2), picture),
        resized(box, handle, random(-2, 2), random(-2, 2), picture, shape),
        reshaped(box, picture, random(0.4, 2.5)),
        fitted({ x: random(-2, 2), y: random(-2, 2), width: random(0.01, 4), height: random(0.01, 4) }, picture),
      ];
      for (const result of results) {
        expect(cornersIn(result, picture), JSON.stringify({ picture, box, result })).toBe(true);
        expect(result.width > 0.005 && result.height > 0.005).toBe(true);
      }
      const deg = random(-45, 45);
      expect(cornersIn(turned(box, picture, deg), { ...picture, deg })).toBe(true);
    });
  });

  it("keeps its shape while it moves, turns, or is drawn with a ratio", () => {
    cases(({ picture, box, random }) => {
      const shape = ratio(box);
      expect(moved(box, random(-1, 1), random(-1, 1), picture)).toMatchObject({ width: box.width, height: box.height });
      expect(ratio(turned(box, picture, random(-45, 45)))).toBeCloseTo(shape, 5);
      for (const handle of HANDLES) expect(ratio(resized(box, handle, random(-1, 1), random(-1, 1), picture, shape))).toBeCloseTo(shape, 5);
      const wanted = random(0.4, 2.5);
      expect(ratio(reshaped(box, picture, wanted))).toBeCloseTo(wanted, 5);
    });
  });

  it("does nothing where nothing was asked", () => {
    cases(({ picture, box }) => {
      for (const handle of HANDLES) {
        const same = resized(box, handle, 0, 0, picture, null);
        for (const side of ["x", "y", "width", "height"] as const) expect(same[side]).toBeCloseTo(box[side], 6);
      }
      expect(fitted(box, picture)).toEqual(box);
    });
  });

  it("moves and draws by what was asked where there is room", () => {
    const picture = { aspect: 1.5, deg: 0 };
    const box = { x: 0, y: 0, width: 0.6, height: 0.4 };
    expect(moved(box, 0.1, -0.05, picture)).toEqual({ ...box, x: 0.1, y: -0.05 });
    const drawn = resized(box, "se", 0.1, 0.2, picture, null);
    expect([drawn.width, drawn.height, drawn.x, drawn.y].map((n) => Math.round(n * 1e6) / 1e6)).toEqual([0.7, 0.6, 0.05, 0.1]);
    // The corner that was not drawn stays.
    const west = resized(box, "nw", -0.1, -0.1, picture, 1.5);
    expect([west.x + west.width / 2, west.y + west.height / 2].map((n) => Math.round(n * 1e6) / 1e6)).toEqual([0.3, 0.2]);
  });

  it("slides along a wall instead of sticking to it", () => {
    const picture = { aspect: 1.5, deg: 0 };
    const at = moved({ x: 0.4, y: 0, width: 0.6, height: 0.4 }, 1, 0.2, picture);
    expect([at.x, at.y].map((n) => Math.round(n * 1e6) / 1e6)).toEqual([0.45, 0.2]);
  });

  it("grows back when the picture is turned back, if nobody made it smaller", () => {
    const picture = { aspect: 1.5, deg: 0 };
    let box = boxOf(null, 1.5);
    for (const [from, to] of [[0, 7], [7, 20], [20, 3], [3, 0]] as const) box = turned(box, { ...picture, deg: from }, to);
    expect(geometryOf(box, picture)).toEqual({ crop: null, straighten_deg: 0 });
  });

  it("is as large as it can be", () => {
    cases(({ picture, random }) => {
      const most = largest(picture, random(0.4, 2.5));
      expect(inside(most, picture)).toBe(true);
      expect(inside({ ...most, width: most.width * 1.01, height: most.height * 1.01 }, picture)).toBe(false);
    });
  });
});

describe("ratios", () => {
  it("have names, lying and upright", () => {
    expect([ratioValue("3:2", 1.5, false), ratioValue("3:2", 1.5, true), ratioValue("original", 0.75, true), ratioValue("free", 1.5, true)]).toEqual([1.5, 2 / 3, 0.75, null]);
    for (const name of RATIOS.filter((each) => each !== "free" && each !== "original")) {
      const value = ratioValue(name, 1.91, false) as number;
      expect([ratioOf({ x: 0, y: 0, width: value, height: 1 }, 1.91), ratioOf({ x: 0, y: 0, width: 1, height: value }, 1.91)]).toEqual([name, name]);
    }
    expect(ratioOf({ x: 0, y: 0, width: 1.5, height: 1 }, 1.5)).toBe("original");
    expect(ratioOf({ x: 0, y: 0, width: 1.1, height: 1 }, 1.5)).toBe("free");
    expect([isUpright({ x: 0, y: 0, width: 1, height: 2 }), isUpright({ x: 0, y: 0, width: 1, height: 1 })]).toEqual([true, false]);
  });
});
