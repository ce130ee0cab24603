import { describe, expect, it } from "vitest";
import { actionFor, keysOf, type Scene } from "./keys";

const sheet: Scene = { place: "shoot", loupe: false, dialog: false, typing: false, pressable: false };
const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const press = (key: string, scene: Partial<Scene> = {}, held: Partial<typeof none> = {}) =>
  actionFor({ key, ...none, ...held }, { ...sheet, ...scene });

describe("actionFor", () => {
  it("knows the keys of the sheet", () => {
    expect(["1", "2", "3", "t", "T", " ", "m", "u", "/", "+", "-", "?", "Escape"].map((key) => press(key))).toEqual([
      "go_shoot", "go_look", "go_setup", "next_guest", "next_guest", "loupe", "assign", "undo", "search", "bigger", "smaller", "help", "back",
    ]);
    expect(press("k", {}, { ctrlKey: true })).toBe("palette");
    expect(press("z", {}, { metaKey: true })).toBe("undo");
  });

  it("moves, and selects with shift", () => {
    expect([press("ArrowLeft"), press("PageDown"), press("ArrowDown", {}, { shiftKey: true })]).toEqual(["left", "page_down", "extend_down"]);
    expect(press("ArrowRight", { loupe: true }, { shiftKey: true })).toBe("right");
    expect(press("ArrowRight", {}, { ctrlKey: true })).toBeNull();
  });

  it("zooms only in the loupe, sizes only in the sheet", () => {
    expect([press("z"), press("z", { loupe: true })]).toEqual([null, "zoom"]);
    expect([press("+"), press("+", { loupe: true })]).toEqual(["bigger", null]);
    expect(press(" ", { loupe: true })).toBe("loupe");
  });

  it("leaves letters to whom types, and keys to a dialog", () => {
    expect([press("t", { typing: true }), press("ArrowLeft", { typing: true }), press(" ", { typing: true })]).toEqual([null, null, null]);
    expect(press("k", { typing: true }, { ctrlKey: true })).toBe("palette");
    expect(press("Escape", { typing: true })).toBe("back");
    expect([press("t", { dialog: true }), press("Escape", { dialog: true })]).toEqual([null, null]);
  });

  it("lets space press a focused button", () => {
    expect([press(" ", { pressable: true }), press("t", { pressable: true })]).toEqual([null, "next_guest"]);
  });

  it("offers frames' keys only where frames are", () => {
    expect([press("m", { place: "setup" }), press("ArrowDown", { place: "setup" }), press("t", { place: "setup" })]).toEqual([null, null, "next_guest"]);
    expect(keysOf("setup").length).toBeLessThan(keysOf("shoot").length);
  });

  it("knows the keys of the Look place, which has no up and down", () => {
    const look = { place: "look" } as const;
    expect(["b", "y", "o", "r", "w", "a", "c", "v", "Enter", "ArrowLeft", "Home"].map((key) => press(key, look))).toEqual([
      "before", "split", "warnings", "crop", "pick_grey", "auto", "copy_look", "paste_look", "done", "left", "home",
    ]);
    expect([press("z", look, { ctrlKey: true, shiftKey: true }), press("y", look, { ctrlKey: true }), press("ArrowRight", look, { shiftKey: true })]).toEqual(["redo", "redo", "extend_right"]);
    expect([press("ArrowUp", look), press("m", look), press("b"), press("r"), press("c"), press("c", { place: "setup" })]).toEqual([null, null, null, null, "copy_look", null]);
    expect(keysOf("look").map(({ shown }) => shown)).toContain("Ctrl Shift Z");
  });

  it("leaves the browser's and the system's own combinations alone", () => {
    expect([press("t", {}, { ctrlKey: true }), press("1", {}, { altKey: true }), press("z", {}, { ctrlKey: true, shiftKey: true })]).toEqual([null, null, null]);
  });
});
