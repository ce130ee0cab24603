// The guest's page on a phone: live, light, without script, for everybody, and blind to the operator.
import assert from "node:assert/strict";
import { get } from "node:http";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { PHONE, accessible, complaints, isDecoded, launch } from "./lib/browser.mjs";
import { Studio, drawnPhotos, sample, shot, until, workFolder } from "./lib/studio.mjs";

const FIRST_SCREEN_BYTES = 250_000;
const HTML_AND_CSS_BYTES = 14 * 1024;
const SCRIPT_BYTES = 15 * 1024;
const PHOTOS = 12;
/** What codes are made of. */
const LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

let studio, browser, photos, work;

before(async () => {
  work = workFolder();
  photos = drawnPhotos(`${work.top}/drawn`, PHOTOS);
  studio = await Studio.start({ event: "Night Market" });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  work.tidy();
  await studio?.stop();
});

const tiles = (page) => page.locator("[data-photo]");
const decodedTiles = (page) => page.$$eval("[data-photo] img", (images) => images.filter((image) => image.complete && image.naturalWidth > 0).length);

test("an empty gallery says so, and a frame appears in it without a reload", async () => {
  const page = await browser.newPage(PHONE);
  const errors = complaints(page);
  await page.goto(studio.guest);
  assert.equal(await tiles(page).count(), 0);
  await page.screenshot({ path: shot("guest-empty") });
  await page.evaluate(() => (globalThis.neverReloaded = true));
  studio.shoot(sample("_DSC2164.ARW"));
  await until("the frame on the guest's page", async () => (await decodedTiles(page)) === 1);
  studio.shoot(photos[0]);
  await until("the second frame on the guest's page", async () => (await decodedTiles(page)) === 2);
  assert.equal(await page.evaluate(() => globalThis.neverReloaded), true, "the page was loaded anew");
  assert.deepEqual(errors, []);
  for (const frame of await studio.frames(2)) await everyStage(frame);
  await page.close();
});

/** The phone's own report is the last stage of a frame's way, and none before it is missing. */
async function everyStage(frame) {
  const stages = await until(`the phone's report of ${frame.name}`, async () => {
    const detail = await studio.api(`api/frames/${frame.id}`);
    return detail.stages.some(({ stage }) => stage === "phone_decoded") && detail.stages;
  });
  for (const name of ["first_byte", "complete", "decoded", "encoded", "announced"]) {
    assert.ok(stages.some(({ stage }) => stage === name), `stage ${name} of ${frame.name} is missing`);
  }
}

test("twelve photos weigh at most 250 KB, HTML and CSS 14 KB, script 15 KB", async () => {
  for (const photo of photos) studio.shoot(photo);
  await studio.frames(PHOTOS + 1);
  const context = await browser.newContext(PHONE);
  const page = await context.newPage();
  const bytes = await weigh(context, page);
  await page.screenshot({ path: shot("guest-gallery") });
  assert.equal(await tiles(page).count(), PHOTOS);
  assert.ok(bytes <= FIRST_SCREEN_BYTES, `the first screen weighs ${bytes} bytes`);
  const html = await (await fetch(studio.guest)).text();
  const linked = (pattern) => [...html.matchAll(pattern)].map(([, path]) => new URL(path, studio.guest));
  const weights = await compressed([new URL(studio.guest), ...linked(/<link[^>]+href="?([^" >]+\.css)/g)]);
  const scripts = await compressed(linked(/<script[^>]+src="?([^" >]+)/g));
  console.log(`first screen ${bytes} bytes; HTML and CSS ${weights}, script ${scripts}, compressed`);
  assert.ok(weights <= HTML_AND_CSS_BYTES, `HTML and CSS weigh ${weights} bytes compressed`);
  assert.ok(scripts > 0 && scripts <= SCRIPT_BYTES, `script weighs ${scripts} bytes compressed`);
  await context.close();
});

/** All that crosses the network until the pictures of the first screen are there, as the browser counts it. */
async function weigh(context, page) {
  const devtools = await context.newCDPSession(page);
  let bytes = 0;
  await devtools.send("Network.enable");
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(studio.guest);
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await until("all pictures decoded", async () => (await decodedTiles(page)) === PHOTOS);
  return Math.round(bytes);
}

/** What these addresses weigh as they are sent to a client that takes gzip. */
async function compressed(urls) {
  let sum = 0;
  for (const url of urls) {
    const { body, encoding } = await new Promise((resolve, reject) => {
      get(url, { headers: { "accept-encoding": "gzip" } }, (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("end", () => resolve({ body: Buffer.concat(chunks), encoding: answer.headers["content-encoding"] }));
      }).on("error", reject);
    });
    // What is sent uncompressed because it is tiny counts as it is.
    assert.ok(encoding === "gzip" || body.length - gzipSync(body).length < 500, `${url.pathname} is not sent compressed`);
    sum += body.length;
  }
  return sum;
}

