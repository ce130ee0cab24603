import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NEUTRAL } from "../look/recipe";
import { REST_MS } from "../look/saver";
import { MadeUpStudio } from "../testing/studio";
import { LookView } from "./look.svelte";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function fixture(prepare: (studio: MadeUpStudio) => void = () => {}) {
  const studio = new MadeUpStudio();
  prepare(studio);
  const said: string[] = [];
  const look = new LookView({
    load: studio.look,
    save: studio.setLook,
    grey: studio.grey,
    ask: studio.lookPicture,
    decode: async () => ({ width: 1000, height: 667 }),
    shared: () => studio.shared,
    say: (text) => said.push(text),
    warn: (text) => said.push(text),
  });
  const open = async (id: string) => {
    look.open({ id, name: `${id}.CR2` });
    await vi.advanceTimersByTimeAsync(200);
  };
  return { studio, look, said, open };
}

const ms = (n: number) => vi.advanceTimersByTimeAsync(n);
const saves = (studio: MadeUpStudio) => studio.calls.filter((call) => call.startsWith("set"));

describe("opening a frame", () => {
  it("reads its look and asks for its picture at full size", async () => {
    const { look, studio, open } = fixture();
    expect(look.editable).toBe(false);
    await open("a");
    expect([look.editable, look.own, look.recipe.tone.contrast, look.read("temperature")]).toEqual([true, false, 8, 4350]);
    expect(studio.pictures.map(({ frame, wish }) => [frame, wish.long_edge_px])).toEqual([["a", 1600]]);
    expect(look.pictures.now?.frame).toBe("a");
  });

  it("shows nothing to move where there is no raw", async () => {
    const { look, studio, open } = fixture((made) => made.unable.add("a"));
    await open("a");
    look.set("ev", 1);
    expect([look.editable, look.facts?.reason, look.read("ev"), studio.pictures.length]).toEqual([false, "there is no raw of it", 0, 0]);
  });

  it("never shows the picture of a frame that was left", async () => {
    const { look, open } = fixture();
    await open("a");
    look.set("ev", 1, "ev");
    await ms(10);
    await open("b");
    expect(look.pictures.now?.frame).toBe("b");
    await ms(2000);
    expect(look.pictures.now?.frame).toBe("b");
  });
});

