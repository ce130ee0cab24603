import { describe, expect, it } from "vitest";
import { begin, change, redone, settled, STEPS_MAX, undone } from "./history";

describe("history", () => {
  it("goes back and forth", () => {
    let history = change(change(begin(0), 1, "one"), 2, "two");
    expect(history.now).toEqual({ value: 2, what: "two" });
    history = undone(undone(history));
    expect([history.now.value, history.future.map(({ what }) => what)]).toEqual([0, ["one", "two"]]);
    expect(undone(history)).toBe(history);
    history = redone(history);
    expect([history.now.value, redone(redone(history)).now.value]).toEqual([1, 2]);
  });

  it("forgets what was undone once something else is done", () => {
    const history = change(undone(change(begin(0), 1, "one")), 5, "five");
    expect([history.now.value, redone(history)]).toEqual([5, history]);
  });

  it("makes one step of one gesture, and two of two", () => {
    let history = begin(0);
    for (let value = 1; value <= 50; value += 1) history = change(history, value, "drag", "contrast");
    expect([history.now.value, history.past.length, undone(history).now.value]).toEqual([50, 1, 0]);
    history = change(settled(history), 60, "drag", "contrast");
    expect([history.past.length, undone(history).now.value]).toEqual([2, 50]);
    expect(change(history, 1, "other", "black").past).toHaveLength(3);
  });

  it("does not join a gesture that was undone", () => {
    const history = change(undone(change(begin(0), 1, "drag", "contrast")), 2, "drag", "contrast");
    expect([history.now.value, undone(history).now.value]).toEqual([2, 0]);
  });

  it("is bounded", () => {
    let history = begin(-1);
    for (let value = 0; value < 3 * STEPS_MAX; value += 1) history = change(history, value, "step");
    expect(history.past).toHaveLength(STEPS_MAX);
    for (let n = 0; n < 2 * STEPS_MAX; n += 1) history = undone(history);
    expect([history.now.value, history.future.length]).toEqual([2 * STEPS_MAX - 1, STEPS_MAX]);
  });
});
