// The sliders of a look: what each reads and writes, its range, its steps, and its figure as photographers write it. Pure.
import type { FrameLook, Recipe } from "../model";
import { clamp, DAYLIGHT, NEUTRAL, NEW_BORDER, NEW_WATERMARK } from "./recipe";

/** What the camera chose, where it said so: sliders of the temperature begin there. */
export type AsShot = FrameLook["as_shot"];

/** What a slider needs to know of its figure. */
export interface Scale {
  name: string;
  min: number;
  max: number;
  /** Dragging and typing round to this. */
  grain: number;
  /** An arrow key. */
  step: number;
  /** Page up and down, and arrows with Shift. */
  leap: number;
  show: (value: number) => string;
  /** Where a value lies on its track, 0 to 1, and back. */
  place: (value: number) => number;
  at: (place: number) => number;
}

export interface Control extends Scale {
  read: (recipe: Recipe, asShot: AsShot) => number;
  write: (recipe: Recipe, value: number, asShot: AsShot) => Recipe;
}

const MINUS = "−";

/** A figure with its sign; zero has none. */
export function signed(value: number, decimals = 0): string {
  const text = Math.abs(value).toFixed(decimals);
  if (Number(text) === 0) return text;
  return `${value < 0 ? MINUS : "+"}${text}`;
}

/** A typed figure, with its unit or without, with either sign for minus and either decimal point; null where it is none. */
export function figure(typed: string): number | null {
  const match = typed.replaceAll(MINUS, "-").replace(",", ".").match(/^\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*(?:ev|k|px|%|°|deg)?\s*$/i);
  return match ? Number(match[1]) : null;
}

export const round = (value: number, grain: number) => {
  const decimals = grain >= 1 ? 0 : Math.ceil(-Math.log10(grain));
  return Number((Math.round(value / grain) * grain).toFixed(decimals)) + 0;
};

/** A value brought into the control's range and onto its grain. */
export const fitting = (control: Scale, value: number) => clamp(round(value, control.grain), control.min, control.max);

/** One step from a value: onto the next whole step, so that thirds of a stop stay thirds, though 0.33 is none exactly. */
export function stepped(control: Scale, value: number, steps: number, size = control.step): number {
  const from = value / size;
  const slack = Math.min(0.1, control.grain / size);
  const next = steps > 0 ? Math.floor(from + slack) + steps : Math.ceil(from - slack) + steps;
  return fitting(control, next * size);
}

const straight = (min: number, max: number) => ({
  place: (value: number) => (value - min) / (max - min),
  at: (place: number) => min + place * (max - min),
});

/** Finer around zero, where most of the work is done. */
const bent = (most: number, power: number) => ({
  place: (value: number) => 0.5 + (Math.sign(value) * Math.abs(value / most) ** (1 / power)) / 2,
  at: (place: number) => Math.sign(place - 0.5) * Math.abs(place * 2 - 1) ** power * most,
});

/** Even in mired, as eyes and filters are: 1,000 K are much at 3,000 K and nothing at 12,000 K. */
const mired = (min: number, max: number) => ({
  place: (value: number) => (1 / min - 1 / value) / (1 / min - 1 / max),
  at: (place: number) => 1 / (1 / min - place * (1 / min - 1 / max)),
});

type Group = "tone" | "colour" | "denoise" | "sharpen";

function part<G extends Group>(group: G, key: keyof Recipe[G], name: string, more: Partial<Control> & Pick<Control, "min" | "max">): Control {
  const whole = more.min === 0 ? (value: number) => value.toFixed(0) : (value: number) => signed(value);
  return {
    name,
    grain: 1,
    step: 1,
    leap: 10,
    show: whole,
    ...straight(more.min, more.max),
    read: (recipe) => recipe[group][key] as number,
    write: (recipe, value) => ({ ...recipe, [group]: { ...recipe[group], [key]: value } }),
    ...more,
  };
}

const amount = { min: -100, max: 100 };
const percent = (name: string, min: number, max: number, grain: number): Scale => ({
  name, min, max, grain, step: grain, leap: grain * 10, show: (value) => `${value.toFixed(grain < 1 ? 1 : 0)} %`, ...straight(min, max),
});

