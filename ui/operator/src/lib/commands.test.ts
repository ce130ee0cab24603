import { expect, it } from "vitest";
import { matches, offers } from "./commands";
import type { Frame, Ticket } from "./model";

const commands = [
  { id: "next", name: "Next guest", run: () => {} },
  { id: "dark", name: "Theme: dark", run: () => {} },
];
const tickets = [{ code: "K7P3" }, { code: "NEXT" }] as Ticket[];
const frames = Array.from({ length: 40 }, (_, at) => ({ id: `f${at}`, name: `IMG_42${String(at).padStart(2, "0")}.CR2` })) as Frame[];
const go = { ticket: () => {}, frame: () => {} };
const names = (text: string) => offers(text, commands, tickets, frames, go).map(({ name }) => name);

it("offers only commands before anything is typed", () => {
  expect(names("  ")).toEqual(["Next guest", "Theme: dark"]);
});

it("finds commands, then tickets, then a bounded number of frames", () => {
  expect(names("next")).toEqual(["Next guest", "NEXT"]);
  expect(names("k7-p")).toEqual(["K7P3"]);
  expect(names("img_42")).toHaveLength(12);
  expect(names("4207")).toEqual(["IMG_4207.CR2"]);
});

it("matches beginnings of words in any order", () => {
  expect([matches("Show the join QR", "qr show"), matches("Show the join QR", "how"), matches("Theme: dark", "da th")]).toEqual([true, false, true]);
});

it("runs what was chosen", () => {
  const went: string[] = [];
  offers("k7", commands, tickets, frames, { ticket: (code) => went.push(code), frame: () => {} })[0]?.run();
  expect(went).toEqual(["K7P3"]);
});
