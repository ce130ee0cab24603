// Develops the painted scenes as a recipe says, roughly: so that every slider of the Look place does something to look at.
import { paintScene } from "./raster.mjs";

const BASE_EDGE_PX = 1400;
const SESSIONS = 2;
export const AS_SHOT = { temperature_k: 4350, tint: 6 };

const clamp = (value, least, most) => Math.min(most, Math.max(least, value));
const smooth = (from, to, value) => {
  const share = clamp((value - from) / (to - from), 0, 1);
  return share * share * (3 - 2 * share);
};
const encode = (v) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);

/** Painted scenes, the last two: as the studio keeps sessions. */
const sessions = new Map();
function sceneFor(seed) {
  const known = sessions.get(seed) ?? paintScene(seed, BASE_EDGE_PX);
  sessions.delete(seed);
  sessions.set(seed, known);
  if (sessions.size > SESSIONS) sessions.delete(sessions.keys().next().value);
  return known;
}

/** `{ width, height, rgb, histogram }`: bytes of a screen, 3 a pixel, and 3 x 256 counts. */
export function developScene(seed, recipe, long_edge_px) {
  const base = sceneFor(seed);
  const picture = placed(base, recipe, long_edge_px);
  const { inner, print } = picture;
  const rgb = new Uint8ClampedArray(print.width * print.height * 3);
  if (recipe.frame) for (let at = 0; at < rgb.length; at += 1) rgb[at] = recipe.frame.colour[at % 3];
  const [light, gains] = [lightCurve(recipe), balanceGains(base, recipe.white_balance)];
  const { saturation, vibrance } = recipe.colour;
  const turn = ((recipe.geometry.straighten_deg ?? 0) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const sample = [0, 0, 0];
  for (let y = 0; y < inner.height; y += 1) {
    for (let x = 0; x < inner.width; x += 1) {
      const fx = (picture.crop.x + ((x + 0.5) / inner.width) * picture.crop.width - 0.5) * base.width;
      const fy = (picture.crop.y + ((y + 0.5) / inner.height) * picture.crop.height - 0.5) * base.height;
      read(base, fx * cos + fy * sin + base.width / 2 - 0.5, -fx * sin + fy * cos + base.height / 2 - 0.5, sample);
      const r = light(sample[0] * gains[0]);
      const g = light(sample[1] * gains[1]);
      const b = light(sample[2] * gains[2]);
      const grey = 0.2126 * r + 0.7152 * g + 0.0722 * b;
      const strong = Math.max(r, g, b) - Math.min(r, g, b);
      const more = saturation === -100 ? 0 : Math.max(0, 1 + saturation / 100 + (vibrance / 100) * (1 - strong));
      const at = ((y + inner.y) * print.width + x + inner.x) * 3;
      rgb[at] = (grey + (r - grey) * more) * 255;
      rgb[at + 1] = (grey + (g - grey) * more) * 255;
      rgb[at + 2] = (grey + (b - grey) * more) * 255;
    }
  }
  if (recipe.watermark) stamp(rgb, print, inner, recipe.watermark);
  return { ...print, rgb, histogram: count(rgb) };
}

/** Sizes in px: of the picture, and of the print with its border. */
function placed(base, { geometry, frame }, long_edge_px) {
  const crop = geometry.crop ?? { x: 0, y: 0, width: 1, height: 1 };
  const aspect = (crop.width * base.width) / (crop.height * base.height);
  const [side, foot] = [(frame?.width_percent ?? 0) / 100, (frame?.foot_percent ?? 0) / 100];
  const short = Math.min(1, aspect);
  const unit = long_edge_px / Math.max(aspect + 2 * side * short, 1 + (2 * side + foot) * short);
  const edge = Math.round(side * short * unit);
  const inner = { x: edge, y: edge, width: Math.max(1, Math.round(aspect * unit)), height: Math.max(1, Math.round(unit)) };
  return { crop, inner, print: { width: inner.width + 2 * edge, height: inner.height + 2 * edge + Math.round(foot * short * unit) } };
}

/** Between four pixels. Hot: it runs for each pixel of each picture, so it calls nothing. */
function read({ data, width, height }, x, y, into) {
  const px = x < 0 ? 0 : x > width - 1 ? width - 1 : x;
  const py = y < 0 ? 0 : y > height - 1 ? height - 1 : y;
  const [left, top] = [px | 0, py | 0];
  const [dx, dy] = [px - left, py - top];
  const at = (top * width + left) * 3;
  const right = left < width - 1 ? 3 : 0;
  const below = top < height - 1 ? width * 3 : 0;
  for (let c = at; c < at + 3; c += 1) {
    const upper = data[c] + (data[c + right] - data[c]) * dx;
    const lower = data[c + below] + (data[c + below + right] - data[c + below]) * dx;
    into[c - at] = upper + (lower - upper) * dy;
  }
}

/** Exposure, black, contrast, shadows, highlights, base curve and the screen's encoding as one table. */
function lightCurve({ exposure, tone }) {
  const SIZE = 4096;
  const MOST = 8;
  const table = new Float32Array(SIZE + 1);
  const gain = 2 ** exposure.ev * (exposure.auto ? 1.25 : 0.85);
  for (let at = 0; at <= SIZE; at += 1) {
    let v = (at / SIZE) ** 2 * MOST * gain;
    v = Math.max(0, v + (tone.black / 100) * 0.02);
    v = 0.18 * (v / 0.18) ** (1 + tone.contrast / 160);
    v *= 2 ** ((tone.shadows / 100) * 1.6 * (1 - smooth(0, 0.32, encode(Math.min(1, v)))) * smooth(0, 0.1, encode(Math.min(1, v)) + 0.05));
    v *= 2 ** ((tone.highlights / 100) * 1.5 * smooth(0.45, 1, encode(Math.min(1, v))));
    if (tone.base === "camera") v = v < 0.4 ? v : 0.4 + 0.6 * Math.tanh((v - 0.4) / 0.75);
    if (tone.base === "soft") v = (v * 1.35) / (1 + v * 0.55);
    const shown = encode(clamp(v, 0, 1));
    table[at] = tone.base === "camera" ? shown + 0.05 * Math.sin(2 * Math.PI * (shown - 0.5)) * 0.6 : shown;
  }
  return (v) => table[v >= MOST ? SIZE : (Math.sqrt(v / MOST) * SIZE + 0.5) | 0];
}

function balanceGains(base, balance) {
  if (balance.mode === "kelvin") {
    const warm = (1e6 / AS_SHOT.temperature_k - 1e6 / balance.temperature_k) / 170;
    return [2 ** (warm * 0.7), 2 ** ((AS_SHOT.tint - balance.tint) / 220), 2 ** -warm];
  }
  if (balance.mode === "grey") return [balance.red, 1, balance.blue];
  if (balance.mode === "auto") {
    const sums = [0, 0, 0];
    for (let at = 0; at < base.data.length; at += 3 * 97) for (let c = 0; c < 3; c += 1) sums[c] += Math.min(1, base.data[at + c]);
    return [(sums[1] / sums[0]) ** 0.5, 1, (sums[1] / sums[2]) ** 0.5];
  }
  return [1, 1, 1];
}

/** Gains that make the place grey; null where it is too dark or too bright to tell. */
export function greyAt(seed, { x, y, recipe }) {
  const base = sceneFor(seed);
  const { inner, print, crop } = placed(base, recipe, 1000);
  const [sx, sy] = [(x * print.width - inner.x) / inner.width, (y * print.height - inner.y) / inner.height];
  const turn = ((recipe.geometry.straighten_deg ?? 0) * Math.PI) / 180;
  const fx = (crop.x + sx * crop.width - 0.5) * base.width;
  const fy = (crop.y + sy * crop.height - 0.5) * base.height;
  const sample = [0, 0, 0];
  read(base, fx * Math.cos(turn) + fy * Math.sin(turn) + base.width / 2, -fx * Math.sin(turn) + fy * Math.cos(turn) + base.height / 2, sample);
  if (Math.max(...sample) > 0.98 || Math.min(...sample) < 0.002) return null;
  return { red: sample[1] / sample[0], blue: sample[1] / sample[2] };
}

/** The text as blocks: the mock has no letters to set. */
function stamp(rgb, print, inner, { text, corner, size_percent, opacity }) {
  const tall = Math.max(4, Math.round((Math.min(inner.width, inner.height) * size_percent) / 100));
  const [wide, gap] = [Math.round(tall * 0.42), Math.max(1, Math.round(tall * 0.14))];
  const length = [...text].length * (wide + gap);
  const left = corner.includes("left") ? tall : corner.includes("centre") ? (inner.width - length) / 2 : inner.width - length - tall;
  const top = corner.startsWith("top") ? tall : inner.height - 2 * tall;
  [...text].forEach((char, at) => {
    const high = char === " " ? 0 : /[a-z]/.test(char) ? 0.7 : 1;
    for (let y = Math.round(top + tall * (1 - high)); y < top + tall; y += 1) {
      for (let x = Math.round(left + at * (wide + gap)); x < left + at * (wide + gap) + wide; x += 1) {
        if (x < 0 || y < 0 || x >= inner.width || y >= inner.height) continue;
        const to = ((Math.round(y) + inner.y) * print.width + x + inner.x) * 3;
        for (let c = 0; c < 3; c += 1) rgb[to + c] += ((255 - rgb[to + c]) * opacity) / 100;
      }
    }
  });
}

function count(rgb) {
  const bins = new Uint32Array(3 * 256);
  for (let at = 0; at < rgb.length; at += 1) bins[(at % 3) * 256 + rgb[at]] += 1;
  return bins;
}

/** As a BMP: a browser reads it, and nobody has to write a JPEG encoder for a mock. */
export function bmp({ width, height, rgb }) {
  const stride = Math.ceil((width * 3) / 4) * 4;
  const bytes = Buffer.alloc(54 + stride * height);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(-height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [from, to] = [(y * width + x) * 3, 54 + y * stride + x * 3];
      bytes[to] = rgb[from + 2];
      bytes[to + 1] = rgb[from + 1];
      bytes[to + 2] = rgb[from];
    }
  }
  return bytes;
}