function balanceOf(recipe: Recipe, asShot: AsShot): { temperature_k: number; tint: number } {
  const { white_balance } = recipe;
  return white_balance.mode === "kelvin" ? white_balance : (asShot ?? DAYLIGHT);
}

function mark(key: "size_percent" | "opacity", looks: Scale): Control {
  return {
    ...looks,
    read: (recipe) => (recipe.watermark ?? NEW_WATERMARK)[key],
    write: (recipe, value) => ({ ...recipe, watermark: { ...(recipe.watermark ?? NEW_WATERMARK), [key]: value } }),
  };
}

function edge(key: "width_percent" | "foot_percent", name: string): Control {
  return {
    ...percent(name, 0, 25, 0.5),
    leap: 5,
    read: (recipe) => (recipe.frame ?? NEW_BORDER)[key],
    write: (recipe, value) => ({ ...recipe, frame: { ...(recipe.frame ?? NEW_BORDER), [key]: value } }),
  };
}

export const CONTROLS = {
  ev: {
    name: "Exposure", min: -5, max: 5, grain: 0.01, step: 1 / 3, leap: 1, ...bent(5, 1.5),
    show: (value) => `${signed(value, 2)} EV`,
    read: (recipe) => recipe.exposure.ev,
    write: (recipe, ev) => ({ ...recipe, exposure: { ...recipe.exposure, ev } }),
  },
  contrast: part("tone", "contrast", "Contrast", amount),
  highlights: part("tone", "highlights", "Highlights", amount),
  shadows: part("tone", "shadows", "Shadows", amount),
  black: part("tone", "black", "Black", amount),
  temperature: {
    name: "Temperature", min: 2000, max: 25_000, grain: 10, step: 50, leap: 500, ...mired(2000, 25_000),
    show: (value) => `${value.toFixed(0)} K`,
    read: (recipe, asShot) => balanceOf(recipe, asShot).temperature_k,
    write: (recipe, temperature_k, asShot) => ({ ...recipe, white_balance: { ...balanceOf(recipe, asShot), mode: "kelvin", temperature_k } }),
  },
  tint: {
    name: "Tint", min: -150, max: 150, grain: 1, step: 1, leap: 10, ...bent(150, 1.5),
    show: (value) => signed(value),
    read: (recipe, asShot) => balanceOf(recipe, asShot).tint,
    write: (recipe, tint, asShot) => ({ ...recipe, white_balance: { ...balanceOf(recipe, asShot), mode: "kelvin", tint } }),
  },
  saturation: part("colour", "saturation", "Saturation", amount),
  vibrance: part("colour", "vibrance", "Vibrance", amount),
  luminance: part("denoise", "luminance", "Luminance", { min: 0, max: 100 }),
  colour_noise: part("denoise", "colour", "Colour noise", { min: 0, max: 100 }),
  sharpen: part("sharpen", "amount", "Sharpness", { min: 0, max: 100 }),
  radius: part("sharpen", "radius_px", "Radius", { min: 0.4, max: 3, grain: 0.1, step: 0.1, leap: 0.5, show: (value) => `${value.toFixed(1)} px` }),
  mark_size: mark("size_percent", percent("Size", 1, 20, 0.5)),
  mark_opacity: mark("opacity", percent("Opacity", 0, 100, 1)),
  border_width: edge("width_percent", "Width"),
  border_foot: edge("foot_percent", "Foot"),
} satisfies Record<string, Control>;

export type ControlId = keyof typeof CONTROLS;

/** The value that a double click brings back. */
export const neutralOf = (control: Control, asShot: AsShot) => control.read(NEUTRAL, asShot);

/** A change in words, as undo shows it. */
export const told = (control: Scale, value: number) => `${control.name} ${control.show(value)}`;

/** The angle has its slider in the crop's own bar. */
export const STRAIGHTEN = {
  name: "Straighten", min: -45, max: 45, grain: 0.1, step: 0.1, leap: 1, ...bent(45, 1.6),
  show: (value: number) => `${signed(value, 1)}°`,
} satisfies Scale;
