// The geometry of a crop in a picture that is turned. Pure.
//
// Units: the picture is 1 high and `aspect` wide, its middle is (0, 0), y points down. The content is turned clockwise
// about that middle; the crop stays upright. It must lie inside the turned content, so that no corner is empty, and inside
// the upright picture's own box, because a recipe counts it in shares of that.
import type { Crop, Geometry } from "../model";
import { clamp } from "./recipe";

/** An upright box by its middle. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Picture {
  /** Width through height of the upright picture. */
  aspect: number;
  /** Clockwise. */
  deg: number;
}

export type Handle = "n" | "e" | "s" | "w" | "nw" | "ne" | "sw" | "se";

/** Smallest side of a crop, in heights of the picture. */
const SIDE_MIN = 0.06;
const TINY = 1e-9;

const RATIO_VALUES = { original: null, "3:2": 3 / 2, "4:3": 4 / 3, "1:1": 1, "4:5": 5 / 4, "16:9": 16 / 9, free: null } as const;
export type Ratio = keyof typeof RATIO_VALUES;
export const RATIOS = Object.keys(RATIO_VALUES) as Ratio[];

/** Width through height of a named ratio, lying or upright; null: any. */
export function ratioValue(ratio: Ratio, aspect: number, upright: boolean): number | null {
  if (ratio === "free") return null;
  const value = RATIO_VALUES[ratio] ?? Math.max(aspect, 1 / aspect);
  return upright ? 1 / value : value;
}

/** Which named ratio a box has; free: none of them. */
export function ratioOf(box: Box, aspect: number): Ratio {
  const value = Math.max(box.width / box.height, box.height / box.width);
  const near = (ratio: Ratio) => Math.abs((ratioValue(ratio, aspect, false) ?? 0) / value - 1) < 0.004;
  return RATIOS.find(near) ?? "free";
}

export const isUpright = (box: Box) => box.height > box.width;

export function boxOf(crop: Crop | null, aspect: number): Box {
  if (!crop) return { x: 0, y: 0, width: aspect, height: 1 };
  return {
    x: (crop.x + crop.width / 2 - 0.5) * aspect,
    y: crop.y + crop.height / 2 - 0.5,
    width: crop.width * aspect,
    height: crop.height,
  };
}

export function geometryOf(box: Box, { aspect, deg }: Picture): Geometry {
  const width = clamp(box.width / aspect, 0, 1);
  const height = clamp(box.height, 0, 1);
  const x = clamp(box.x / aspect + 0.5 - width / 2, 0, 1 - width);
  const y = clamp(box.y + 0.5 - height / 2, 0, 1 - height);
  const whole = width > 1 - 1e-6 && height > 1 - 1e-6;
  return { crop: whole ? null : { x, y, width, height }, straighten_deg: deg };
}

/** The half-planes that a corner must stay in: `x * a + y * b <= most`, both ways. */
function walls({ aspect, deg }: Picture): { a: number; b: number; most: number }[] {
  const turn = (deg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return [
    { a: cos, b: sin, most: aspect / 2 },
    { a: -sin, b: cos, most: 0.5 },
    { a: 1, b: 0, most: aspect / 2 },
    { a: 0, b: 1, most: 0.5 },
  ];
}

/** How far the outermost corner of a box lies along (a, b), counted from `x * a + y * b` of its middle. */
const reach = (box: Box, a: number, b: number) => (Math.abs(a) * box.width + Math.abs(b) * box.height) / 2;

export function inside(box: Box, picture: Picture, slack = 1e-6): boolean {
  return walls(picture).every(({ a, b, most }) => Math.abs(a * box.x + b * box.y) + reach(box, a, b) <= most + slack);
}

/** From `from`, which is inside, as far towards `to` as it stays inside. */
function towards(from: Box, to: Box, picture: Picture): Box {
  let share = 1;
  for (const { a, b, most } of walls(picture)) {
    for (const sign of [1, -1]) {
      // A box between the two has a reach between theirs, as its sides are.
      const begun = sign * (a * from.x + b * from.y) + reach(from, a, b);
      const ended = sign * (a * to.x + b * to.y) + reach(to, a, b);
      if (ended > most + TINY && ended > begun + TINY) share = Math.min(share, Math.max(0, (most - begun) / (ended - begun)));
    }
  }
  const mix = (start: number, end: number) => start + (end - start) * share;
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), width: mix(from.width, to.width), height: mix(from.height, to.height) };
}

