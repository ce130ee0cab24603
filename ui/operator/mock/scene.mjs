// Draws a night market as SVG, another one for each seed: so that the sheet can be looked at without a camera.

/** A small generator of the same numbers for the same seed (mulberry32). */
export function randomOf(seed) {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const SKIES = [
  ["#0d1526", "#3b2f4f", "#8c4f4a"],
  ["#16202c", "#35506b", "#c98a5a"],
  ["#0a0d14", "#1c2230", "#3d3a45"],
  ["#5f8fb8", "#a9c6d8", "#e9d9bd"],
  ["#241a1f", "#6d3a2c", "#d08a3c"],
];
const AWNINGS = ["#b5483a", "#d9a441", "#5d7f6a", "#e7e0d2", "#39597d", "#8a5a83"];
const SKINS = ["#f0c9a8", "#d9a27a", "#a9714b", "#7a4d33", "#f4d7bd"];
const CLOTHES = ["#2c3440", "#7d2f33", "#d7c9a7", "#3f5d4f", "#c77b3c", "#e8e6e1", "#54486b"];

/** Facts of the drawn frame: its size in px, and the colours from top to bottom. */
export function sceneOf(seed) {
  const random = randomOf(seed);
  const upright = random() < 0.34;
  const sky = SKIES[Math.floor(random() * SKIES.length)];
  return { width: upright ? 4000 : 6000, height: upright ? 6000 : 4000, sky };
}

export function drawScene(seed, width) {
  const scene = sceneOf(seed);
  const random = randomOf(seed + 7919);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const w = 1200;
  const h = Math.round((w * scene.height) / scene.width);
  const ground = h * (0.68 + random() * 0.12);
  const parts = [
    `<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${scene.sky[0]}"/><stop offset=".55" stop-color="${scene.sky[1]}"/><stop offset="1" stop-color="${scene.sky[2]}"/></linearGradient>`,
    `<radialGradient id="l"><stop stop-color="#fff3d0"/><stop offset=".25" stop-color="#ffd58a" stop-opacity=".75"/><stop offset="1" stop-color="#ffb24a" stop-opacity="0"/></radialGradient></defs>`,
    `<rect width="${w}" height="${h}" fill="url(#s)"/>`,
    `<rect y="${ground}" width="${w}" height="${h - ground}" fill="#1d1a1b" opacity=".78"/>`,
  ];
  for (let x = -80 + random() * 60; x < w; x += 230 + random() * 120) parts.push(stall(x, ground, 210 + random() * 70, random, pick));
  for (let n = 0; n < 9; n += 1) {
    const x = (n + random()) * (w / 8);
    const y = h * 0.1 + Math.sin(n * 0.8) * 30 + random() * 40;
    parts.push(`<circle cx="${x}" cy="${y}" r="${40 + random() * 50}" fill="url(#l)"/>`);
  }
  const people = 1 + Math.floor(random() * 3);
  const big = scene.height > scene.width ? 1.5 : 1;
  for (let n = 0; n < people; n += 1) {
    const x = w * (0.5 + (n - (people - 1) / 2) * 0.2 + (random() - 0.5) * 0.08);
    parts.push(person(x, h, h * (0.6 + random() * 0.14) * (big > 1 ? 0.86 : 1), random, pick));
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${width}" height="${Math.round((width * h) / w)}">${parts.join("")}</svg>`;
}

function stall(x, ground, wide, random, pick) {
  const top = ground - 250 - random() * 60;
  const cloth = pick(AWNINGS);
  const stripes = Array.from({ length: 6 }, (_, at) => {
    const left = x + (at * wide) / 6;
    return `<path d="M${left} ${top}h${wide / 6}l6 46h-${wide / 6}z" fill="${at % 2 ? "#efe8da" : cloth}" opacity=".92"/>`;
  });
  return `<rect x="${x + 6}" y="${top + 40}" width="${wide - 12}" height="${ground - top}" fill="#2a2224" opacity=".85"/>
<rect x="${x}" y="${ground - 70}" width="${wide}" height="96" fill="${pick(["#5d4334", "#4a3a34", "#6d5241"])}"/>${stripes.join("")}
<circle cx="${x + wide / 2}" cy="${top + 96}" r="74" fill="url(#l)"/>`;
}

function person(x, floor, tall, random, pick) {
  const head = tall * 0.12;
  const y = floor - tall;
  const skin = pick(SKINS);
  const hair = pick(["#1d1512", "#4a2f1f", "#8a6239", "#cdb78f", "#2b2b30"]);
  const coat = pick(CLOTHES);
  return `<path d="M${x - tall * 0.21} ${floor + 10}c0-${tall * 0.5} ${tall * 0.04}-${tall * 0.68} ${tall * 0.21}-${tall * 0.7}c${tall * 0.17} 2 ${tall * 0.21} ${tall * 0.2} ${tall * 0.21} ${tall * 0.7}z" fill="${coat}"/>
<rect x="${x - head * 0.35}" y="${y + head * 1.5}" width="${head * 0.7}" height="${head}" fill="${skin}"/>
<ellipse cx="${x}" cy="${y + head * 0.95}" rx="${head * 0.82}" ry="${head * 1.02}" fill="${hair}"/>
<ellipse cx="${x}" cy="${y + head * 1.1}" rx="${head * 0.68}" ry="${head * 0.86}" fill="${skin}"/>
<path d="M${x - head * 0.25} ${y + head * 1.42}q${head * 0.25} ${head * 0.24} ${head * 0.5} 0" fill="none" stroke="#6b2f2a" stroke-width="${head * 0.07}" stroke-linecap="round"/>
<circle cx="${x - head * 0.26}" cy="${y + head}" r="${head * 0.07}" fill="#20140f"/><circle cx="${x + head * 0.26}" cy="${y + head}" r="${head * 0.07}" fill="#20140f"/>`;
}
