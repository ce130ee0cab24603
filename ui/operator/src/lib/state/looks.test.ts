import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../api";
import { NEUTRAL } from "../look/recipe";
import type { Recipe } from "../model";
import { MadeUpStudio } from "../testing/studio";
import { Looks } from "./looks.svelte";
import { Notices } from "./notices.svelte";
import { Undo, type Pasted } from "./undo.svelte";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ev = (value: number): Recipe => ({ ...NEUTRAL, exposure: { auto: true, ev: value } });
const cropped = (recipe: Recipe): Recipe => ({ ...recipe, geometry: { crop: { x: 0, y: 0, width: 0.5, height: 0.5 }, straighten_deg: 0 } });

/** Runs the work to its end. */
async function done<T>(work: Promise<T>): Promise<T> {
  let over = false;
  void work.finally(() => (over = true));
  while (!over) await vi.advanceTimersByTimeAsync(50);
  return work;
}

async function fixture(prepare: (studio: MadeUpStudio) => void = () => {}) {
  const studio = new MadeUpStudio();
  prepare(studio);
  const notices = new Notices();
  const undo = new Undo();
  const looks = new Looks({
    api: { ...studio, presets: studio.listPresets } as never,
    notices,
    undo,
    attempt: async (work) => {
      try {
        return await work;
      } catch (error) {
        if (error instanceof ApiError) notices.warn(error.message);
        return null;
      }
    },
    decode: async () => ({ width: 3, height: 2 }) as ImageBitmap,
  });
  await done(looks.reload());
  studio.calls = [];
  return { studio, notices, undo, looks };
}

describe("pasting onto many", () => {
  it("keeps every crop, leaves frames without a raw, and is taken back whole", async () => {
    const { studio, notices, undo, looks } = await fixture((made) => {
      made.looks.set("b", cropped(ev(3)));
      made.unable.add("c");
    });
    looks.look.take({ recipe: cropped(ev(1)), from: "IMG_1.CR2" });
    await done(looks.pasteOnto(["a", "b", "c", "d"]));
    expect(studio.calls.filter((call) => call.startsWith("set"))).toEqual(["set many a,d", "set many b"]);
    expect([studio.looks.get("a"), studio.looks.get("b"), studio.looks.has("c")]).toEqual([ev(1), cropped(ev(1)), false].map((each, at) => (at === 0 ? { ...ev(1), geometry: NEUTRAL.geometry } : each)));
    expect(notices.now?.text).toBe("Look of IMG_1.CR2 pasted onto 3 frames. 1 frame without a raw stayed as it is.");
    notices.now?.act?.run();
    await vi.advanceTimersByTimeAsync(1000);
    expect([studio.looks.has("a"), studio.looks.get("b"), studio.looks.has("d"), undo.depth]).toEqual([false, cropped(ev(3)), false, 0]);
  });

  it("is one deed that U takes back too, and no other way a second time", async () => {
    const { studio, notices, undo, looks } = await fixture();
    looks.look.take({ recipe: ev(1), from: "IMG_1.CR2" });
    await done(looks.pasteOnto(["a"]));
    const again = notices.now?.act?.run;
    await done(looks.giveBack(undo.pop() as Pasted));
    studio.calls = [];
    again?.();
    await vi.advanceTimersByTimeAsync(500);
    expect(studio.calls).toEqual([]);
  });

  it("says what is missing before it begins", async () => {
    const { studio, notices, looks } = await fixture((made) => made.unable.add("a"));
    await done(looks.pasteOnto(["a"]));
    expect(notices.now?.text).toMatch(/^No look is copied yet/);
    looks.look.take({ recipe: ev(1), from: "IMG_1.CR2" });
    await done(looks.pasteOnto(["a"]));
    expect([notices.now?.text, studio.looks.size]).toEqual(["None of them can be developed: there is no raw. Nothing was changed.", 0]);
  });

  it("shows on the frame that is developed, as a step", async () => {
    const { looks } = await fixture();
    looks.look.open({ id: "a", name: "a" });
    await vi.advanceTimersByTimeAsync(300);
    looks.look.take({ recipe: ev(2), from: "IMG_1.CR2" });
    await done(looks.pasteOnto(["a", "b"]));
    expect([looks.look.read("ev"), looks.look.undoes]).toEqual([2, "Look pasted"]);
  });
});