/** Like `towards`, and where a wall stops it, along the wall. */
function along(from: Box, to: Box, picture: Picture): Box {
  const both = towards(from, to, picture);
  const across = towards(both, { ...both, x: to.x, width: to.width }, picture);
  return towards(across, { ...across, y: to.y, height: to.height }, picture);
}

/** The largest box of a ratio around the picture's middle; without a ratio that of the picture. */
export function largest(picture: Picture, ratio: number | null): Box {
  const shape = ratio ?? picture.aspect;
  const height = Math.min(...walls(picture).map(({ a, b, most }) => (2 * most) / (Math.abs(a) * shape + Math.abs(b))));
  return { x: 0, y: 0, width: height * shape, height };
}

function isLargest(box: Box, picture: Picture): boolean {
  const most = largest(picture, box.width / box.height);
  return Math.abs(box.x) + Math.abs(box.y) < 2e-3 && box.height > most.height - 2e-3;
}

/** The box made so small, around its own middle, that it is inside. */
export function fitted(box: Box, picture: Picture): Box {
  if (inside(box, picture)) return box;
  const centre = towards({ x: 0, y: 0, width: 0, height: 0 }, { x: box.x, y: box.y, width: 0, height: 0 }, picture);
  const made = towards({ ...centre, width: 0, height: 0 }, { ...box, x: centre.x, y: centre.y }, picture);
  // Where its middle lies at an edge nothing of it is left: then as much as there is of the same shape.
  return Math.min(made.width, made.height) < SIDE_MIN ? largest(picture, box.width / box.height) : made;
}

export const moved = (box: Box, dx: number, dy: number, picture: Picture): Box =>
  along(fitted(box, picture), { ...fitted(box, picture), x: box.x + dx, y: box.y + dy }, picture);

/** A handle was drawn by (dx, dy): the opposite side stays; with a ratio, the shape stays too. */
export function resized(start: Box, handle: Handle, dx: number, dy: number, picture: Picture, ratio: number | null): Box {
  const box = fitted(start, picture);
  const [east, west, north, south] = ["e", "w", "n", "s"].map((side) => handle.includes(side));
  let width = Math.max(SIDE_MIN, box.width + (east ? dx : west ? -dx : 0));
  let height = Math.max(SIDE_MIN, box.height + (south ? dy : north ? -dy : 0));
  if (ratio !== null) {
    const corner = handle.length === 2;
    if (corner ? width < height * ratio : north || south) width = height * ratio;
    height = width / ratio;
    if (Math.min(width, height) < SIDE_MIN) {
      width = Math.max(SIDE_MIN, SIDE_MIN * ratio);
      height = width / ratio;
    }
  }
  const x = east ? box.x + (width - box.width) / 2 : west ? box.x - (width - box.width) / 2 : box.x;
  const y = south ? box.y + (height - box.height) / 2 : north ? box.y - (height - box.height) / 2 : box.y;
  const wanted = { x, y, width, height };
  return ratio === null ? along(box, wanted, picture) : towards(box, wanted, picture);
}

/** Another shape: of the same area, and the largest where it was the largest before. */
export function reshaped(box: Box, picture: Picture, ratio: number | null): Box {
  if (ratio === null) return fitted(box, picture);
  if (isLargest(box, picture)) return largest(picture, ratio);
  const height = Math.sqrt((box.width * box.height) / ratio);
  return fitted({ ...box, width: height * ratio, height }, picture);
}

/** The picture under the box is turned to another angle. */
export function turned(box: Box, from: Picture, deg: number): Box {
  const picture = { ...from, deg };
  return isLargest(box, from) ? largest(picture, box.width / box.height) : fitted(box, picture);
}
