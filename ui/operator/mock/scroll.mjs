// Measures the sheet with many frames in Chromium: time until it can be used, and the longest drawn picture while scrolling.
//   node mock/scroll.mjs [--frames 10000] [--pictures DIR]
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { startMock } from "./server.mjs";

const { values } = parseArgs({ options: { frames: { type: "string" }, pictures: { type: "string" } } });
const mock = await startMock({ frames: Number(values.frames ?? 10_000), rate: 2, pictures: values.pictures });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"], headless: true });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const begun = performance.now();
await page.goto(`${mock.url}/#key=${mock.key}`);
await page.waitForSelector("[data-testid=tile] img");
const usable = performance.now() - begun;

/** Scrolls by a step each drawn picture and gives the times between pictures, in ms. */
const run = (step, pictures) =>
  page.evaluate(
    ([by, count]) =>
      new Promise((resolve) => {
        const sheet = document.querySelector("[data-testid=sheet]");
        const gaps = [];
        let last = 0;
        const tick = (now) => {
          if (last > 0) gaps.push(now - last);
          last = now;
          sheet.scrollTop += by;
          if (gaps.length < count) requestAnimationFrame(tick);
          else resolve(gaps);
        };
        requestAnimationFrame(tick);
      }),
    [step, pictures],
  );
const report = (name, gaps) => {
  const sorted = [...gaps].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
  process.stdout.write(`${name}: median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms, over 50 ms: ${gaps.filter((gap) => gap > 50).length} of ${gaps.length}\n`);
};
process.stdout.write(`usable after ${usable.toFixed(0)} ms\n`);
report("while the rest loads, slow", await run(24, 240));
report("slow (24 px a picture)", await run(24, 300));
report("fast (300 px a picture)", await run(300, 300));
report("flying (3000 px a picture)", await run(-3000, 120));
const heap = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
process.stdout.write(`page heap ${(heap / 1e6).toFixed(0)} MB, ${nodes} elements\n`);
await browser.close();
await mock.close();
