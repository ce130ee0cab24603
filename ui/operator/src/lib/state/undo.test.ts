import { expect, it } from "vitest";
import { batches, callsBack, Undo } from "./undo.svelte";

it("gives back the last move first, and remembers a bounded number", () => {
  const undo = new Undo();
  for (let n = 0; n < 120; n += 1) undo.push({ what: `move ${n}`, previous: [{ frame: "a", ticket: null }] });
  expect(undo.depth).toBe(100);
  expect([undo.pop()?.what, undo.pop()?.what]).toEqual(["move 119", "move 118"]);
});

it("does not remember a move that changed nothing", () => {
  const undo = new Undo();
  undo.push({ what: "nothing", previous: [] });
  expect([undo.depth, undo.pop()]).toEqual([0, null]);
});

it("goes back with one call for each ticket", () => {
  expect(callsBack([{ frame: "a", ticket: "X" }, { frame: "b", ticket: null }, { frame: "c", ticket: "X" }, { frame: "d", ticket: null }])).toEqual([
    { ticket: "X", frames: ["a", "c"] },
    { ticket: null, frames: ["b", "d"] },
  ]);
});

it("cuts long lists", () => {
  expect(batches([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(batches([], 2)).toEqual([]);
});
