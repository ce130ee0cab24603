// A recipe: its defaults, its ranges, and what two of them have in common. Pure; recipes are replaced, never changed in place.
import type { Border, Geometry, Recipe, Watermark, WhiteBalance } from "../model";

export const NEUTRAL: Recipe = {
  process: 1,
  exposure: { auto: true, ev: 0 },
  white_balance: { mode: "as_shot" },
  tone: { base: "camera", contrast: 0, highlights: 0, shadows: 0, black: 0 },
  colour: { saturation: 0, vibrance: 0 },
  geometry: { crop: null, straighten_deg: 0 },
  denoise: { auto: true, luminance: 0, colour: 0 },
  sharpen: { amount: 35, radius_px: 0.7 },
  watermark: null,
  frame: null,
};

export const WHOLE: Geometry = NEUTRAL.geometry;
export const NEW_WATERMARK: Watermark = { text: "", corner: "bottom_right", size_percent: 4, opacity: 70 };
export const NEW_BORDER: Border = { width_percent: 0, foot_percent: 0, colour: [255, 255, 255] };

/** Where sliders of the temperature begin when the camera said nothing. */
export const DAYLIGHT = { temperature_k: 5500, tint: 0 };

/** Characters of a watermark. */
export const WATERMARK_CHARS_MAX = 80;
const CROP_MIN = 0.02;

export const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** Rounded and inside; `otherwise` where it is no number. Adding zero turns -0 into 0, which would be another text. */
function kept(value: number, least: number, most: number, otherwise: number, unit = 100): number {
  return Math.round(clamp(Number.isFinite(value) ? value : otherwise, least, most) * unit) / unit + 0;
}

const amount = (value: number) => kept(value, -100, 100, 0);
const percent = (value: number) => kept(value, 0, 100, 0);
const share = (value: number, least: number, most: number) => kept(value, least, most, least, 1e5);

/** Every number rounded and inside its range, keys in one order: the studio does the same before it names a picture. */
export function normalised(recipe: Recipe): Recipe {
  const { exposure, tone, colour, denoise, sharpen } = recipe;
  return {
    process: recipe.process,
    exposure: { auto: exposure.auto, ev: kept(exposure.ev, -5, 5, 0) },
    white_balance: balance(recipe.white_balance),
    tone: {
      base: tone.base,
      contrast: amount(tone.contrast),
      highlights: amount(tone.highlights),
      shadows: amount(tone.shadows),
      black: amount(tone.black),
    },
    colour: { saturation: amount(colour.saturation), vibrance: amount(colour.vibrance) },
    geometry: geometry(recipe.geometry),
    denoise: { auto: denoise.auto, luminance: percent(denoise.luminance), colour: percent(denoise.colour) },
    sharpen: { amount: percent(sharpen.amount), radius_px: kept(sharpen.radius_px, 0.4, 3, 0.7) },
    watermark: watermark(recipe.watermark),
    frame: border(recipe.frame),
  };
}

function balance(of: WhiteBalance): WhiteBalance {
  if (of.mode === "kelvin") {
    return { mode: "kelvin", temperature_k: kept(of.temperature_k, 2000, 25_000, 5500, 1), tint: kept(of.tint, -150, 150, 0) };
  }
  return of.mode === "grey" ? { mode: "grey", red: share(of.red, 0.05, 20), blue: share(of.blue, 0.05, 20) } : { mode: of.mode };
}

function geometry({ crop, straighten_deg }: Geometry): Geometry {
  const straight = kept(straighten_deg, -45, 45, 0);
  if (!crop) return { crop: null, straighten_deg: straight };
  const x = share(crop.x, 0, 1 - CROP_MIN);
  const y = share(crop.y, 0, 1 - CROP_MIN);
  const inside = { x, y, width: share(crop.width, CROP_MIN, 1 - x), height: share(crop.height, CROP_MIN, 1 - y) };
  const whole = x <= 0 && y <= 0 && inside.width >= 1 && inside.height >= 1;
  return { crop: whole ? null : inside, straighten_deg: straight };
}

/** What is typed keeps its spaces until it is sent; an empty text is no watermark. */
function watermark(of: Watermark | null): Watermark | null {
  const text = [...(of?.text ?? "")].filter((char) => !/\p{Cc}/u.test(char)).join("").trim();
  if (!of || text === "") return null;
  return {
    text: [...text].slice(0, WATERMARK_CHARS_MAX).join(""),
    corner: of.corner,
    size_percent: kept(of.size_percent, 1, 20, 4),
    opacity: kept(of.opacity, 0, 100, 70),
  };
}

function border(of: Border | null): Border | null {
  if (!of) return null;
  const width_percent = kept(of.width_percent, 0, 25, 0);
  const foot_percent = kept(of.foot_percent, 0, 25, 0);
  return width_percent + foot_percent > 0 ? { width_percent, foot_percent, colour: [...of.colour] } : null;
}

/** The recipe as one text: equal recipes have equal keys. */
export const keyOf = (recipe: Recipe) => JSON.stringify(normalised(recipe));
export const same = (a: Recipe, b: Recipe) => keyOf(a) === keyOf(b);

/** What a look is made of, as people choose what to copy. */
export const PARTS = ["light", "colour", "detail", "watermark", "border", "crop"] as const;
export type Part = (typeof PARTS)[number];

/** What a copied look or a preset carries unless somebody says otherwise: a crop belongs to its picture. */
export const USUAL_PARTS: readonly Part[] = ["light", "colour", "detail", "watermark", "border"];

/** `onto`, with these parts taken from `from`. */
export function withParts(onto: Recipe, from: Recipe, parts: readonly Part[]): Recipe {
  const takes = (part: Part) => parts.includes(part);
  return {
    process: takes("light") || takes("colour") || takes("detail") ? from.process : onto.process,
    exposure: (takes("light") ? from : onto).exposure,
    white_balance: (takes("colour") ? from : onto).white_balance,
    tone: (takes("light") ? from : onto).tone,
    colour: (takes("colour") ? from : onto).colour,
    geometry: (takes("crop") ? from : onto).geometry,
    denoise: (takes("detail") ? from : onto).denoise,
    sharpen: (takes("detail") ? from : onto).sharpen,
    watermark: (takes("watermark") ? from : onto).watermark,
    frame: (takes("border") ? from : onto).frame,
  };
}

/** A look for many frames: without what belongs to one picture alone. */
export const forMany = (recipe: Recipe): Recipe => normalised({ ...recipe, geometry: WHOLE });

/** Does this part differ from the untouched look? */
export const touched = (recipe: Recipe, part: Part) => !same(withParts(NEUTRAL, recipe, [part]), NEUTRAL);

/** What stands beside the picture to compare it with: the camera's own look, cut and framed alike, so that nothing but light and colour differs. */
export const before = (recipe: Recipe): Recipe => withParts(NEUTRAL, recipe, ["crop", "watermark", "border"]);

/** The whole picture, upright and bare: what is shown while its crop is chosen. */
export const uncropped = (recipe: Recipe): Recipe => ({ ...recipe, geometry: WHOLE, watermark: null, frame: null });
