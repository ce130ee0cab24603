import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { REST_MS, Saver } from "./saver";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function fixture() {
  const saved: string[] = [];
  const states: string[] = [];
  const studio = { away: false, took_ms: 50 };
  const saver = new Saver<number>({
    save: async (id, value) => {
      await new Promise((resolve) => setTimeout(resolve, studio.took_ms));
      if (studio.away) throw new Error("away");
      saved.push(`${id}=${value}`);
    },
    changed: (id, state, value) => states.push(`${id} ${state} ${value}`),
    failed: () => {},
  });
  return { saver, saved, states, studio };
}

describe("Saver", () => {
  it("waits for rest, then saves the last alone", async () => {
    const { saver, saved, states } = fixture();
    for (let value = 1; value <= 5; value += 1) {
      saver.put("a", value);
      await vi.advanceTimersByTimeAsync(REST_MS / 2);
    }
    expect(saved).toEqual([]);
    await vi.runAllTimersAsync();
    expect([saved, states.at(-1), saver.pending("a")]).toEqual([["a=5"], "a saved 5", undefined]);
  });

  it("saves at once when asked, and again what changed meanwhile", async () => {
    const { saver, saved } = fixture();
    saver.put("a", 1);
    saver.put("b", 7);
    const flushed = saver.flush();
    await vi.advanceTimersByTimeAsync(20);
    saver.put("a", 2);
    await vi.advanceTimersByTimeAsync(200);
    await flushed;
    expect([saved, saver.pending("a"), saver.pending("b")]).toEqual([["a=1", "a=2", "b=7"], undefined, undefined]);
  });

  it("keeps what the studio did not take, and tries it when called again", async () => {
    const { saver, saved, states, studio } = fixture();
    studio.away = true;
    saver.put("a", 1);
    await vi.runAllTimersAsync();
    expect([saved, states.at(-1), saver.pending("a")]).toEqual([[], "a failed 1", 1]);
    studio.away = false;
    void saver.flush();
    await vi.runAllTimersAsync();
    expect([saved, states.at(-1)]).toEqual([["a=1"], "a saved 1"]);
  });
});