test("a developed picture takes the place of the camera's own without a jump or a gap", async () => {
  const booth = await Studio.start({ event: "Swap" });
  const context = await browser.newContext(PHONE);
  try {
    const page = await context.newPage();
    const errors = complaints(page);
    await page.addInitScript(watchFrames);
    await page.goto(booth.guest);
    for (const raw of ["_DSC2164.ARW", "test_raw.cr2"]) {
      const before = await tiles(page).count();
      booth.shoot(sample(raw));
      await until(`${raw} on the page`, async () => (await page.evaluate(() => globalThis.settle())) > before);
    }
    await swapped(page, booth, "as they arrive");
    // The same in columns, which more than two photos stand in, when the event gets another look.
    booth.shoot(photos[0]);
    await booth.frames(3);
    await page.reload();
    await until("all three", async () => (await page.evaluate(() => globalThis.settle())) === 3);
    const { recipe } = await booth.api("api/development");
    recipe.exposure.ev = 1;
    await booth.api("api/development", { method: "PUT", body: { recipe } });
    const frames = await swapped(page, booth, "with another look");
    assert.deepEqual(errors, []);
    await page.screenshot({ path: shot("guest-swapped") });
    await withoutScript(booth, frames);
  } finally {
    await context.close();
    await booth.stop();
  }
});

/** Waits until every raw is shown developed, and holds what was seen meanwhile against what a guest should see. */
async function swapped(page, booth, when) {
  const frames = await until(`both raws are developed ${when}`, async () => {
    const { frames } = await booth.api("api/frames");
    return frames.every(({ kinds, look }) => look === (kinds.includes("raw") ? "developed" : "embedded")) && frames;
  }, { within_ms: 60_000 });
  const sources = () => page.$$eval("#sheet img", (images) => images.map((image) => image.currentSrc));
  await until(`their new pictures on the page, ${when}`, async () => (await sources()).every((source, at) => source.includes(frames[at].version)));
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  const seen = await page.evaluate(() => globalThis.seen);
  console.log(`swap ${when}: ${seen.looks} looks, ${seen.gaps} without a picture, shift ${seen.shift}`);
  assert.ok(seen.looks > 10, "too few frames were watched");
  assert.equal(seen.gaps, 0, "a tile that had a picture was without one");
  assert.equal(seen.shift, 0, "the layout moved");
  assert.ok(Object.values(seen.boxes).every((boxes) => boxes.length === 1), `a box moved: ${JSON.stringify(seen.boxes)}`);
  assert.ok(Object.values(seen.sources).some((sources) => sources.length > 1), "no swap was seen");
  return frames;
}

