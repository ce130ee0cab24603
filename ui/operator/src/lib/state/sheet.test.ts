import { expect, it } from "vitest";
import type { Frame } from "../model";
import { madeUpFrame } from "../testing/made_up";
import { Frames } from "./frames.svelte";
import { SheetView } from "./sheet.svelte";

const frame = (seq: number, ticket: string | null = null) => madeUpFrame(seq, { ticket });

function fixture() {
  const frames = new Frames({ schedule: () => {}, page: async () => ({ frames: [], next_before: null, total: 0 }) });
  const put = (...list: Frame[]) => {
    for (const each of list) frames.put(each);
    frames.flush();
  };
  put(frame(1, "A"), frame(2), frame(3));
  return { sheet: new SheetView(frames), put };
}
const seqs = (sheet: SheetView) => sheet.shown.map(({ seq }) => seq);

it("holds the view still and counts what waits", () => {
  const { sheet, put } = fixture();
  sheet.hold();
  put(frame(4), frame(5, "A"));
  expect([seqs(sheet), sheet.waiting]).toEqual([[3, 2, 1], 2]);
  sheet.hold();
  expect(sheet.waiting).toBe(2);
  sheet.release();
  expect([seqs(sheet), sheet.waiting, sheet.held]).toEqual([[5, 4, 3, 2, 1], 0, false]);
});

it("counts only waiting frames that the filter lets through, and shows them when the filter changes", () => {
  const { sheet, put } = fixture();
  sheet.show("unassigned");
  sheet.hold();
  put(frame(4), frame(5, "A"));
  expect([seqs(sheet), sheet.waiting, sheet.unassigned]).toEqual([[3, 2], 1, 3]);
  sheet.show("all");
  expect(seqs(sheet)).toEqual([5, 4, 3, 2, 1]);
});

it("updates a held frame in place", () => {
  const { sheet, put } = fixture();
  sheet.hold();
  put(frame(2, "K7P3"));
  expect(sheet.shown[1]?.ticket).toBe("K7P3");
});
