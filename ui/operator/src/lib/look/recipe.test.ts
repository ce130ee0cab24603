import { describe, expect, it } from "vitest";
import type { Recipe } from "../model";
import { before, forMany, keyOf, NEUTRAL, normalised, same, touched, uncropped, USUAL_PARTS, withParts } from "./recipe";

const look = (more: Partial<Recipe>): Recipe => ({ ...NEUTRAL, ...more });
const CROP = { crop: { x: 0.1, y: 0.1, width: 0.5, height: 0.5 }, straighten_deg: 2 };
const rich = look({
  exposure: { auto: false, ev: 1 },
  white_balance: { mode: "kelvin", temperature_k: 4000, tint: 3 },
  tone: { base: "soft", contrast: 10, highlights: 0, shadows: 0, black: 0 },
  colour: { saturation: 5, vibrance: 0 },
  geometry: CROP,
  sharpen: { amount: 10, radius_px: 1 },
  watermark: { text: "Lena", corner: "top_left", size_percent: 4, opacity: 50 },
  frame: { width_percent: 5, foot_percent: 10, colour: [255, 255, 255] },
});

describe("normalised", () => {
  it("brings every number inside and rounds it, as the studio does", () => {
    const wild = look({
      exposure: { auto: true, ev: 12.3456 },
      white_balance: { mode: "kelvin", temperature_k: 1, tint: Number.NaN },
      tone: { base: "camera", contrast: -0.001, highlights: 1e9, shadows: -1e9, black: 3.14159 },
      sharpen: { amount: Number.POSITIVE_INFINITY, radius_px: 0 },
    });
    expect(normalised(wild)).toMatchObject({
      exposure: { ev: 5 },
      white_balance: { temperature_k: 2000, tint: 0 },
      tone: { contrast: 0, highlights: 100, shadows: -100, black: 3.14 },
      sharpen: { amount: 0, radius_px: 0.4 },
    });
    expect(Object.is(normalised(wild).tone.contrast, 0)).toBe(true);
  });

  it("leaves out what is nothing: an empty watermark, a border of no width, a crop of everything", () => {
    const nothing = look({
      watermark: { text: "  ", corner: "top_left", size_percent: 4, opacity: 50 },
      frame: { width_percent: 0, foot_percent: 0, colour: [1, 2, 3] },
      geometry: { crop: { x: 0, y: 0, width: 1, height: 1 }, straighten_deg: 0 },
    });
    expect(normalised(nothing)).toEqual(NEUTRAL);
    expect(normalised(look({ watermark: { text: ` ${"ä".repeat(90)}\n`, corner: "top_left", size_percent: 99, opacity: 50 } })).watermark).toMatchObject({
      text: "ä".repeat(80), size_percent: 20,
    });
  });

  it("is the same when it is done twice, and gives equal recipes equal keys", () => {
    expect(normalised(normalised(rich))).toEqual(normalised(rich));
    const shuffled = Object.fromEntries(Object.entries(rich).reverse()) as unknown as Recipe;
    expect(keyOf(shuffled)).toBe(keyOf(rich));
    expect([same(rich, shuffled), same(rich, NEUTRAL)]).toEqual([true, false]);
  });
});

describe("parts", () => {
  it("carry a look from frame to frame, and leave a crop where it is", () => {
    const worn = withParts(look({ geometry: { crop: null, straighten_deg: 7 } }), rich, USUAL_PARTS);
    expect(worn).toEqual({ ...rich, geometry: { crop: null, straighten_deg: 7 } });
    expect(withParts(NEUTRAL, rich, ["crop"])).toEqual(look({ geometry: CROP }));
    expect(withParts(NEUTRAL, rich, [])).toEqual(NEUTRAL);
  });

  it("tell what was touched", () => {
    expect((["light", "colour", "detail", "watermark", "border", "crop"] as const).map((part) => [touched(rich, part), touched(NEUTRAL, part)])).toEqual(
      Array.from({ length: 6 }, () => [true, false]),
    );
  });

  it("make a look for many, the one to compare with, and the whole picture", () => {
    expect(forMany(rich).geometry).toEqual({ crop: null, straighten_deg: 0 });
    expect(before(rich)).toEqual(look({ geometry: CROP, watermark: rich.watermark, frame: rich.frame }));
    expect(uncropped(rich)).toMatchObject({ geometry: { crop: null, straighten_deg: 0 }, watermark: null, frame: null, exposure: rich.exposure });
  });
});
