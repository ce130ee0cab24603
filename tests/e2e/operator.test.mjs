// The operator's page in a plain browser: live sheet, loupe, tickets, attention.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { LAPTOP, PHONE, accessible, complaints, isDecoded, launch } from "./lib/browser.mjs";
import { Studio, drawnPhotos, sample, shot, until, workFolder } from "./lib/studio.mjs";

let studio, browser, photos, work, page, errors;

before(async () => {
  work = workFolder();
  photos = drawnPhotos(`${work.top}/drawn`, 9);
  studio = await Studio.start({ event: "Night Market" });
  browser = await launch();
  page = await browser.newPage(LAPTOP);
  errors = complaints(page);
  await page.goto(studio.operatorUrl);
});

after(async () => {
  await browser?.close();
  work.tidy();
  await studio?.stop();
});

const readyTiles = () => page.locator("[data-testid=tile][data-preview=ready]");
const decoded = (locator) => locator.locator("img").first().evaluate(isDecoded);

test("the key leaves the address at once, and without it nothing is shown", async () => {
  await page.getByTestId("sheet").waitFor();
  assert.ok(!page.url().includes(studio.secret), "the key still stands in the address");
  const stranger = await browser.newPage(LAPTOP);
  await stranger.goto(studio.operator);
  await stranger.locator("input").first().waitFor();
  assert.equal(await stranger.getByTestId("sheet").count(), 0);
  await stranger.screenshot({ path: shot("operator-asks-for-key") });
  await stranger.close();
  assert.equal((await fetch(new URL("api/studio", studio.operator))).status, 401);
});

test("a raw file and a JPEG appear in the sheet by themselves and land", async () => {
  await page.evaluate(() => (globalThis.neverReloaded = true));
  await page.screenshot({ path: shot("operator-empty") });
  studio.shoot(sample("_DSC2164.ARW"));
  await until("the first tile", async () => (await readyTiles().count()) === 1);
  studio.shoot(photos[0]);
  await until("the second tile", async () => (await readyTiles().count()) === 2);
  await until("decoded pictures", async () => (await decoded(readyTiles().nth(0))) && (await decoded(readyTiles().nth(1))));
  const landed = page.locator("[data-testid=tile][data-state=landed]");
  await until("both landed", async () => (await landed.count()) === 2);
  assert.equal(await page.evaluate(() => globalThis.neverReloaded), true, "the page was loaded anew");
});

test("RAW and JPEG of one press of the shutter are one frame, and a copy of it is taken once", async () => {
  const before = (await studio.api("api/frames?limit=1")).total;
  // The simulated camera keeps every third shot as RAW too.
  studio.shoot(photos[2]);
  studio.shoot(photos[2].replace(/JPG$/, "DNG"));
  studio.shoot(photos[2], "COPY.JPG");
  const pair = await until("a frame of RAW and JPEG, landed", async () => {
    const { frames } = await studio.api("api/frames?limit=5");
    return frames.find(({ kinds, state }) => kinds.includes("raw") && kinds.includes("jpeg") && state === "landed");
  });
  studio.shoot(photos[1]);
  await studio.frames(before + 2);
  const { total } = await studio.api("api/frames?limit=1");
  assert.equal(total, before + 2, "the copy became a frame of its own");
  // A frame is landed with its first safe file; the other one follows after its own quiet time.
  await until("both originals of the pair", async () => (await studio.api(`api/frames/${pair.id}`)).originals.length === 2);
});

test("arrow keys and space: the loupe shows the large picture", async () => {
  await page.getByTestId("sheet").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  const loupe = page.getByTestId("loupe");
  await loupe.waitFor();
  await until("the loupe's large picture", () =>
    loupe.locator("img").evaluateAll((images) => images.some((image) => image.complete && image.naturalWidth >= 1200)));
  await page.screenshot({ path: shot("operator-loupe") });
  await accessible(page, "the loupe");
  await page.keyboard.press("Space");
  await loupe.waitFor({ state: "hidden" });
});

