import { describe, expect, it } from "vitest";
import type { FramePage } from "../model";
import { madeUpFrame as frame } from "../testing/made_up";
import { Frames } from "./frames.svelte";

/** A studio with this many frames, answering pages as the API says. */
function fixture(count: number) {
  const stock = Array.from({ length: count }, (_, at) => frame(count - at));
  const asked: [number | null, number][] = [];
  const work: (() => void)[] = [];
  let meanwhile: (() => void) | null = null;
  const frames = new Frames({
    schedule: (job) => work.push(job),
    page: async (before, limit): Promise<FramePage> => {
      asked.push([before, limit]);
      const from = before === null ? stock : stock.filter(({ seq }) => seq < before);
      const page = from.slice(0, limit);
      const more = from.length > page.length;
      meanwhile?.();
      return { frames: page, next_before: more ? (page.at(-1)?.seq ?? null) : null, total: stock.length };
    },
  });
  return { frames, stock, asked, work, during: (job: () => void) => (meanwhile = job) };
}

describe("Frames", () => {
  it("loads a small page first and the rest in large ones", async () => {
    const { frames, asked } = fixture(4500);
    await frames.load();
    expect(asked).toEqual([[null, 300], [4201, 2000], [2201, 2000], [201, 2000]]);
    expect(frames.all).toHaveLength(4500);
    expect([frames.all[0]?.seq, frames.all.at(-1)?.seq, frames.total, frames.whole]).toEqual([4500, 1, 4500, true]);
    expect(frames.get("f77")?.seq).toBe(77);
  });

  it("gathers a burst into one change", async () => {
    const { frames, work } = fixture(2);
    await frames.load();
    for (let seq = 3; seq <= 62; seq += 1) frames.put(frame(seq));
    expect([frames.all.length, work.length]).toEqual([2, 1]);
    work[0]?.();
    expect([frames.all.length, frames.all[0]?.seq, frames.total]).toEqual([62, 62, 62]);
  });

  it("takes out what is gone, and lets it come back", async () => {
    const { frames } = fixture(3);
    await frames.load();
    frames.drop("f2");
    frames.flush();
    expect(frames.get("f2")).toBeNull();
    frames.drop("f3");
    frames.put(frame(3, { name: "again" }));
    frames.flush();
    expect(frames.all.map(({ name }) => name)).toEqual(["again", "IMG_1.JPG"]);
  });

  it("believes what came live over the page that was on its way", async () => {
    const { frames, during } = fixture(3);
    during(() => frames.put(frame(2, { ticket: "K7P3" })));
    await frames.load();
    frames.flush();
    expect(frames.get("f2")?.ticket).toBe("K7P3");
  });

  it("after a break drops what went meanwhile", async () => {
    const { frames, stock } = fixture(5);
    await frames.load();
    stock.splice(1, 1);
    await frames.load();
    expect(frames.all.map(({ seq }) => seq)).toEqual([5, 3, 2, 1]);
  });

  it("shows an empty event as begun", async () => {
    const { frames } = fixture(0);
    await frames.load();
    expect([frames.begun, frames.whole, frames.all.length]).toEqual([true, true, 0]);
  });
});
