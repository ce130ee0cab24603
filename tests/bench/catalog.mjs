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

/** Starts the studio on the folder and opens the window's page in a browser that is already there. */
async function start(data, page) {
  const studio = await Studio.start({ event: "Benchmark", data, program: headlessProgram });
  await page.goto(studio.operatorUrl, { waitUntil: "commit" });
  await page.waitForFunction(`(${decodedTiles})() >= 8`, null, { polling: "raf", timeout: 60_000 });
  return { studio, usable_ms: Date.now() - studio.started_ms };
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

async function main() {
  const work = workFolder();
  const data = join(work.top, "data");
  console.log(`Filling an event with ${FRAMES} drawn frames ...`);
  execFileSync(headlessProgram, ["seed", "--data", data, "--event", "Benchmark", "--frames", String(FRAMES)], { stdio: ["ignore", "ignore", "inherit"] });
  const browser = await launch();
  const usable = [];
  let kept = true;
  try {
    for (let round = 0; round < STARTS; round++) {
      const page = await browser.newPage(LAPTOP);
      const { studio, usable_ms } = await start(data, page);
      usable.push(usable_ms);
      if (round === STARTS - 1) {
        const { total } = await studio.api("api/frames?limit=1");
        const { gaps, wheels } = await scroll(page);
        await until("pictures after scrolling", () => page.evaluate(decodedTiles));
        console.log(`\n${total} frames, ${STARTS} starts, ${wheels} turns of the wheel, ${gaps.length} drawn frames:`);
        kept = verdict("start to usable window (median)", median(usable), "ms", USABLE_MS) && kept;
        kept = verdict("memory of the studio and its workers", memory(studio.child.pid) / 1e6, "MB", MEMORY_BYTES / 1e6) && kept;
        kept = verdict("longest gap while scrolling", Math.max(...gaps), "ms", GAP_MS) && kept;
        console.log(`  ${gaps.filter((gap) => gap > GAP_MS).length} gaps over ${GAP_MS} ms; median gap ${median(gaps).toFixed(1)} ms`);
        kept = kept && total >= FRAMES;
      }
      await page.close();
      await studio.stop();
    }
  } finally {
    await browser.close();
    work.tidy();
  }
  process.exitCode = kept ? 0 : 1;
}

await main();
