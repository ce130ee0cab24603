// Paints the drawn scene of a frame as linear light, so that the mock can develop it: the same shapes, from the same numbers, as scene.mjs.
import { randomOf, sceneOf } from "./scene.mjs";

const AWNINGS = ["#b5483a", "#d9a441", "#5d7f6a", "#e7e0d2", "#39597d", "#8a5a83"];
const SKINS = ["#f0c9a8", "#d9a27a", "#a9714b", "#7a4d33", "#f4d7bd"];
const CLOTHES = ["#2c3440", "#7d2f33", "#d7c9a7", "#3f5d4f", "#c77b3c", "#e8e6e1", "#54486b"];
const COUNTERS = ["#5d4334", "#4a3a34", "#6d5241"];
const HAIRS = ["#1d1512", "#4a2f1f", "#8a6239", "#cdb78f", "#2b2b30"];
const SUB = 3;

const rgb = (hex) => [1, 3, 5].map((from) => Number.parseInt(hex.slice(from, from + 2), 16) / 255);
const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);

/** `{ width, height, data }`, three floats a pixel, 1 is the white of a screen; lamps are brighter. */
export function paintScene(seed, long_edge_px) {
  const scene = sceneOf(seed);
  const random = randomOf(seed + 7919);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const scale = long_edge_px / Math.max(1200, (1200 * scene.height) / scene.width);
  const w = 1200;
  const h = Math.round((w * scene.height) / scene.width);
  const canvas = { width: Math.round(w * scale), height: Math.round(h * scale), scale };
  canvas.data = new Float32Array(canvas.width * canvas.height * 3);
  const ground = h * (0.68 + random() * 0.12);
  const sky = scene.sky.map(rgb);
  fill(canvas, rect(0, 0, w, h), (_x, y) => mix(sky, y / h));
  fill(canvas, rect(0, ground, w, h - ground), flat("#1d1a1b"), 0.78);
  for (let x = -80 + random() * 60; x < w; x += 230 + random() * 120) stall(canvas, x, ground, 210 + random() * 70, random, pick);
  const lamps = Array.from({ length: 9 }, (_, n) => {
    const x = (n + random()) * (w / 8);
    const y = h * 0.1 + Math.sin(n * 0.8) * 30 + random() * 40;
    return { x, y, r: 40 + random() * 50 };
  });
  for (const lamp of lamps) glow(canvas, lamp.x, lamp.y, lamp.r);
  const people = 1 + Math.floor(random() * 3);
  for (let n = 0; n < people; n += 1) {
    const x = w * (0.5 + (n - (people - 1) / 2) * 0.2 + (random() - 0.5) * 0.08);
    person(canvas, x, h, h * (0.6 + random() * 0.14) * (scene.height > scene.width ? 0.86 : 1), pick);
  }
  lighten(canvas, lamps, random);
  return canvas;
}

/** From the values of a screen to light, with lamps as bright as lamps are, and a sensor's grain. */
function lighten({ data, width, height, scale }, lamps, random) {
  for (let at = 0; at < data.length; at += 1) data[at] = linear(data[at]);
  for (const { x, y, r } of lamps) {
    for (let py = Math.max(0, Math.floor((y - r) * scale)); py < Math.min(height, (y + r) * scale); py += 1) {
      for (let px = Math.max(0, Math.floor((x - r) * scale)); px < Math.min(width, (x + r) * scale); px += 1) {
        const near = 1 - Math.hypot(px / scale - x, py / scale - y) / (r * 0.55);
        if (near <= 0) continue;
        const at = (py * width + px) * 3;
        [3.2, 2.7, 1.7].forEach((most, channel) => (data[at + channel] += most * near ** 3));
      }
    }
  }
  let state = Math.floor(random() * 2 ** 32) | 1;
  for (let at = 0; at < data.length; at += 1) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + at;
    const noise = ((state >>> 8) / 2 ** 24 - 0.5) * 2;
    data[at] = Math.max(0, data[at] + noise * (0.0012 + 0.02 * Math.sqrt(data[at]) * 0.45));
  }
}

function stall(canvas, x, ground, wide, random, pick) {
  const top = ground - 250 - random() * 60;
  const cloth = pick(AWNINGS);
  fill(canvas, rect(x + 6, top + 40, wide - 12, ground - top), flat("#2a2224"), 0.85);
  fill(canvas, rect(x, ground - 70, wide, 96), flat(pick(COUNTERS)));
  for (let at = 0; at < 6; at += 1) {
    const left = x + (at * wide) / 6;
    fill(canvas, [[left, top], [left + wide / 6, top], [left + wide / 6 + 6, top + 46], [left + 6, top + 46]], flat(at % 2 ? "#efe8da" : cloth), 0.92);
  }
  glow(canvas, x + wide / 2, top + 96, 74);
}

