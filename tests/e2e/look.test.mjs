// The Look place over the real studio: a raw is developed live, kept, and shown developed to guests.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LAPTOP, accessible, complaints, launch } from "./lib/browser.mjs";
import { Studio, sample, shot, until } from "./lib/studio.mjs";

let studio, browser, page, errors, frame;
const wishes = { answered: 0, ms: [] };

before(async () => {
  studio = await Studio.start({ event: "Night Market" });
  studio.shoot(sample("test_raw.cr2"));
  frame = await until("the raw is developed", async () => {
    const { frames } = await studio.api("api/frames?limit=1");
    return frames[0]?.look === "developed" && frames[0];
  });
  browser = await launch();
  page = await browser.newPage(LAPTOP);
  errors = complaints(page);
  page.on("response", async (response) => {
    if (!response.url().endsWith("/look/picture") || response.status() !== 200) return;
    wishes.answered += 1;
    wishes.ms.push(Number(await response.headerValue("x-render-ms")));
  });
  await page.goto(studio.operatorUrl);
});

after(async () => {
  await browser?.close();
  await studio?.stop();
});

/** The mean of the shown picture, 0 to 255. */
const brightness = () =>
  page.evaluate(() => {
    const canvas = document.querySelector("[data-testid=look-stage] canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) sum += data[at] + data[at + 1] + data[at + 2];
    return sum / (data.length / 4) / 3;
  });

test("a raw opens in Look, developed as guests see it", async () => {
  await page.locator("[data-testid=tile]").first().click();
  await page.keyboard.press("2");
  await page.locator("[data-testid=look-stage][data-ready=true]").waitFor({ timeout: 30_000 });
  await page.screenshot({ path: shot("look-real") });
  await accessible(page, "Look");
});

test("a slider shows at once, is kept, and the frame is developed anew", async () => {
  const dark = await brightness();
  const before = frame.version ?? JSON.stringify(frame.derivatives ?? frame);
  const slider = page.getByRole("slider", { name: "Exposure", exact: true });
  await slider.focus();
  const answered = wishes.answered;
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowRight");
  await until("a brighter picture", async () => wishes.answered > answered && (await brightness()) > dark + 8);
  await page.screenshot({ path: shot("look-real-brighter") });
  const kept = await until("the look is kept", async () => {
    const look = await studio.api(`api/frames/${frame.id}/look`);
    return look.source === "frame" && look.recipe.exposure.ev > 0.5 && look.state === "developed" && look;
  });
  assert.ok(kept.as_shot.temperature_k > 2000);
  const again = (await studio.api("api/frames?limit=1")).frames[0];
  assert.notEqual(again.version ?? JSON.stringify(again.derivatives ?? again), before, "the developed picture has an address of its own");
  console.log(`live pictures, ms in the studio: ${wishes.ms.join(", ")}`);
});

test("a photographer's look is there to wear, and is taken away again", async () => {
  const [creator] = await studio.api("api/creators");
  const { recipe } = await studio.api(`api/frames/${frame.id}/look`);
  await studio.api(`api/creators/${creator.id}/look`, { method: "PUT", body: { recipe: { ...recipe, exposure: { ...recipe.exposure, ev: -0.5 } } } });
  // The place reads anew when it is entered.
  await page.keyboard.press("1");
  await page.keyboard.press("2");
  const look = page.getByRole("button", { name: `${creator.name} own look, for their frames` });
  if (!(await look.isVisible())) await page.getByRole("button", { name: /^Presets/ }).click();
  await look.waitFor();
  await page.screenshot({ path: shot("look-creators") });
  await accessible(page, "Look with a photographer's own");
  await look.click();
  await until("the frame wears it", async () => (await studio.api(`api/frames/${frame.id}/look`)).recipe.exposure.ev === -0.5);
  await page.getByRole("button", { name: `${creator.name} follows the booth's look` }).click();
  await until("it is taken away", async () => (await studio.api("api/creators"))[0].recipe === null);
  await look.waitFor({ state: "detached" });
});

test("nothing complained", () => assert.deepEqual(errors, []));