describe("editing", () => {
  it("follows a drag with small pictures, one at a time, and ends with a large one", async () => {
    const { look, studio, open } = fixture();
    await open("a");
    studio.pictures = [];
    for (let n = 1; n <= 30; n += 1) {
      look.set("ev", n / 30, "ev");
      await ms(10);
    }
    look.settleSoon("hand");
    await ms(1000);
    const edges = studio.pictures.map(({ wish }) => wish.long_edge_px);
    expect(edges.slice(0, -1).every((edge) => edge === 1000)).toBe(true);
    expect([edges.at(-1), edges.length < 12, studio.pictures.at(-1)?.wish.recipe.exposure.ev]).toEqual([1600, true, 1]);
  });

  it("makes one step of a drag, and saves it once it rests", async () => {
    const { look, studio, open } = fixture();
    await open("a");
    for (const value of [10, 20, 30]) look.set("contrast", value, "contrast");
    look.settle();
    expect([look.undoes, look.own, look.saved]).toEqual(["Contrast +30", true, "changed"]);
    await ms(REST_MS / 2);
    expect(saves(studio)).toEqual([]);
    await ms(REST_MS);
    expect([saves(studio), look.saved, studio.looks.get("a")?.tone.contrast]).toEqual([["set a"], "saved", 30]);
    look.undo();
    expect([look.recipe.tone.contrast, look.own, look.redoes]).toEqual([8, false, "Contrast +30"]);
    await ms(REST_MS + 200);
    expect(saves(studio)).toEqual(["set a", "set a null"]);
    look.redo();
    await ms(REST_MS + 200);
    expect([look.recipe.tone.contrast, studio.looks.get("a")?.tone.contrast]).toEqual([30, 30]);
  });

  it("joins keys that follow one another, and not those that come later", async () => {
    const { look, open } = fixture();
    await open("a");
    for (const value of [0.33, 0.67, 1]) {
      look.set("ev", value, "ev");
      look.settleSoon("keys");
      await ms(200);
    }
    await ms(1500);
    look.set("ev", 1.33, "ev");
    look.settleSoon("keys");
    await ms(1500);
    look.undo();
    expect(look.read("ev")).toBe(1);
    look.undo();
    expect([look.read("ev"), look.undoes]).toEqual([0, null]);
  });

  it("gets the sharp picture while a drag stands still, without ending it", async () => {
    const { look, studio, open } = fixture();
    await open("a");
    look.set("ev", 1, "ev");
    await ms(800);
    expect(studio.pictures.at(-1)?.wish.long_edge_px).toBe(1600);
    look.set("ev", 2, "ev");
    look.settle();
    look.undo();
    expect(look.read("ev")).toBe(0);
  });

  it("brings one slider back with the two clicks that ask for it, as one step", async () => {
    const { look, open } = fixture();
    await open("a");
    look.set("contrast", 40, "contrast");
    look.settleSoon("hand");
    await ms(120);
    look.resetControl("contrast");
    expect([look.recipe.tone.contrast, look.undoes]).toEqual([0, "Contrast 0"]);
    look.undo();
    expect(look.recipe.tone.contrast).toBe(8);
    look.set("temperature", 6000);
    look.resetControl("tint");
    expect(look.recipe.white_balance).toEqual({ mode: "as_shot" });
  });

  it("goes back to the shared look, and to the camera's own", async () => {
    const { look, studio, open } = fixture();
    await open("a");
    look.set("ev", 1);
    look.reset();
    await ms(REST_MS + 300);
    expect([look.own, look.read("ev"), studio.looks.has("a"), look.undoes]).toEqual([false, 0, false, "Back to the booth's look"]);
    look.neutral();
    expect([look.own, look.recipe]).toEqual([true, NEUTRAL]);
  });

  it("picks grey, and tells when there is none", async () => {
    const { look, open } = fixture();
    await open("a");
    look.togglePick();
    await Promise.all([look.pick(0.4, 0.6), ms(100)]);
    expect([look.picking, look.recipe.white_balance]).toEqual([false, { mode: "grey", red: 1.2, blue: 0.8 }]);
  });

  it("tries a look on without keeping it", async () => {
    const { look, studio, open } = fixture();
    await open("a");
    look.tryOn({ ...NEUTRAL, colour: { saturation: -100, vibrance: 0 } });
    await ms(100);
    expect([look.wanted.colour.saturation, look.recipe.colour.saturation, studio.pictures.at(-1)?.wish.recipe.colour.saturation]).toEqual([-100, 0, -100]);
    look.tryOn(null);
    await ms(REST_MS * 2);
    expect([look.pictures.now?.recipe.colour.saturation, saves(studio)]).toEqual([0, []]);
  });

  it("shows the whole picture while it is cropped, and keeps the crop as one step", async () => {
    const { look, studio, open } = fixture();
    await open("a");
    const crop = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
    look.startCrop();
    await ms(100);
    expect(look.cropReady).toBe(true);
    look.crop({ crop, straighten_deg: 3 });
    expect([look.cropping, look.undoes]).toEqual([false, "Crop"]);
    look.startCrop();
    await ms(200);
    expect(studio.pictures.at(-1)?.wish.recipe.geometry).toEqual({ crop: null, straighten_deg: 0 });
    look.escape();
    expect([look.cropping, look.recipe.geometry]).toEqual([false, { crop, straighten_deg: 3 }]);
  });

  it("compares with the camera's look, cut alike", async () => {
    const { look, open } = fixture();
    await open("a");
    look.set("ev", 2);
    look.toggleSplit();
    await ms(300);
    expect([look.pictures.before?.recipe.exposure.ev, look.pictures.now?.recipe.exposure.ev]).toEqual([0, 2]);
  });
});

