// Opens the built page in Chromium over the mock studio, walks through its states, takes a screenshot of each and runs axe.
//   node mock/look.mjs [--out DIR] [--only NAME]      (CHROMIUM: path of the browser, /usr/bin/chromium)
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { startMock } from "./server.mjs";

const { values } = parseArgs({ options: { out: { type: "string" }, only: { type: "string" }, pictures: { type: "string" } } });
const out = values.out ?? "/tmp/boothlight-look";
mkdirSync(out, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"], headless: true });
let serious = 0;

/** One state: a studio, a theme, and what to do before looking. */
async function look(name, { studio = {}, theme = "dark", act = async () => {}, size = { width: 1440, height: 900 } } = {}) {
  if (values.only && !name.includes(values.only)) return;
  const mock = await startMock({ pictures: values.pictures, ...studio });
  const context = await browser.newContext({ viewport: size, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && !message.text().includes("404") && console.log(`  ${name}: ${message.text()}`));
  page.on("pageerror", (error) => console.log(`  ${name}: ${error}`));
  await page.addInitScript((kept) => localStorage.setItem("boothlight.theme", kept), theme);
  await page.goto(`${mock.url}/#key=${mock.key}`);
  await page.waitForSelector("[data-testid=sheet]");
  if (studio.frames !== 0) await page.waitForSelector("[data-testid=tile] img");
  await page.waitForTimeout(500);
  await act(page, mock);
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(out, `${name}.png`) });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  for (const { id, impact, nodes } of violations) {
    if (impact === "serious" || impact === "critical") serious += 1;
    console.log(`  ${name}: axe ${impact} ${id}: ${nodes.length}x ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary?.split("\n")[1] ?? ""}`);
  }
  console.log(`${name}: looked`);
  await context.close();
  await mock.close();
}

const tile = (page, index) => page.locator(`[data-index="${index}"]`);
await look("empty", { studio: { frames: 0, attention: 0, phones: 0 } });
await look("thirty", { studio: { frames: 30 } });
await look("light", { studio: { frames: 400 }, theme: "light", act: (page) => tile(page, 3).click() });
await look("daylight", { studio: { frames: 400, gone: true }, theme: "daylight", act: (page) => tile(page, 3).click() });
await look("many", { studio: { frames: 10_000, gone: true }, act: (page) => tile(page, 7).click() });
await look("small", { studio: { frames: 2000 }, act: async (page) => { for (let n = 0; n < 3; n += 1) await page.keyboard.press("-"); await tile(page, 3).click(); await tile(page, 40).click({ modifiers: ["Shift"] }); } });
await look("held", { studio: { frames: 600 }, act: async (page, mock) => { await page.mouse.move(500, 500); await page.mouse.wheel(0, 900); await page.waitForTimeout(200); for (let n = 0; n < 12; n += 1) mock.shoot(); await page.waitForTimeout(600); } });
await look("arriving", { studio: { frames: 40 }, act: async (page, mock) => { for (let n = 0; n < 3; n += 1) mock.shoot(); await page.waitForTimeout(300); mock.shoot(); mock.shoot(); await page.waitForTimeout(60); } });
await look("loupe", { studio: { frames: 30 }, act: async (page) => { await tile(page, 4).click(); await page.keyboard.press("Space"); await page.waitForSelector("[data-testid=loupe][data-ready=true]"); } });
await look("loupe-zoom", { studio: { frames: 30 }, act: async (page) => { await tile(page, 4).click(); await page.keyboard.press("Space"); await page.waitForSelector("[data-testid=loupe][data-ready=true]"); await page.keyboard.press("z"); } });
await look("attention", { studio: { frames: 30, attention: 3 }, act: (page) => page.getByTestId("attention-tab").click() });
await look("attention-none", { studio: { frames: 30, attention: 0 }, act: (page) => page.getByTestId("attention-tab").click() });
await look("palette", { studio: { frames: 400 }, act: async (page) => { await page.keyboard.press("Control+k"); } });
await look("palette-find", { studio: { frames: 400 }, act: async (page) => { await page.keyboard.press("Control+k"); await page.keyboard.type("41"); } });
await look("keys", { studio: { frames: 30 }, act: (page) => page.keyboard.press("?") });
await look("ticket", { studio: { frames: 60 }, act: async (page) => { await page.keyboard.press("t"); await page.waitForSelector("[data-testid=ticket-code]"); } });
await look("ticket-large", { studio: { frames: 60 }, act: async (page) => { await page.keyboard.press("t"); await page.getByText("Show large").click(); } });
await look("join-large", { studio: { frames: 60 }, act: (page) => page.keyboard.press("j") });
await look("assign", { studio: { frames: 60 }, act: async (page) => { await tile(page, 2).click(); await page.keyboard.press("Shift+ArrowRight"); await page.keyboard.press("m"); } });
await look("moved", { studio: { frames: 60 }, act: async (page) => { await tile(page, 2).click(); await page.keyboard.press("Shift+ArrowRight"); await page.keyboard.press("m"); await page.keyboard.press("Enter"); } });
await look("story-disk", { studio: { frames: 60 }, act: async (page) => { await page.waitForTimeout(2500); await page.getByTestId("pulse-disk").click(); } });
await look("story-sources", { studio: { frames: 60, gone: true }, theme: "light", act: async (page) => { await page.waitForTimeout(2500); await page.getByTestId("pulse-source").first().click(); } });
await look("setup", { studio: { frames: 60 }, act: (page) => page.keyboard.press("2") });
await look("setup-light", { studio: { frames: 0, phones: 0, gone: true }, theme: "light", act: (page) => page.keyboard.press("2") });
await look("lost", { studio: { frames: 60 }, act: async (page, mock) => { await mock.close(); await page.waitForTimeout(1500); mock.close = async () => {}; } });
await look("failed", { studio: { frames: 60 }, act: async (page) => { await page.keyboard.press("/"); await page.keyboard.type("4023"); await page.keyboard.press("Enter"); } });
await look("narrow", { studio: { frames: 60, gone: true }, size: { width: 1100, height: 700 }, act: (page) => tile(page, 2).click() });
await browser.close();
console.log(`${serious} serious or critical findings`);
process.exitCode = serious > 0 ? 1 : 0;
