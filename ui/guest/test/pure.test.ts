import { describe, expect, test } from "vitest";
import { retryAfterMs, waitMs } from "../src/backoff.ts";
import { counted, merge, placeFor } from "../src/plan.ts";
import { Seen } from "../src/seen.ts";
import { Turns, decoded } from "../src/swap.ts";

describe("waiting", () => {
  test("doubles up to half a minute and never comes back at once", () => {
    expect([0, 1, 2, 3, 4, 5, 60].map((attempt) => waitMs(attempt, 0))).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(waitMs(60, 0.999)).toBeLessThanOrEqual(30_000);
  });

  test("believes a number of seconds, within reason", () => {
    expect(["3", "0", "-1", "soon", null, "99999"].map((said) => retryAfterMs(said))).toEqual([3_000, 0, 0, 0, 0, 120_000]);
  });
});

describe("places", () => {
  test("newest first, also when they arrive out of order", () => {
    expect(placeFor("f9", ["f8", "f7"], false)).toBe("f8");
    expect(placeFor("f75", ["f8", "f7"], false)).toBe("f7");
    expect(placeFor("f1", ["f8", "f7"], false)).toBe(null);
    expect(placeFor("f1", [], true)).toBe(null);
  });

  test("what belongs on an older page stays there", () => {
    expect(placeFor("f1", ["f8", "f7"], true)).toBeUndefined();
  });
});

describe("catching up", () => {
  test("adds what came, drops what went, keeps what the fresh page had no room for", () => {
    expect(merge(["d", "c", "b", "a"], ["f", "d", "b"])).toEqual({ reset: false, add: ["f"], drop: ["c"] });
  });

  test("nothing in common means: load again", () => {
    expect(merge(["b", "a"], ["z", "y"]).reset).toBe(true);
    expect(merge([], ["z", "y"])).toEqual({ reset: false, add: ["z", "y"], drop: [] });
    expect(merge(["b", "a"], [])).toEqual({ reset: false, add: [], drop: ["b", "a"] });
  });

  test("says how many", () => {
    expect([counted(1, "1 new photo", "{n} new photos"), counted(2, "1 new photo", "{n} new photos")]).toEqual(["1 new photo", "2 new photos"]);
  });
});

describe("reports", () => {
  const decoded = { decode: () => Promise.resolve() };

  test("one a photo, with the time from receipt to decode", async () => {
    const sent: unknown[] = [];
    const seen = new Seen((report) => sent.push(report), () => 180.4);
    await Promise.all([seen.watch("a", decoded, 100), seen.watch("a", decoded, 100), seen.watch("b", decoded, 150)]);
    expect(sent).toEqual([{ frame: "a", ms: 80 }, { frame: "b", ms: 30 }]);
  });

  test("a picture that fails is not reported, and may be later", async () => {
    const sent: unknown[] = [];
    const seen = new Seen((report) => sent.push(report), () => 9);
    await seen.watch("a", { decode: () => Promise.reject(new Error("broken")) }, 0);
    expect(sent).toEqual([]);
    await seen.watch("a", decoded, 0);
    expect(sent).toHaveLength(1);
  });

  test("their number is bounded", async () => {
    let sent = 0;
    const seen = new Seen(() => (sent += 1), () => 0);
    for (let at = 0; at < 1_000; at += 1) await seen.watch(String(at), decoded, 0);
    expect(sent).toBe(500);
  });
});

describe("a better picture", () => {
  const calm = async () => undefined;

  test("takes its place once it is decoded, also where the first tries fail", async () => {
    let tries = 0;
    const late = { decode: () => ((tries += 1) < 3 ? Promise.reject(new Error("busy")) : Promise.resolve()) };
    expect(await decoded(late, calm)).toBe(true);
    expect(tries).toBe(3);
  });

  test("that never comes leaves the old one alone, after a few calm tries", async () => {
    const waits: number[] = [];
    const never = { decode: () => Promise.reject(new Error("gone")) };
    expect(await decoded(never, async (ms) => void waits.push(ms))).toBe(false);
    expect(waits).toHaveLength(3);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(500);
  });

  test("of two that come for one photo the newer one stays, whichever is decoded first", () => {
    const turns = new Turns();
    const [first, second, other] = [turns.take("a"), turns.take("a"), turns.take("b")];
    expect([turns.isNewest("a", first), turns.isNewest("a", second), turns.isNewest("b", other)]).toEqual([false, true, true]);
    turns.end("a", first);
    expect(turns.isNewest("a", second)).toBe(true);
    turns.end("a", second);
    expect(turns.isNewest("a", second)).toBe(false);
  });
});
