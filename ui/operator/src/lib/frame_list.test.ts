import { describe, expect, it } from "vitest";
import { countNewer, merge, mergePage, sieve } from "./frame_list";
import type { Frame } from "./model";
import { madeUpFrame as frame } from "./testing/made_up";

const frames = (...seqs: number[]) => seqs.map((seq) => frame(seq));
const seqs = (list: readonly Frame[]) => list.map(({ seq }) => seq);

describe("merge", () => {
  it("keeps newest first wherever a frame comes in", () => {
    expect(seqs(merge(frames(9, 6, 2), frames(1, 10, 7)))).toEqual([10, 9, 7, 6, 2, 1]);
    expect(seqs(merge([], frames(1, 3, 2)))).toEqual([3, 2, 1]);
  });

  it("replaces a known frame and takes the last of two", () => {
    const list = merge(frames(3, 2, 1), [frame(2, { ticket: "A" }), frame(2, { ticket: "B" })]);
    expect(seqs(list)).toEqual([3, 2, 1]);
    expect(list[1]?.ticket).toBe("B");
  });

  it("takes out what is gone, even if it also changed", () => {
    expect(seqs(merge(frames(3, 2, 1), [frame(2)], new Set(["f2", "f1"])))).toEqual([3]);
  });

  it("moves a frame whose number changed", () => {
    expect(merge(frames(3, 2, 1), [frame(9, { id: "f1" })]).map(({ id }) => id)).toEqual(["f1", "f3", "f2"]);
  });
});

describe("mergePage", () => {
  const page = (list: Frame[], next_before: number | null) => ({ frames: list, next_before, total: 99 });

  it("drops what vanished inside the page's stretch and keeps the rest", () => {
    const list = frames(9, 8, 7, 3, 2);
    expect(seqs(mergePage(list, page(frames(9, 7), 7), null, new Set()))).toEqual([9, 7, 3, 2]);
    expect(seqs(mergePage(list, page(frames(2), null), 7, new Set()))).toEqual([9, 8, 7, 2]);
  });

  it("believes live events over a page that is older", () => {
    const list = [frame(12), frame(9, { ticket: "NEW" })];
    const merged = mergePage(list, page([frame(9, { ticket: "OLD" }), frame(8)], null), null, new Set(["f12", "f9"]));
    expect(seqs(merged)).toEqual([12, 9, 8]);
    expect(merged[1]?.ticket).toBe("NEW");
  });

  it("does not bring back what went while the page was on its way", () => {
    expect(seqs(mergePage(frames(9), page(frames(9, 8), null), null, new Set(["f8"])))).toEqual([9]);
  });
});

describe("sieve", () => {
  const list = [frame(3, { ticket: "K7P3" }), frame(2), frame(1, { name: "lena.CR2", ticket: "AB" })];
  it("lets through by ticket, name and lack of a ticket", () => {
    expect(sieve(list, "all", " ")).toBe(list);
    expect(seqs(sieve(list, "unassigned", ""))).toEqual([2]);
    expect(seqs(sieve(list, "all", "k7p3"))).toEqual([3]);
    expect(seqs(sieve(list, "all", "LENA"))).toEqual([1]);
    expect(seqs(sieve(list, "all", "img"))).toEqual([3, 2]);
  });
});

describe("countNewer", () => {
  it("counts what stands before a held view", () => {
    expect(countNewer(frames(9, 8, 5, 2), 5)).toBe(2);
    expect(countNewer(frames(9, 8), 20)).toBe(0);
    expect(countNewer(frames(9, 8), 0)).toBe(2);
    expect(countNewer([], 3)).toBe(0);
  });
});