function person(canvas, x, floor, tall, pick) {
  const head = tall * 0.12;
  const y = floor - tall;
  const [skin, hair, coat] = [pick(SKINS), pick(HAIRS), pick(CLOTHES)].map(rgb);
  const shade = (colour) => (px) => colour.map((part) => part * (1.06 - 0.5 * Math.max(0, (px - x) / (tall * 0.25))));
  const body = [
    ...bezier([x - tall * 0.21, floor + 10], [x - tall * 0.21, floor + 10 - tall * 0.5], [x - tall * 0.17, floor + 10 - tall * 0.68], [x, floor + 10 - tall * 0.7]),
    ...bezier([x, floor + 10 - tall * 0.7], [x + tall * 0.17, floor + 12 - tall * 0.7], [x + tall * 0.21, floor + 10 - tall * 0.5], [x + tall * 0.21, floor + 10]),
  ];
  fill(canvas, body, shade(coat));
  fill(canvas, rect(x - head * 0.35, y + head * 1.5, head * 0.7, head), shade(skin));
  fill(canvas, ellipse(x, y + head * 0.95, head * 0.82, head * 1.02), shade(hair));
  fill(canvas, ellipse(x, y + head * 1.1, head * 0.68, head * 0.86), shade(skin));
  fill(canvas, ellipse(x, y + head * 1.5, head * 0.24, head * 0.05), flat("#6b2f2a"));
  for (const side of [-1, 1]) fill(canvas, ellipse(x + side * head * 0.26, y + head, head * 0.07, head * 0.07), flat("#20140f"));
}

function glow(canvas, x, y, r) {
  const [inner, middle] = [rgb("#fff3d0"), rgb("#ffd58a")];
  fill(canvas, ellipse(x, y, r, r), (px, py) => {
    const out = Math.min(1, Math.hypot(px - x, py - y) / r);
    const share = out < 0.25 ? out / 0.25 : (out - 0.25) / 0.75;
    const colour = out < 0.25 ? inner.map((part, at) => part + (middle[at] - part) * share) : middle;
    return [...colour, out < 0.25 ? 1 - 0.25 * share : 0.75 * (1 - share)];
  });
}

const flat = rgb;
const rect = (x, y, width, height) => [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
const ellipse = (x, y, rx, ry) => Array.from({ length: 64 }, (_, at) => [x + rx * Math.cos((at * Math.PI) / 32), y + ry * Math.sin((at * Math.PI) / 32)]);
const bezier = (a, b, c, d) =>
  Array.from({ length: 25 }, (_, at) => {
    const [t, s] = [at / 24, 1 - at / 24];
    return [0, 1].map((axis) => s ** 3 * a[axis] + 3 * s * s * t * b[axis] + 3 * s * t * t * c[axis] + t ** 3 * d[axis]);
  });

function mix([top, middle, bottom], share) {
  const [from, to, part] = share < 0.55 ? [top, middle, share / 0.55] : [middle, bottom, (share - 0.55) / 0.45];
  return from.map((value, at) => value + (to[at] - value) * part);
}

/** Fills a polygon, its edges softened by sub-lines; `paint` is a colour, or gives r, g, b and perhaps alpha at a place of the scene. */
function fill({ data, width, height, scale }, points, paint, opacity = 1) {
  const scaled = points.map(([x, y]) => [x * scale, y * scale]);
  const ys = scaled.map(([, y]) => y);
  const cover = new Float32Array(width);
  const plain = Array.isArray(paint);
  for (let row = Math.max(0, Math.floor(Math.min(...ys))); row < Math.min(height, Math.ceil(Math.max(...ys))); row += 1) {
    cover.fill(0);
    for (let sub = 0; sub < SUB; sub += 1) spans(scaled, row + (sub + 0.5) / SUB, width, cover);
    for (let x = 0; x < width; x += 1) {
      if (cover[x] <= 0) continue;
      const colour = plain ? paint : paint((x + 0.5) / scale, (row + 0.5) / scale);
      const [r, g, b] = colour;
      const share = cover[x] * opacity * (colour[3] ?? 1);
      const at = (row * width + x) * 3;
      data[at] += (r - data[at]) * share;
      data[at + 1] += (g - data[at + 1]) * share;
      data[at + 2] += (b - data[at + 2]) * share;
    }
  }
}

function spans(points, y, width, cover) {
  const crossings = [];
  for (let at = 0; at < points.length; at += 1) {
    const [[x0, y0], [x1, y1]] = [points[at], points[(at + 1) % points.length]];
    if (y0 <= y === y1 <= y) continue;
    crossings.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
  }
  crossings.sort((a, b) => a - b);
  for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
    const [from, to] = [Math.max(0, crossings[pair]), Math.min(width, crossings[pair + 1])];
    for (let x = Math.floor(from); x < to; x += 1) cover[x] += (Math.min(to, x + 1) - Math.max(from, x)) / SUB;
  }
}
