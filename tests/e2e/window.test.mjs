// The real desktop window, under a virtual screen, through WebKitWebDriver.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openWindow } from "./lib/window.mjs";
import { drawnPhotos, sample, shot, until, windowProgram, workFolder } from "./lib/studio.mjs";

let work, camera, window, photos;

before(async () => {
  work = workFolder();
  camera = join(work.top, "camera");
  mkdirSync(camera);
  photos = drawnPhotos(join(work.top, "drawn"), 6);
  const args = ["--data", join(work.top, "data"), "--event", "Night Market", "--watch", camera];
  args.push("--guest", "127.0.0.1:0", "--operator", "127.0.0.1:0", "--no-mdns");
  window = await openWindow({ program: windowProgram, args, folder: join(work.top, "home") });
});

after(async () => {
  await window?.close();
  work.tidy();
});

const decodedTiles = () =>
  window.browser.execute(
    () => [...document.querySelectorAll("[data-testid=tile][data-preview=ready] img")].filter((image) => image.complete && image.naturalWidth > 0).length,
  );

test("the window opens on the sheet without asking for a key", async () => {
  await window.browser.$("[data-testid=sheet]").waitForExist({ timeout: 20_000 });
  assert.match(await window.browser.getUrl(), /^http:\/\/127\.0\.0\.1:\d+\//);
  assert.equal(await window.browser.execute(() => typeof globalThis.__TAURI__), "undefined");
  await window.browser.saveScreenshot(shot("window-empty"));
});

test("frames appear in the window by themselves", async () => {
  copyFileSync(sample("_DSC2164.ARW"), join(camera, "_DSC2164.ARW"));
  await until("the raw file's tile", async () => (await decodedTiles()) === 1);
  photos.forEach((photo, index) => copyFileSync(photo, join(camera, `SHOT_${index}.JPG`)));
  await until("all tiles", async () => (await decodedTiles()) === 7);
  await window.browser.saveScreenshot(shot("window-sheet"));
});

test("the loupe opens with space and shows the large picture", async () => {
  const { browser } = window;
  await browser.execute(() => document.querySelector("[data-testid=sheet]").focus());
  await browser.keys(["ArrowRight"]);
  await browser.keys([" "]);
  await browser.$("[data-testid=loupe]").waitForDisplayed({ timeout: 10_000 });
  await until("the large picture", () =>
    browser.execute(() => [...document.querySelectorAll("[data-testid=loupe] img")].some((image) => image.complete && image.naturalWidth >= 1200)));
  await browser.saveScreenshot(shot("window-loupe"));
  await browser.keys([" "]);
  await browser.$("[data-testid=loupe]").waitForDisplayed({ timeout: 10_000, reverse: true });
});

test("the window goes nowhere else", async () => {
  const { browser } = window;
  const before = await browser.getUrl();
  await browser.execute(() => void (location.href = "http://127.0.0.1:9/elsewhere"));
  await browser.$("[data-testid=sheet]").waitForExist({ timeout: 10_000 });
  assert.equal(await browser.getUrl(), before);
});

test("a second window on the same folder says in plain words why it does not start", () => {
  const args = ["--data", join(work.top, "data"), "--event", "Night Market", "--guest", "127.0.0.1:0", "--operator", "127.0.0.1:0"];
  // Its own window with the reason stays open until it is closed: here, after some seconds, by the signal that closes it.
  const ended = spawnSync("timeout", ["--signal=TERM", "6", windowProgram, ...args, "--watch", camera], { env: { ...window.env, TAURI_WEBVIEW_AUTOMATION: "" }, encoding: "utf8" });
  assert.match(ended.stderr, /another Boothlight runs on/);
});
