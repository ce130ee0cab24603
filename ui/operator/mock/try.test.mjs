// Tries the Look place in Chromium over the mock studio: the parts that only a pointer, a canvas and a clock can tell.
//   npm run build && npm run try      (CHROMIUM: path of the browser, /usr/bin/chromium)
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { chromium } from "playwright-core";
import { startMock } from "./server.mjs";

let browser;
let mock;
let page;
let wishes;
const faults = [];
/** Drawn lying, with a raw. */
const FRAME = 1;
const stage = () => page.getByTestId("look-stage");
const slider = (name) => page.getByRole("slider", { name, exact: true });
const own = () => mock.store.looks.own.get(mock.store.frames[FRAME].id);
const until = async (what, check) => {
  for (const begun = Date.now(); Date.now() - begun < 15_000; await page.waitForTimeout(50)) if (await check()) return;
  assert.fail(`not within 15 s: ${what}`);
};
const settled = () => until("the picture that stays", async () => wishes.flying === 0 && wishes.list.at(-1)?.long_edge_px >= 1600);

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"], headless: true });
});
after(() => browser?.close());

beforeEach(async (context) => {
  mock = await startMock({ frames: 12 });
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce" });
  context.after(async () => {
    await page.close();
    await mock.close();
    assert.deepEqual(faults.splice(0), []);
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  wishes = { list: [], flying: 0, most: 0 };
  page.on("request", (request) => {
    if (!request.url().endsWith("/look/picture")) return;
    wishes.list.push(request.postDataJSON());
    wishes.flying += 1;
    wishes.most = Math.max(wishes.most, wishes.flying);
  });
  const over = (request) => request.url().endsWith("/look/picture") && (wishes.flying -= 1);
  page.on("requestfinished", over);
  page.on("requestfailed", over);
  await page.goto(`${mock.url}/#key=${mock.key}`);
  await page.locator(`[data-index="${FRAME}"]`).click();
  await page.keyboard.press("2");
  await page.locator("[data-testid=look-stage][data-ready=true]").waitFor();
  await settled();
});

/** Of every drawn picture from now on: is the middle of the canvas there? */
const watchMiddle = () =>
  page.evaluate(() => {
    window.blank = 0;
    window.drawn = 0;
    const tick = () => {
      const canvas = document.querySelector("[data-testid=look-stage] canvas");
      const pixel = canvas?.getContext("2d").getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
      window.drawn += 1;
      if (!pixel || pixel[3] !== 255) window.blank += 1;
      window.watching = requestAnimationFrame(tick);
    };
    tick();
  });

test("a dragged slider is followed without a gap, one picture at a time, as one step", async () => {
  await watchMiddle();
  const box = await slider("Exposure").boundingBox();
  const y = box.y + box.height / 2;
  const known = wishes.list.length;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  for (let n = 0; n < 60; n += 1) {
    await page.mouse.move(box.x + box.width / 2 + n * 0.7, y);
    await page.waitForTimeout(30);
  }
  await page.mouse.up();
  await settled();
  const asked = wishes.list.slice(known);
  assert.equal(wishes.most, 1, "one picture is asked for at a time");
  assert.ok(asked.some(({ long_edge_px }) => long_edge_px <= 1400), "small pictures follow the drag");
  assert.equal(asked.at(-1).long_edge_px, 1600);
  const { blank, drawn } = await page.evaluate(() => ({ blank: window.blank, drawn: window.drawn }));
  assert.ok(drawn > 20 && blank === 0, `${blank} of ${drawn} were blank`);
  assert.ok(asked.at(-1).recipe.exposure.ev > 0.5);
  await until("it is saved", () => own()?.exposure.ev === asked.at(-1).recipe.exposure.ev);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "BODY", "arrow keys are the frames' again");
  await page.keyboard.press("u");
  await until("one step back is all the way back", () => own() === undefined);
  assert.match(await page.getByRole("button", { name: /^Redo/ }).getAttribute("aria-label"), /Redo: Exposure \+/);
  await page.keyboard.press("Control+Shift+z");
  await until("and forth again", () => own()?.exposure.ev === asked.at(-1).recipe.exposure.ev);
});

test("a double click brings a slider back, as one step; typed figures and keys hold", async () => {
  await slider("Contrast").dblclick({ position: { x: 100, y: 14 } });
  await until("contrast is back", async () => (await slider("Contrast").getAttribute("aria-valuetext")) === "0");
  await page.keyboard.press("u");
  assert.equal(await slider("Contrast").getAttribute("aria-valuetext"), "+8");
  await slider("Exposure").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.type("-1,25");
  await page.keyboard.press("Enter");
  assert.equal(await slider("Exposure").getAttribute("aria-valuetext"), "−1.25 EV");
  await page.keyboard.press("ArrowRight");
  assert.equal(await slider("Exposure").getAttribute("aria-valuetext"), "−1.00 EV");
  await page.keyboard.press("Delete");
  assert.equal(await slider("Exposure").getAttribute("aria-valuetext"), "0.00 EV");
});

/** The shown canvas as a small picture, to compare. */
const seen = () =>
  page.evaluate(() => {
    const canvas = document.querySelector("[data-testid=look-stage] canvas");
    const small = new OffscreenCanvas(48, 48);
    const context = small.getContext("2d");
    context.drawImage(canvas, 0, 0, 48, 48);
    return { aspect: canvas.width / canvas.height, data: [...context.getImageData(0, 0, 48, 48).data] };
  });

test("a crop is drawn by its handles, and what is cut here is what the studio cuts", async () => {
  await page.keyboard.press("r");
  await page.getByTestId("crop-bar").waitFor();
  await page.getByText("1:1", { exact: true }).click();
  await slider("Straighten").focus();
  for (let n = 0; n < 8; n += 1) await page.keyboard.press("PageUp");
  const handle = await page.getByRole("button", { name: /^Bottom right corner/ }).boundingBox();
  await page.mouse.move(handle.x + 22, handle.y + 22);
  await page.mouse.down();
  await page.mouse.move(handle.x - 60, handle.y - 90, { steps: 6 });
  await page.mouse.up();
  const held = mock.store.looks;
  held.brokenPictures = true;
  await page.keyboard.press("Enter");
  await page.getByTestId("crop-bar").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Ask again" }).waitFor();
  const here = await seen();
  held.brokenPictures = false;
  await page.getByRole("button", { name: "Ask again" }).click();
  await page.getByRole("button", { name: "Ask again" }).waitFor({ state: "detached" });
  const theirs = await seen();
  const apart = here.data.reduce((sum, value, at) => sum + Math.abs(value - theirs.data[at]), 0) / here.data.length;
  assert.ok(apart < 3, `the two differ by ${apart.toFixed(1)} of 255`);
  await until("it is saved", () => own()?.geometry.crop);
  const { crop, straighten_deg } = own().geometry;
  assert.equal(straighten_deg, 8);
  assert.ok(Math.abs((crop.width * 1.5) / crop.height - 1) < 0.002 && crop.x + crop.width <= 1 && crop.y + crop.height <= 1, JSON.stringify(crop));
  await page.keyboard.press("u");
  await until("one step back is the whole picture", () => own() === undefined);
});

test("Esc leaves a crop as it was; U takes back its last step", async () => {
  await page.keyboard.press("r");
  await page.getByTestId("crop-bar").waitFor();
  const value = () => slider(/^Crop:/).getAttribute("aria-valuetext");
  const whole = await value();
  await page.getByText("16:9", { exact: true }).click();
  assert.notEqual(await value(), whole);
  await page.keyboard.press("u");
  assert.equal(await value(), whole);
  await page.getByText("4:5", { exact: true }).click();
  await page.keyboard.press("Escape");
  await page.getByTestId("crop-bar").waitFor({ state: "detached" });
  await page.waitForTimeout(1500);
  assert.equal(own(), undefined);
});

test("grey is picked where the pointer is; the split line is drawn; B is held", async () => {
  const canvas = await page.locator("[data-testid=look-stage] .print").boundingBox();
  await page.keyboard.press("w");
  await page.mouse.move(canvas.x + canvas.width * 0.5, canvas.y + canvas.height * 0.9);
  const asked = page.waitForRequest((request) => request.url().endsWith("/look/grey"));
  await page.mouse.down();
  await page.mouse.up();
  const { x, y } = (await asked).postDataJSON();
  assert.ok(Math.abs(x - 0.5) < 0.01 && Math.abs(y - 0.9) < 0.01, `${x} ${y}`);
  await until("it is saved", () => own()?.white_balance.mode === "grey");
  await page.keyboard.press("y");
  const line = page.getByRole("separator");
  await line.waitFor();
  const box = await line.boundingBox();
  await page.mouse.move(box.x + 22, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(canvas.x + canvas.width * 0.25, box.y + 60, { steps: 4 });
  await page.mouse.up();
  assert.equal(await line.getAttribute("aria-valuenow"), "25");
  await line.focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await line.getAttribute("aria-valuenow"), "26");
  await page.keyboard.press("Escape");
  await line.waitFor({ state: "detached" });
  await page.keyboard.down("b");
  await page.locator(".tag", { hasText: "Before" }).waitFor();
  await page.keyboard.up("b");
  await page.locator(".tag", { hasText: "Before" }).waitFor({ state: "detached" });
});

test("a look is pasted onto what is selected and taken back; a preset is saved, renamed, deleted and brought back", async () => {
  await slider("Saturation").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("c");
  await page.keyboard.press("Escape");
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("Shift+ArrowRight");
  await page.getByText("4 frames selected").waitFor();
  await page.keyboard.press("v");
  await page.getByText(/pasted onto 3 frames\. 1 frame without a raw/).waitFor();
  assert.equal([...mock.store.looks.own.values()].filter(({ colour }) => colour.saturation === -100).length, 3);
  await page.getByRole("button", { name: "Undo", exact: true }).last().click();
  await page.getByText(/^Undone: Look of/).waitFor();
  assert.equal(mock.store.looks.own.size, 1);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Presets" }).click();
  await page.getByRole("button", { name: "Save this look" }).click();
  await page.keyboard.type("Mine");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "More for Mine" }).click();
  await page.getByRole("button", { name: "Rename" }).click();
  await page.keyboard.type("Ours");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "More for Ours" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "More for Ours" }).waitFor({ state: "detached" });
  await page.getByText("“Ours” is deleted.").waitFor();
  await page.getByRole("button", { name: "Undo", exact: true }).last().click();
  await page.getByRole("button", { name: "More for Ours" }).waitFor();
});

test("what is changed while the studio is away is kept, and saved when it is back", async () => {
  const port = new URL(mock.url).port;
  const { store } = mock;
  await mock.close();
  await slider("Exposure").focus();
  await page.keyboard.press("ArrowRight");
  await page.getByText("Not saved yet").waitFor();
  mock = await startMock({ frames: 12, port: Number(port) });
  assert.notEqual(mock.store, store);
  await until("it is saved", () => own()?.exposure.ev === 0.33);
  await page.getByText("Not saved yet").waitFor({ state: "detached" });
  await settled();
});

test("everything is reached by the keyboard alone", async () => {
  const names = new Set();
  for (let n = 0; n < 90; n += 1) {
    await page.keyboard.press("Tab");
    names.add(await page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent?.trim()));
  }
  for (const name of ["Exposure", "Temperature", "Vibrance", "Auto exposure", "Presets", "Watermark", "Split", "Crop", "Frames, newest first"]) {
    assert.ok([...names].some((each) => each?.startsWith(name)), `${name} is not reached: ${[...names].join(" | ")}`);
  }
});