test("next guest: T gives a ticket, and its page shows its own frames alone", async () => {
  const before = (await studio.api("api/frames?limit=1")).total;
  await page.keyboard.press("t");
  const { current, tickets } = await until("the new ticket", async () => {
    const answer = await studio.api("api/tickets");
    return answer.current && answer;
  });
  await until("the ticket's code in the window", async () =>
    (await page.getByTestId("ticket-code").first().innerText()).includes(current));
  assert.ok(await page.getByTestId("ticket-qr").first().isVisible());
  await page.screenshot({ path: shot("operator-ticket") });

  const guest = await browser.newPage(PHONE);
  await guest.goto(tickets.find(({ code }) => code === current).url);
  assert.equal(await guest.locator("[data-photo]").count(), 0, "a new ticket has no photos");
  await guest.screenshot({ path: shot("guest-ticket-empty") });
  for (const photo of photos.slice(3, 5)) studio.shoot(photo);
  const frames = await studio.frames(before + 2);
  const own = frames.filter(({ ticket }) => ticket === current).map(({ id }) => id).sort();
  assert.equal(own.length, 2);
  await until("both frames on the ticket's page", async () => (await guest.locator("[data-photo]").count()) === 2);
  const shown = await guest.locator("[data-photo]").evaluateAll((tiles) => tiles.map((tile) => tile.dataset.photo).sort());
  assert.deepEqual(shown, own);
  await accessible(guest, "the ticket's page");
  await guest.screenshot({ path: shot("guest-ticket") });
  await guest.close();
});

test("garbage, an empty file and a cut-off photo need attention, with the reason", async () => {
  writeFileSync(join(studio.watch, "EMPTY.JPG"), "");
  writeFileSync(join(studio.watch, "NOTES.txt"), "buy batteries\n");
  writeFileSync(join(studio.watch, "GARBAGE.ARW"), Buffer.alloc(5_000, "not a photo "));
  const whole = readFileSync(photos[7]);
  writeFileSync(join(studio.watch, "CUT.JPG"), whole.subarray(0, whole.length / 2));
  await until("four things that need attention", async () => (await studio.api("api/attention")).total === 4, { within_ms: 60_000 });
  await page.getByTestId("attention-tab").click();
  const items = page.getByTestId("attention-item");
  await until("four items in the window", async () => (await items.count()) === 4);
  const text = (await items.allInnerTexts()).join("\n");
  for (const name of ["EMPTY.JPG", "NOTES.txt", "GARBAGE.ARW", "CUT.JPG"]) assert.ok(text.includes(name), `${name} is not in the list`);
  await page.screenshot({ path: shot("operator-attention") });
  await accessible(page, "needs attention");
});

test("a folder is chosen and watched, and let go again; a card is imported", async () => {
  const [tether, card] = [join(work.top, "Tether"), join(work.top, "CARD", "DCIM")];
  for (const folder of [tether, card]) mkdirSync(folder, { recursive: true });
  copyFileSync(photos[6], join(card, "ON_CARD.JPG"));
  const choose = async (name, folder, verb) => {
    await page.getByRole("button", { name, exact: true }).click();
    const dialog = page.getByTestId("folders");
    await dialog.waitFor();
    await page.getByLabel("Path of the folder").fill(join(folder, ".."));
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: basename(folder), exact: true }).click();
    await dialog.getByRole("button", { name: verb }).click();
    await dialog.waitFor({ state: "detached" });
  };
  await page.keyboard.press("3");
  const row = page.getByTestId("setup").locator("li").filter({ hasText: tether });
  await choose("Watch a folder", tether, "Watch this folder");
  await row.getByText("Watched", { exact: true }).waitFor();
  await page.screenshot({ path: shot("operator-setup") });
  await accessible(page, "Set up");
  const before = (await studio.api("api/frames?limit=1")).total;
  copyFileSync(photos[8], join(tether, "TETHERED.JPG"));
  await studio.frames(before + 1);
  await choose("Import a card or a folder", card, "Import this folder");
  await studio.frames(before + 2);
  // What is only shown goes with its folder.
  await until("all have landed", async () => (await studio.api("api/frames?limit=50")).frames.every(({ state }) => state === "landed"));
  await row.getByRole("button", { name: "Stop watching" }).click();
  await row.waitFor({ state: "detached" });
  const { sources } = await studio.api("api/pulse");
  assert.ok(!sources.some(({ label }) => label === tether), "it is still watched");
  assert.equal((await studio.api("api/frames?limit=1")).total, before + 2, "what has landed stays");
  await page.keyboard.press("1");
});

test("pulse and join QR stand on the screen; axe finds no serious fault", async () => {
  assert.ok((await page.locator("[data-testid^=pulse-]").count()) >= 4, "the pulse strip has its lights");
  // With no frame selected the panel shows how guests join.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.getByTestId("join-qr").first().waitFor();
  await page.screenshot({ path: shot("operator-sheet") });
  await accessible(page, "the sheet");
  assert.deepEqual(errors, [], "the page complained");
});