/** Runs in the page: looks at every painted frame, once a tile has settled in. */
function watchFrames() {
  const settled = new Set();
  // Shifts are told later than they happen.
  let since = 0;
  globalThis.seen = { looks: 0, gaps: 0, shift: 0, boxes: {}, sources: {} };
  const tiles = () => [...document.querySelectorAll("#sheet > li")];
  const decoded = (tile) => [...tile.querySelectorAll("img")].some((image) => image.complete && image.naturalWidth > 0);
  /** From now on what is shown must stay shown, as large as it is and where it is. */
  globalThis.settle = () => {
    const ready = tiles().every(decoded) ? tiles() : [];
    // A new photo moves the others down by rights: what was measured before it does not count.
    if (ready.length > settled.size) {
      globalThis.seen = { ...globalThis.seen, shift: 0, boxes: {} };
      since = performance.now();
    }
    ready.forEach((tile) => settled.add(tile.dataset.photo));
    return ready.length;
  };
  const note = (book, id, what) => {
    book[id] ??= [];
    if (!book[id].includes(what)) book[id].push(what);
  };
  const look = () => {
    for (const tile of tiles().filter((tile) => settled.has(tile.dataset.photo))) {
      const { seen } = globalThis;
      seen.looks += 1;
      if (!decoded(tile)) seen.gaps += 1;
      const { x, y, width, height } = tile.getBoundingClientRect();
      note(seen.boxes, tile.dataset.photo, [x, y, width, height].join(" "));
      note(seen.sources, tile.dataset.photo, tile.querySelector("img")?.currentSrc ?? "");
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  new PerformanceObserver((list) => list.getEntries().forEach(({ value, startTime }) => (globalThis.seen.shift += startTime < since ? 0 : value))).observe({ type: "layout-shift", buffered: true });
}

/** Who reloads with script off sees the developed pictures, in boxes of the same size. */
async function withoutScript(booth, frames) {
  const context = await browser.newContext({ ...PHONE, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(booth.guest);
  const html = await page.content();
  for (const { version, width_px, height_px } of frames) {
    assert.ok(html.includes(`/i/${version}/`) && html.includes(`width="${width_px}" height="${height_px}"`), "the page has the developed picture");
  }
  await context.close();
}

test("everything works with script off", async () => {
  const context = await browser.newContext({ ...PHONE, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(studio.guest);
  assert.equal(await tiles(page).count(), PHOTOS);
  const box = await tiles(page).first().locator("img").boundingBox();
  assert.ok(box.width > 100 && box.height > 60, "a picture's box has its size");
  await page.locator("[data-photo] a").first().click();
  await page.waitForURL(/\/p\//);
  const larger = page.locator("main img").first();
  await until("the larger proof", () => larger.evaluate(isDecoded));
  // naturalWidth is divided by the screen's density where there is a srcset; the address tells which rung it is.
  assert.match(await larger.evaluate((image) => image.currentSrc), /\/screen\.jpg$/, "the proof is the larger one");
  await page.screenshot({ path: shot("guest-proof-without-script") });
  await context.close();
});

test("nothing on the gallery jumps while it loads", async () => {
  const context = await browser.newContext(PHONE);
  const page = await context.newPage();
  await page.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (globalThis.shift += entry.value))).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(studio.guest);
  await until("all pictures decoded", async () => (await decodedTiles(page)) >= 6);
  assert.ok((await page.evaluate(() => globalThis.shift)) < 0.01, "the layout moved");
  await context.close();
});

test("a wrong code gets a friendly page, and guessing is slowed down", async () => {
  const page = await browser.newPage(PHONE);
  const answer = await page.goto(new URL("t/WXYZ", studio.guest).href);
  assert.equal(answer.status(), 404);
  assert.ok((await page.locator("h1").innerText()).length > 0);
  await page.screenshot({ path: shot("guest-wrong-code") });
  await accessible(page, "the page for a wrong code");
  await page.close();
  const statuses = [];
  for (let guess = 0; guess < 60 && statuses.at(-1) !== 429; guess++) {
    const code = `QQ${LETTERS[Math.floor(guess / LETTERS.length)]}${LETTERS[guess % LETTERS.length]}`;
    statuses.push((await fetch(new URL(`t/${code}`, studio.guest))).status);
  }
  assert.equal(statuses.at(-1), 429, `sixty wrong codes in a row were answered: ${statuses}`);
});

test("axe finds no serious fault on gallery and proof, in light and dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ ...PHONE, colorScheme });
    const page = await context.newPage();
    await page.goto(studio.guest);
    await accessible(page, `the gallery, ${colorScheme}`);
    // The address is opened as such: with script on, a tap shows the proof without leaving the page.
    await page.goto(new URL(await page.locator("[data-photo] a").first().getAttribute("href"), studio.guest).href);
    await until("the larger proof", () => page.locator("main img").first().evaluate(isDecoded));
    await accessible(page, `the proof, ${colorScheme}`);
    await page.screenshot({ path: shot(`guest-proof-${colorScheme}`) });
    await context.close();
  }
});

test("a tap shows the larger proof, and closing it comes back to the same place", async () => {
  const page = await browser.newPage(PHONE);
  const errors = complaints(page);
  await page.goto(studio.guest);
  await page.locator("[data-photo] a").nth(2).tap();
  await until("a larger proof", () => page.evaluate(() =>
    [...document.querySelectorAll("img")].some((image) => image.complete && image.naturalWidth >= 800 && image.getBoundingClientRect().width > innerWidth / 2)));
  await page.screenshot({ path: shot("guest-viewer") });
  await accessible(page, "the viewer");
  await page.goBack();
  await until("the gallery again", () => page.locator("[data-photo]").nth(5).isVisible());
  assert.deepEqual(errors, []);
  await page.close();
});

test("at 320 px nothing is cut off", async () => {
  const page = await browser.newPage({ ...PHONE, viewport: { width: 320, height: 568 } });
  await page.goto(studio.guest);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page scrolls sideways");
  await page.screenshot({ path: shot("guest-320") });
  await page.close();
});

test("the guest's listener answers 404 to every operator route", async () => {
  const { paths } = await studio.api("api/openapi.json");
  const [frame] = await studio.frames(1);
  const routes = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => [method.toUpperCase(), path]));
  assert.ok(routes.length >= 15, `only ${routes.length} operator routes are described`);
  for (const [method, path] of [...routes, ["GET", "/api/openapi.json"], ["GET", "/metrics"]]) {
    const filled = path.replace(/\{(\w+)\}/g, (_, name) => (name.includes("rung") ? "large" : frame.id));
    const answer = await fetch(new URL(filled, studio.guest), { method, headers: { authorization: `Bearer ${studio.secret}` } });
    assert.equal(answer.status, 404, `${method} ${filled} on the guest's listener`);
  }
});
