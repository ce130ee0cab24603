import { expect, it } from "vitest";
import type { Frame } from "../model";
import { Selection } from "./selection.svelte";

const list = "abcdef".split("").map((id, at) => ({ id, seq: 9 - at }) as Frame);
const ids = (selection: Selection) => [...selection.ids].sort().join("");

it("selects one, adds and takes out", () => {
  const selection = new Selection();
  selection.only("b");
  selection.toggle("d");
  expect([ids(selection), selection.cursor]).toEqual(["bd", "d"]);
  selection.toggle("b");
  selection.toggle("d");
  expect([ids(selection), selection.cursor]).toEqual(["", null]);
});

it("extends from where it began, both ways", () => {
  const selection = new Selection();
  selection.only("c");
  selection.extend(list, "e");
  expect(ids(selection)).toBe("cde");
  selection.extend(list, "a");
  expect([ids(selection), selection.cursor]).toEqual(["abc", "a"]);
});

it("begins anew where the beginning is not in the list", () => {
  const selection = new Selection();
  selection.extend(list, "e");
  expect(ids(selection)).toBe("e");
  selection.extend(list, "zz");
  expect(ids(selection)).toBe("e");
});

it("means only frames that are shown, in their order", () => {
  const selection = new Selection();
  selection.everything(list);
  expect(selection.cursor).toBe("a");
  expect(selection.within(list.slice(2, 4).reverse()).map(({ id }) => id)).toEqual(["d", "c"]);
  selection.clear();
  expect([selection.size, selection.indexIn(list)]).toEqual([0, -1]);
});
