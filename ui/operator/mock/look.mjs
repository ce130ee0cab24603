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
async function look(name, { studio = {}, theme = "dark", key, act = async () => {}, size = { width: 1440, height: 900 } } = {}) {
  if (values.only && !name.includes(values.only)) return;
  const mock = await startMock({ pictures: values.pictures, ...studio });
  const context = await browser.newContext({ viewport: size, reducedMotion: "reduce" });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && !/40[14]|422|500/.test(message.text()) && console.log(`  ${name}: ${message.text()}`));
  page.on("pageerror", (error) => console.log(`  ${name}: ${error}`));
  await page.addInitScript((kept) => localStorage.setItem("boothlight.theme", kept), theme);
  await page.goto(`${mock.url}/${key === "" ? "" : `#key=${key ?? mock.key}`}`);
  await page.waitForSelector(key === undefined ? "[data-testid=sheet]" : "#key");
  if (studio.frames !== 0 && !studio.broken && key === undefined) await page.waitForSelector("[data-testid=tile] img");
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
const BIG = { width: 1920, height: 1080 };
const LAPTOP = { width: 1280, height: 800 };
/** Into the Look place with the frame of that tile, once its developed picture is there. */
const develop = (index, then = async () => {}) => async (page, mock) => {
  await tile(page, index).click();
  await page.keyboard.press("2");
  await page.locator("[data-testid=look-stage][data-ready=true]").waitFor();
  await then(page, mock);
};
/** Does something, and waits for the picture that it makes. */
const changed = async (page, act) => {
  const stage = page.getByTestId("look-stage");
  const key = await stage.getAttribute("data-key");
  await act();
  await page.waitForFunction((last) => document.querySelector("[data-testid=look-stage]")?.getAttribute("data-key") !== last, key);
  await page.waitForTimeout(900);
};
const slide = async (page, name, keys) => {
  await page.getByRole("slider", { name, exact: true }).focus();
  await changed(page, async () => { for (const key of keys) await page.keyboard.press(key); });
};
const openSections = async (page, ...names) => { for (const name of names) await page.getByTestId("look-panel").getByRole("button", { name: new RegExp(`^${name}`), expanded: true }).or(page.getByTestId("look-panel").getByRole("button", { name: new RegExp(`^${name}`), expanded: false })).first().click(); };
const MINIMAL = { width: 800, height: 560 };
const goSetUp = (page) => page.keyboard.press("3");
const story = (name) => async (page) => { await page.waitForTimeout(2500); await page.getByTestId(`pulse-${name}`).first().click(); };
const CARDS = [
  { kind: "card", label: "/media/lena/EOS_DIGITAL", state: "importing", bytes_per_s: 41_000_000, detail: "112 of 340 files" },
  { kind: "card", label: "/media/lena/LUMIX", state: "done", detail: "340 of 340 files: 338 new, 2 were here already; 4 films and other files stay on the card" },
];
const MANY = ["/media/lena/photos/Second camera with a long name", "/mnt/a7", "/mnt/x100", "/mnt/phone"].map((label, at) => ({ label, state: at === 3 ? "gone" : "watching", detail: at === 3 ? "The folder is not there. It is looked for every second." : null }));
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
await look("story-disk", { studio: { frames: 60 }, act: story("disk") });
await look("story-sources", { studio: { frames: 60, gone: true }, theme: "light", act: story("source") });
await look("story-phones", { studio: { frames: 60 }, act: story("phones") });
await look("story-first-preview", { studio: { frames: 60 }, theme: "daylight", act: story("first-preview") });
await look("story-queue", { studio: { frames: 60, slow: 60_000 }, act: async (page, mock) => { mock.store.oldest = 42_000; for (let n = 0; n < 12; n += 1) mock.shoot(); await story("queue")(page); } });
await look("setup", { studio: { frames: 60, sources: CARDS }, act: goSetUp });
await look("setup-light", { studio: { frames: 0, phones: 0, gone: true, network: "none" }, theme: "light", act: goSetUp });
await look("setup-warns", { studio: { frames: 60, network: "local", sources: MANY }, theme: "daylight", act: async (page, mock) => { mock.store.disk = { free_bytes: 3_100_000_000, frames_left: 88 }; await page.waitForTimeout(1200); await goSetUp(page); } });
await look("watch-folder", { studio: { frames: 30 }, act: async (page) => { await goSetUp(page); await page.getByRole("button", { name: "Watch a folder" }).click(); await page.getByTestId("folders").waitFor(); } });
await look("import-card", { studio: { frames: 30 }, theme: "light", act: async (page) => { await page.keyboard.press("Control+k"); await page.keyboard.type("import"); await page.keyboard.press("Enter"); await page.getByRole("button", { name: "EOS_DIGITAL" }).click(); await page.getByRole("button", { name: "DCIM" }).click(); await page.getByRole("button", { name: "100CANON" }).click(); } });
await look("folder-refused", { studio: { frames: 30 }, act: async (page) => { await page.keyboard.press("Control+k"); await page.keyboard.type("watch"); await page.keyboard.press("Enter"); await page.getByTestId("folders").waitFor(); await page.getByLabel("Path of the folder").fill("/mnt/missing"); await page.keyboard.press("Enter"); await page.getByRole("alert").waitFor(); } });
await look("watched", { studio: { frames: 30 }, act: async (page) => { await page.keyboard.press("Control+k"); await page.keyboard.type("watch"); await page.keyboard.press("Enter"); await page.getByTestId("folders").waitFor(); await page.getByRole("button", { name: "Capture One" }).click(); await page.getByRole("button", { name: "Watch this folder" }).click(); await goSetUp(page); await page.waitForTimeout(1200); } });
await look("no-network", { studio: { frames: 30, network: "none" } });
await look("this-computer", { studio: { frames: 30, network: "local" } });
await look("unread", { studio: { frames: 30, broken: true } });
await look("key", { key: "" });
await look("key-refused", { key: "old", theme: "light", act: (page) => page.getByRole("alert").waitFor() });
await look("long", { studio: { frames: 60, sources: MANY, gone: true, event: "The Great Winter Night Market at the Old Tram Depot, first Saturday" }, act: (page) => tile(page, 53).scrollIntoViewIfNeeded().catch(() => {}) });
await look("focus-strip", { studio: { frames: 30 }, act: async (page) => { for (let n = 0; n < 3; n += 1) await page.keyboard.press("Tab"); } });
await look("focus-toolbar", { studio: { frames: 30 }, act: async (page) => { await page.getByTestId("all-tab").focus(); await page.keyboard.press("Tab"); } });
await look("focus-sheet", { studio: { frames: 30 }, act: async (page) => { await page.keyboard.press("ArrowRight"); await page.keyboard.press("ArrowRight"); await page.getByTestId("sheet").focus(); } });
await look("preparing", { studio: { frames: 40, slow: 60_000 }, act: async (page, mock) => { for (let n = 0; n < 4; n += 1) mock.shoot(); } });
await look("minimal", { studio: { frames: 60, gone: true }, size: MINIMAL, act: (page) => tile(page, 2).click() });
await look("minimal-attention", { studio: { frames: 60, attention: 3 }, size: MINIMAL, act: (page) => page.getByTestId("attention-tab").click() });
await look("minimal-setup", { studio: { frames: 60 }, size: MINIMAL, act: goSetUp });
await look("minimal-lost", { studio: { frames: 60 }, size: MINIMAL, act: async (page, mock) => { await mock.close(); await page.waitForTimeout(1500); mock.close = async () => {}; } });
await look("lost", { studio: { frames: 60 }, act: async (page, mock) => { await mock.close(); await page.waitForTimeout(1500); mock.close = async () => {}; } });
await look("failed", { studio: { frames: 60 }, act: async (page) => { await page.keyboard.press("/"); await page.keyboard.type("4023"); await page.keyboard.press("Enter"); } });
await look("failed-loupe", { studio: { frames: 60 }, act: async (page) => { await page.keyboard.press("/"); await page.keyboard.type("4023"); await page.keyboard.press("Enter"); await page.keyboard.press("Space"); } });
await look("look-first", { studio: { frames: 60 }, act: develop(1) });
await look("look-1280", { studio: { frames: 60 }, size: LAPTOP, act: develop(1) });
await look("look-1920", { studio: { frames: 60, quicker: "gpu" }, size: BIG, act: develop(1) });
await look("look-upright", { studio: { frames: 60 }, act: develop(2) });
await look("look-light", { studio: { frames: 60 }, theme: "light", act: develop(1, (page) => slide(page, "Exposure", ["ArrowRight", "ArrowRight"])) });
await look("look-daylight", { studio: { frames: 60 }, theme: "daylight", act: develop(1) });
await look("look-edited", { studio: { frames: 60 }, act: develop(1, async (page) => { await slide(page, "Exposure", ["ArrowRight"]); await slide(page, "Temperature", ["PageUp"]); await slide(page, "Shadows", ["PageUp", "PageUp"]); await slide(page, "Highlights", ["PageDown", "PageDown", "PageDown"]); await page.keyboard.press("o"); await page.getByText("Saving").waitFor({ state: "detached" }); }) });
await look("look-split", { studio: { frames: 60 }, act: develop(1, async (page) => { await slide(page, "Exposure", ["PageUp"]); await slide(page, "Saturation", ["Home"]); await page.keyboard.press("y"); await page.getByRole("separator").waitFor(); }) });
await look("look-before", { studio: { frames: 60 }, act: develop(1, async (page) => { await slide(page, "Exposure", ["PageDown"]); await page.keyboard.down("b"); await page.getByText("Before", { exact: true }).last().waitFor(); }) });
await look("look-crop", { studio: { frames: 60 }, act: develop(1, async (page) => { await page.keyboard.press("r"); await page.getByTestId("crop-bar").waitFor(); await page.getByText("4:5").click(); }) });
await look("look-crop-turned", { studio: { frames: 60 }, size: LAPTOP, act: develop(1, async (page) => { await page.keyboard.press("r"); await page.getByTestId("crop-bar").waitFor(); await page.getByRole("slider", { name: "Straighten" }).focus(); for (let n = 0; n < 6; n += 1) await page.keyboard.press("PageUp"); }) });
await look("look-cropped", { studio: { frames: 60 }, act: develop(1, async (page) => { await page.keyboard.press("r"); await page.getByTestId("crop-bar").waitFor(); await page.getByText("1:1").click(); await page.getByRole("slider", { name: "Straighten" }).focus(); for (let n = 0; n < 4; n += 1) await page.keyboard.press("PageDown"); await changed(page, () => page.getByRole("button", { name: "Keep crop" }).click()); }) });
await look("look-grey", { studio: { frames: 60 }, act: develop(1, async (page) => { await page.keyboard.press("w"); await page.mouse.move(560, 420); await page.mouse.move(566, 424); }) });
await look("look-presets", { studio: { frames: 60 }, act: develop(1, async (page) => { await openSections(page, "Presets"); await page.getByRole("button", { name: "More for Instant picture" }).click(); await changed(page, () => page.getByRole("button", { name: "Instant picture", exact: true }).click()); }) });
await look("look-presets-save", { studio: { frames: 60 }, size: LAPTOP, act: develop(1, async (page) => { await openSections(page, "Presets"); await page.getByRole("button", { name: "Save this look" }).click(); await page.keyboard.type("Soft portrait"); await page.keyboard.press("Enter"); await page.getByRole("alert").waitFor(); }) });
await look("look-detail", { studio: { frames: 60 }, act: develop(1, async (page) => { await openSections(page, "Light", "Colour", "Noise and sharpness", "Watermark", "Border", "Copy and paste"); await changed(page, () => page.getByLabel("Text").fill("Lena Kessler")); await changed(page, () => page.getByRole("button", { name: "Instant border" }).click()); await page.keyboard.press("c"); }) });
await look("look-many", { studio: { frames: 400 }, act: develop(20, async (page) => { await page.keyboard.press("c"); for (let n = 0; n < 4; n += 1) await page.keyboard.press("Shift+ArrowRight"); await page.locator("[data-testid=look-stage][data-ready=true]").waitFor(); await page.keyboard.press("v"); await page.getByRole("button", { name: "Undo", exact: true }).last().waitFor(); await page.waitForTimeout(2500); }) });
await look("look-unable", { studio: { frames: 60 }, act: async (page) => { await page.keyboard.press("/"); await page.keyboard.type("4057"); await page.keyboard.press("Enter"); await page.keyboard.press("2"); await page.getByTestId("look-problem").waitFor(); } });
await look("look-waiting", { studio: { frames: 60, neverDeveloped: true }, act: develop(1, async (page) => { await slide(page, "Exposure", ["ArrowRight"]); await page.waitForTimeout(1500); }) });
await look("look-failed", { studio: { frames: 60 }, act: async (page) => { await page.keyboard.press("/"); await page.keyboard.type("4005"); await page.keyboard.press("Enter"); await page.keyboard.press("2"); await page.getByTestId("look-problem").waitFor(); await page.locator("[data-testid=look-stage][data-ready=true]").waitFor(); } });
await look("look-no-picture", { studio: { frames: 60, brokenPictures: true }, act: async (page) => { await tile(page, 2).click(); await page.keyboard.press("2"); await page.getByRole("button", { name: "Ask again" }).waitFor(); } });
await look("look-lost", { studio: { frames: 60 }, act: develop(1, async (page, mock) => { await mock.close(); mock.close = async () => {}; await page.getByRole("slider", { name: "Exposure", exact: true }).focus(); await page.keyboard.press("ArrowRight"); await page.getByTestId("look-problem").waitFor({ timeout: 8000 }); }) });
await look("look-empty", { studio: { frames: 0, attention: 0, phones: 0 }, act: (page) => page.keyboard.press("2") });
await look("look-keys", { studio: { frames: 60 }, act: develop(1, (page) => page.keyboard.press("?")) });
await look("look-developing", { studio: { frames: 60 }, act: develop(1, (page) => page.getByRole("button", { name: /Developed on/ }).click()) });
await look("look-narrow", { studio: { frames: 60, gone: true }, size: { width: 1100, height: 700 }, act: develop(1) });
await look("look-minimal", { studio: { frames: 60 }, size: MINIMAL, act: develop(1) });
await look("look-focus", { studio: { frames: 60 }, act: develop(1, async (page) => { await page.getByRole("slider", { name: "Contrast" }).focus(); await page.keyboard.press("ArrowRight"); await page.keyboard.press("ArrowLeft"); }) });
await look("narrow", { studio: { frames: 60, gone: true }, size: { width: 1100, height: 700 }, act: (page) => tile(page, 2).click() });
await browser.close();
console.log(`${serious} serious or critical findings`);
process.exitCode = serious > 0 ? 1 : 0;
