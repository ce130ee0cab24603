import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { liveEdge, Newest, restEdge } from "./newest";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A studio that takes 100 ms for each answer; "bad" fails. */
function fixture() {
  const asked: string[] = [];
  const answered: string[] = [];
  const failed: string[] = [];
  let flying = 0;
  let most = 0;
  const line = new Newest<string, string>(["now", "before"], {
    ask: async (wish) => {
      asked.push(wish);
      flying += 1;
      most = Math.max(most, flying);
      await new Promise((resolve) => setTimeout(resolve, 100));
      flying -= 1;
      if (wish === "bad") throw new Error(wish);
      return wish.toUpperCase();
    },
    answered: (_wish, answer) => answered.push(answer),
    failed: (wish) => failed.push(wish),
  });
  return { line, asked, answered, failed, most: () => most };
}

describe("Newest", () => {
  it("asks for one at a time, and of what comes meanwhile for the newest alone", async () => {
    const { line, asked, answered, most } = fixture();
    for (let n = 0; n < 40; n += 1) {
      line.want("now", `w${n}`);
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.runAllTimersAsync();
    // 400 ms of dragging at 100 ms a picture: what was newest at each turn, and the very last.
    expect(asked).toEqual(["w0", "w9", "w19", "w29", "w39"]);
    expect(answered).toEqual(["W0", "W9", "W19", "W29", "W39"]);
    expect([most(), line.idle]).toEqual([1, true]);
  });

  it("serves the first lane first, and forgets none", async () => {
    const { line, asked } = fixture();
    line.want("now", "a");
    line.want("before", "old");
    line.want("before", "older");
    line.want("now", "b");
    await vi.runAllTimersAsync();
    expect(asked).toEqual(["a", "b", "older"]);
  });

  it("goes on after a failure", async () => {
    const { line, answered, failed } = fixture();
    line.want("now", "bad");
    line.want("now", "good");
    await vi.runAllTimersAsync();
    expect([failed, answered]).toEqual([["bad"], ["GOOD"]]);
    line.want("now", "again");
    await vi.runAllTimersAsync();
    expect(answered).toEqual(["GOOD", "AGAIN"]);
  });

  it("lets go of what waits", async () => {
    const { line, asked } = fixture();
    line.want("now", "a");
    line.want("now", "b");
    line.forget();
    await vi.runAllTimersAsync();
    expect(asked).toEqual(["a"]);
  });
});

describe("sizes", () => {
  it("of live pictures follow how quick the studio is, a step at a time", () => {
    expect([liveEdge(1000, 300), liveEdge(1000, 60), liveEdge(1000, 10)]).toEqual([700, 1000, 1400]);
    expect([liveEdge(500, 9999), liveEdge(1400, 1)]).toEqual([500, 1400]);
    // A step down may take half as long, which is no reason to step up again.
    let edge = 1000;
    for (const took of [120, 60, 60]) edge = liveEdge(edge, took);
    expect(edge).toBe(700);
  });

  it("of pictures that stay fill their box, in few sizes", () => {
    expect([300, 1600, 1601, 4000].map(restEdge)).toEqual([1600, 1600, 2048, 2048]);
  });
});