describe("presets", () => {
  it("are saved without their crop, listed by name, worn, renamed, deleted and brought back", async () => {
    const { studio, notices, looks } = await fixture((made) => made.looks.set("a", cropped(ev(1))));
    looks.look.open({ id: "a", name: "a" });
    await vi.advanceTimersByTimeAsync(300);
    expect(await done(looks.savePreset("  Warm 10 "))).toBeNull();
    expect(await done(looks.savePreset("Warm 9"))).toBeNull();
    expect([looks.presets.list.map(({ name }) => name), studio.presets[0]?.recipe.geometry.crop, looks.nameOf(cropped(ev(1)))]).toEqual([["Warm 9", "Warm 10"], null, "Warm 9"]);
    const [first] = looks.presets.list;
    if (!first) throw new Error("no preset");
    expect(await done(looks.renamePreset(first, "Warm 10"))).toMatch(/already/);
    expect(await done(looks.renamePreset(first, "Cold"))).toBeNull();
    expect(studio.calls.filter((call) => /^(save|delete)/.test(call)).slice(-2)).toEqual(["save Cold", "delete Warm 9"]);
    const cold = looks.presets.find("Cold");
    if (!cold) throw new Error("no preset");
    await done(looks.deletePreset(cold));
    expect(looks.presets.find("Cold")).toBeNull();
    notices.now?.act?.run();
    await vi.advanceTimersByTimeAsync(500);
    expect(looks.presets.find("Cold")?.recipe).toEqual(ev(1));
  });

  it("are given to one photographer, and taken back", async () => {
    const { studio, notices, looks } = await fixture((made) => made.looks.set("a", cropped(ev(1))));
    await done(looks.reload());
    expect(looks.creators.map(({ name }) => name)).toEqual(["Ana", "Ben"]);
    looks.look.open({ id: "a", name: "a" });
    await vi.advanceTimersByTimeAsync(300);
    const [ana] = looks.creators;
    if (!ana) throw new Error("nobody shoots");
    await done(looks.shareWith(ana, looks.look.recipe));
    // A crop belongs to its frame.
    expect(looks.creators.map(({ recipe }) => recipe)).toEqual([ev(1), null]);
    expect(notices.now?.text).toMatch(/^This is Ana's look now\./);
    notices.now?.act?.run();
    await vi.advanceTimersByTimeAsync(500);
    expect([looks.creators[0]?.recipe, studio.calls.filter((call) => call.startsWith("creator "))]).toEqual([null, ["creator c1", "creator c1 null"]]);
  });

  it("have names that can be told apart, and a bound", async () => {
    const { looks } = await fixture((made) => (made.presets = Array.from({ length: 100 }, (_, at) => ({ name: `P${at}`, recipe: NEUTRAL, creator: null, updated_at: 1 }))));
    expect([looks.presets.refusal(" "), looks.presets.refusal("x".repeat(61)), looks.presets.refusal("P7"), looks.presets.refusal("New")].map((words) => words?.slice(0, 20))).toEqual([
      "Give it a name.", "A name has at most 6", "There is a preset “P", "There are 100 preset",
    ]);
    expect(looks.presets.refusal("P7", "P7")).toBeNull();
  });

  it("are worn by the frame that is shown, or by all that are selected", async () => {
    const { studio, looks } = await fixture();
    const preset = { name: "Warm", recipe: ev(1), creator: null, updated_at: 1 };
    looks.look.open({ id: "a", name: "a" });
    await vi.advanceTimersByTimeAsync(300);
    await done(looks.apply(preset, ["a"]));
    expect([looks.look.read("ev"), looks.look.undoes]).toEqual([1, "Preset Warm"]);
    await done(looks.apply({ ...preset, recipe: ev(2) }, ["b", "c"]));
    expect(studio.calls).toContain("set many b,c");
  });
});

describe("the booth's look", () => {
  it("is set without a crop, and can be taken back", async () => {
    const { studio, notices, looks } = await fixture();
    const was = studio.shared;
    await done(looks.share(cropped(ev(1)), "This look"));
    expect([studio.shared, looks.development.now?.recipe]).toEqual([ev(1), ev(1)]);
    notices.now?.act?.run();
    await vi.advanceTimersByTimeAsync(500);
    expect(studio.shared).toEqual(was);
  });

  it("stays what it was when the studio does not take it", async () => {
    const { studio, looks } = await fixture();
    studio.away = true;
    await done(looks.setDevelopment({ flow: "embedded_only" }));
    expect(looks.development.now?.flow).toBe("embedded_then_developed");
  });
});
