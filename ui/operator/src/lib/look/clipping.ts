// Marks what is clipped in the pixels of the shown picture. Pure.
import type { Border } from "../model";

/** RGBA, as a canvas gives it. */
export interface Pixels {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Red for what is blown out, blue for what is blocked up; stripes lean to either side, for those who do not tell the colours. */
const HIGHLIGHT = [255, 48, 48, 255] as const;
const SHADOW = [64, 128, 255, 255] as const;
const STRIPE_PX = 6;
/** A JPEG blurs the last level. */
const WHITE = 254;
const BLACK = 1;

/** The overlay: transparent but where a pixel clips. Only `within` is looked at: a white border is meant to be white. */
export function clippingMarks(picture: Pixels, show: { shadows: boolean; highlights: boolean }, within: Rect, into: Uint8ClampedArray): void {
  into.fill(0);
  const right = Math.min(picture.width, within.x + within.width);
  const bottom = Math.min(picture.height, within.y + within.height);
  for (let y = Math.max(0, within.y); y < bottom; y += 1) {
    for (let x = Math.max(0, within.x); x < right; x += 1) {
      const at = (y * picture.width + x) * 4;
      const [r, g, b] = [picture.data[at] ?? 0, picture.data[at + 1] ?? 0, picture.data[at + 2] ?? 0];
      if (show.highlights && Math.max(r, g, b) >= WHITE) mark(into, at, HIGHLIGHT, x + y);
      else if (show.shadows && Math.max(r, g, b) <= BLACK) mark(into, at, SHADOW, x - y + picture.height);
    }
  }
}

function mark(into: Uint8ClampedArray, at: number, colour: readonly number[], lean: number): void {
  const gap = lean % STRIPE_PX < STRIPE_PX / 3;
  for (let channel = 0; channel < 3; channel += 1) into[at + channel] = gap ? 0 : (colour[channel] ?? 0);
  into[at + 3] = 255;
}

/** Where the picture lies in a print with a border, px: the border's sides are percent of the picture's shorter side. */
export function pictureIn(print: { width: number; height: number }, border: Border | null): Rect {
  const whole = { x: 0, y: 0, width: print.width, height: print.height };
  if (!border) return whole;
  const side = border.width_percent / 100;
  const foot = border.foot_percent / 100;
  // The shorter side is either of the two; the right guess agrees with itself.
  const lying = print.height / (1 + 2 * side + foot);
  const upright = print.width / (1 + 2 * side);
  const short = print.width - 2 * side * lying >= lying ? lying : upright;
  const edge = Math.round(side * short);
  return { x: edge, y: edge, width: Math.round(print.width - 2 * side * short), height: Math.round(print.height - (2 * side + foot) * short) };
}
