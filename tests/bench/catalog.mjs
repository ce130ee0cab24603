// An event of 10,000 frames: how soon is the window usable, what memory does the studio take, does scrolling stay smooth?
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { LAPTOP, launch } from "../e2e/lib/browser.mjs";
import { Studio, headlessProgram, until, workFolder } from "../e2e/lib/studio.mjs";
import { flag, median } from "./figures.mjs";

const FRAMES = flag("frames", 10_000);
const STARTS = flag("starts", 3);
const USABLE_MS = 1_500;
const MEMORY_BYTES = 400_000_000;
const GAP_MS = 50;
const SCROLL_MS = 8_000;
/** Decoded pictures that make a window usable: its first two rows. */
const FIRST_TILES = 12;

/** A process and all its descendants, from /proc. */
function family(pid) {
  const parents = new Map();
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const found = new Set([pid]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [child, parent] of parents) {
      if (found.has(parent) && !found.has(child)) grown = Boolean(found.add(child));
    }
  }
  return [...found];
}

/** Resident memory of the studio with its workers. Pages that they share count once for each: an upper bound. */
function memory(pid) {
  let sum = 0;
  for (const member of family(pid)) {
    try {
      sum += 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${member}/status`, "utf8"))?.[1] ?? 0);
    } catch {
      // It has ended meanwhile.
    }
  }
  return sum;
}

const decodedTiles = () =>
  [...document.querySelectorAll("[data-testid=tile][data-preview=ready] img")].filter((image) => {
    const { top, bottom } = image.getBoundingClientRect();
    return bottom > 0 && top < innerHeight && image.complete && image.naturalWidth > 0;
  }).length;

/** Opens the window's page; gives the moment at which its first rows are decoded, as the page itself sees it. */
async function usableAt(studio, page) {
  await page.goto(studio.operatorUrl, { waitUntil: "commit" });
  // The page's policy forbids what playwright's own waiting does; a loop of ours needs nothing of the kind.
  return page.evaluate(async ([least, within_ms]) => {
    const shown = () =>
      [...document.querySelectorAll("[data-testid=tile][data-preview=ready] img")].filter((image) => image.complete && image.naturalWidth > 0).length;
    const end = performance.now() + within_ms;
    while (shown() < least) {
      if (performance.now() > end) throw new Error(`only ${shown()} pictures within ${within_ms} ms`);
      await new Promise(requestAnimationFrame);
    }
    return performance.timeOrigin + performance.now();
  }, [FIRST_TILES, 60_000]);
}

/** Scrolls as a hand on the wheel does, and gives the gaps between the frames that were drawn meanwhile. */
async function scroll(page) {
  const box = await page.getByTestId("sheet").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate(() => {
    globalThis.gaps = [];
    let last = performance.now();
    const tick = (now) => {
      globalThis.gaps.push(now - last);
      last = now;
      globalThis.scrolling = requestAnimationFrame(tick);
    };
    globalThis.scrolling = requestAnimationFrame(tick);
  });
  const end = Date.now() + SCROLL_MS;
  let wheels = 0;
  while (Date.now() < end) {
    // Down for three quarters of the time, then up again, faster than anybody reads.
    await page.mouse.wheel(0, end - Date.now() > SCROLL_MS / 4 ? 240 : -480);
    wheels += 1;
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
  const gaps = await page.evaluate(() => (cancelAnimationFrame(globalThis.scrolling), globalThis.gaps.slice(1)));
  return { gaps, wheels };
}

function verdict(name, value, unit, limit) {
  const kept = value <= limit;
  console.log(`  ${name.padEnd(52)} ${String(Math.round(value)).padStart(6)} ${unit}   ${kept ? "within" : "OVER"} ${limit} ${unit}`);
  return kept;
}

/** Scrolls, prints every figure, and says whether all are within their limits. */
async function report(studio, page, usable) {
  const { total } = await studio.api("api/frames?limit=1");
  const { gaps, wheels } = await scroll(page);
  await until("pictures after scrolling", () => page.evaluate(decodedTiles));
  console.log(`\n${total} frames, ${STARTS} starts, ${wheels} turns of the wheel, ${gaps.length} drawn frames:`);
  const kept = [
    verdict("start to usable window (median)", median(usable), "ms", USABLE_MS),
    verdict("memory of the studio and its workers", memory(studio.child.pid) / 1e6, "MB", MEMORY_BYTES / 1e6),
    verdict("longest gap while scrolling", Math.max(...gaps), "ms", GAP_MS),
  ];
  console.log(`  ${gaps.filter((gap) => gap > GAP_MS).length} gaps over ${GAP_MS} ms; median gap ${median(gaps).toFixed(1)} ms`);
  return total >= FRAMES && kept.every(Boolean);
}

async function main() {
  const work = workFolder();
  const data = join(work.top, "data");
  console.log(`Filling an event with ${FRAMES} drawn frames ...`);
  execFileSync(headlessProgram, ["seed", "--data", data, "--event", "Benchmark", "--frames", String(FRAMES)], { stdio: ["ignore", "ignore", "inherit"] });
  const browser = await launch();
  const usable = [];
  let kept = true;
  try {
    for (let round = 1; round <= STARTS; round++) {
      const page = await browser.newPage(LAPTOP);
      const studio = await Studio.start({ event: "Benchmark", data, program: headlessProgram });
      try {
        usable.push((await usableAt(studio, page)) - studio.started_ms);
        if (round === STARTS) kept = await report(studio, page, usable);
      } finally {
        await page.close();
        await studio.stop();
      }
    }
  } finally {
    await browser.close();
    work.tidy();
  }
  process.exitCode = kept ? 0 : 1;
}

await main();
