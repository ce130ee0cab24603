// Debian's Chromium, as a phone and as an operator's browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A phone of 2021: what a guest holds. */
export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, isMobile: true, hasTouch: true };
/** A laptop's screen. */
export const LAPTOP = { viewport: { width: 1440, height: 900 } };

export function launch() {
  // Everything that is opened here is our own; as root, Chromium's sandbox does not start.
  return chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
}

/** Fails where axe finds a serious or critical fault. */
export async function accessible(page, what) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const faults = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(" | ")}`);
  assert.deepEqual(faults, [], `axe on ${what}`);
}

/** Collects what a page says to its console as errors; a test asks for it at its end. */
export function complaints(page) {
  const found = [];
  // A picture that a developed one has just replaced may be asked for once more: its address is gone, and the page takes the next.
  const replaced = (message) => message.text().includes("404") && /^\/(api\/pixels|i)\//.test(new URL(message.location().url || "a:").pathname);
  page.on("console", (message) => message.type() === "error" && !replaced(message) && found.push(message.text()));
  page.on("pageerror", (error) => found.push(String(error)));
  return found;
}

/** Whether an <img> holds a decoded picture. Runs in the page. */
export const isDecoded = (image) => image.complete && image.naturalWidth > 0;