describe("leaving and coming back", () => {
  it("saves at once what was changed, and remembers the steps", async () => {
    const { look, studio, open } = fixture();
    await open("a");
    look.set("ev", 1, "ev");
    await open("b");
    expect([saves(studio), look.read("ev"), look.undoes]).toEqual([["set a"], 0, null]);
    await open("a");
    expect([look.read("ev"), look.undoes]).toEqual([1, "Exposure +1.00 EV"]);
    look.undo();
    expect([look.read("ev"), look.own]).toEqual([0, false]);
  });

  it("remembers the steps of the last frames alone", async () => {
    const { look, open } = fixture();
    for (let n = 0; n < 25; n += 1) {
      await open(`f${n}`);
      look.set("ev", 1);
    }
    await open("f0");
    expect([look.read("ev"), look.undoes]).toEqual([1, null]);
    await open("f20");
    expect(look.undoes).toBe("Exposure +1.00 EV");
  });

  it("takes what was changed elsewhere as a step, and a new shared look as none", async () => {
    const { look, studio, open } = fixture();
    await open("a");
    studio.shared = { ...NEUTRAL, exposure: { auto: true, ev: 0.5 } };
    await Promise.all([look.refresh(), ms(100)]);
    expect([look.read("ev"), look.undoes]).toEqual([0.5, null]);
    studio.looks.set("a", { ...NEUTRAL, exposure: { auto: true, ev: 2 } });
    await Promise.all([look.refresh("Look pasted"), ms(100)]);
    expect([look.read("ev"), look.own, look.undoes]).toEqual([2, true, "Look pasted"]);
  });

  it("never lets an older look of the studio overwrite what is not saved yet", async () => {
    const { look, open } = fixture();
    await open("a");
    look.set("ev", 1);
    await Promise.all([look.refresh(), ms(100)]);
    expect(look.read("ev")).toBe(1);
    look.set("contrast", 50, "contrast");
    await Promise.all([look.refresh(), ms(100)]);
    expect(look.read("contrast")).toBe(50);
  });
});

describe("a studio that is away", () => {
  it("is sent everything when it is back", async () => {
    const { look, studio, open, said } = fixture();
    await open("a");
    studio.away = true;
    look.set("ev", 1);
    await ms(REST_MS * 2);
    expect([look.saved, look.pictures.unreachable, look.read("ev"), said]).toEqual(["failed", true, 1, []]);
    studio.away = false;
    look.reconnected();
    await ms(500);
    expect([look.saved, look.pictures.unreachable, look.pictures.now?.recipe.exposure.ev, studio.looks.get("a")?.exposure.ev]).toEqual(["saved", false, 1, 1]);
  });

  it("that could not read a look says so, and is asked again", async () => {
    const { look, studio, open } = fixture((made) => (made.away = true));
    await open("a");
    expect([look.unread, look.editable]).toEqual(["The studio did not answer.", false]);
    studio.away = false;
    look.reconnected();
    await ms(300);
    expect([look.unread, look.editable]).toEqual([null, true]);
  });
});

it("copies a look and pastes the chosen parts of it, as one step", async () => {
  const { look, said, open } = fixture();
  await open("a");
  look.paste();
  look.set("ev", 1);
  look.set("saturation", -100);
  look.copy();
  await open("b");
  look.carry("colour", false);
  look.paste();
  expect([look.read("ev"), look.read("saturation"), look.undoes]).toEqual([1, 0, "Look of a.CR2"]);
  expect(said[0]).toMatch(/^No look is copied yet/);
  for (const part of ["light", "detail", "watermark", "border"] as const) look.carry(part, false);
  expect(look.parts).toEqual(["border"]);
});

it("ignores a picture whose place a newer wish took", async () => {
  const { look, studio, open } = fixture();
  await open("a");
  studio.replaced = 1;
  look.set("ev", 1);
  await ms(100);
  expect([look.pictures.now?.recipe.exposure.ev, look.pictures.problem]).toEqual([0, null]);
});
