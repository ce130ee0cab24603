// Looks at the pages that `cargo run -p pages --example preview -- DIR` wrote: node look/look.mjs DIR
// Screenshots go to DIR/shots; faults that axe finds and requests that the policy refuses are printed. The pages are served
// as the gateway serves them, with a stream that the checks can write into.
import { createServer } from "node:http";
import { mkdirSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const dir = process.argv[2];
const shots = join(dir, "shots");
mkdirSync(shots, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const POLICY =
  "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const TYPES = { html: "text/html", js: "text/javascript", jpg: "image/jpeg" };

let streams = [];
let seen = [];
let busy = 0;
const server = createServer((asked, answer) => {
  const { pathname } = new URL(asked.url, "http://booth");
  if (pathname === "/live") {
    answer.writeHead(200, { "content-type": "text/event-stream" });
    answer.write(": open\n\n");
    streams.push(answer);
    asked.on("close", () => (streams = streams.filter((other) => other !== answer)));
    return;
  }
  if (pathname === "/seen") {
    let body = "";
    asked.on("data", (part) => (body += part));
    asked.on("end", () => (seen.push(JSON.parse(body)), answer.writeHead(204).end()));
    return;
  }
  if (pathname.includes("0-thumb") && busy > 0) {
    busy -= 1;
    return answer.writeHead(503, { "retry-after": "1" }).end();
  }
  const path = join(dir, pathname.replace("/p/", "/"));
  if (!existsSync(path)) return answer.writeHead(404).end();
  answer.writeHead(200, { "content-type": TYPES[path.split(".").pop()] ?? "text/plain", "content-security-policy": POLICY });
  answer.end(readFileSync(path));
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const at = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
let faults = 0;

const say = (text) => console.log(text);
function check(what, right, detail = "") {
  if (!right) faults += 1;
  say(`${right ? "ok   " : "FAULT"} ${what} ${detail}`);
}

async function open(options, page = "index.html") {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, bypassCSP: false, ...options });
  const tab = await context.newPage();
  tab.on("pageerror", (error) => check("no script error", false, error.message));
  tab.on("console", (line) => line.type() === "error" && !/503|ERR_/.test(line.text()) && check("quiet console", false, line.text()));
  await tab.goto(`${at}/${page}`, { waitUntil: "load" });
  return { context, tab };
}

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const SMALL = { viewport: { width: 320, height: 568 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const WIDE = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 };
const PAGES = ["index", "ticket", "one", "photo", "photo-portrait", "wrong", "busy", "missing", "empty", "empty-ticket", "arriving", "long"];

async function look() {
  for (const [kind, options] of [["phone", PHONE], ["small", SMALL], ["wide", WIDE]]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const name of PAGES) {
        const { context, tab } = await open({ ...options, colorScheme }, `${name}.html`);
        await tab.screenshot({ path: join(shots, `${name}-${kind}-${colorScheme}.png`) });
        const wider = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        check(`${name} ${kind} ${colorScheme} does not scroll sideways`, wider <= 0, String(wider));
        const small = await tab.evaluate(() => [...document.querySelectorAll("a,button,input")].filter((part) => part.offsetParent)
          .map((part) => part.getBoundingClientRect()).filter((box) => box.width < 44 || box.height < 44).length);
        check(`${name} ${kind} targets >= 44 px`, small === 0, String(small));
        const session = await context.newCDPSession(tab);
        await session.send("Runtime.evaluate", { expression: axe });
        const found = await tab.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
        const bad = found.violations.filter((it) => ["serious", "critical"].includes(it.impact));
        check(`${name} ${kind} ${colorScheme} axe`, bad.length === 0, found.violations.map((it) => `${it.impact} ${it.id}: ${it.nodes[0]?.html.slice(0, 120)}`).join(" | "));
        await context.close();
      }
    }
  }
  for (const lang of ["de", "fr", "es", "ja"]) {
    for (const [kind, options] of [["phone", PHONE], ["small", SMALL]]) {
      for (const name of ["index", "ticket"]) {
        const { context, tab } = await open(options, `${name}-${lang}.html`);
        await tab.screenshot({ path: join(shots, `${name}-${lang}-${kind}.png`) });
        check(`${name} ${lang} ${kind} does not scroll sideways`, await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
        await context.close();
      }
    }
  }
  const contrast = await open({ ...PHONE, contrast: "more" });
  await contrast.tab.screenshot({ path: join(shots, "index-contrast.png") });
  const plain = await open({ ...PHONE, javaScriptEnabled: false });
  await plain.tab.screenshot({ path: join(shots, "index-noscript.png"), fullPage: true });
}

function announce(id, { name = "BLR_9000", at = 0, arriving = false } = {}) {
  const html = `<li data-photo="${id}" style="--c:#777777;--r:22"${arriving ? " data-arriving" : ""}><a href="photo.html"><img src="i/${at}-thumb.jpg?${id}" srcset="i/${at}-thumb.jpg?${id} 360w, i/${at}-screen.jpg 1200w" sizes="120px" width="1200" height="800" alt="Photo ${name}" decoding="async"></a></li>`;
  for (const stream of streams) stream.write(`event: photo\nid: ${id}\ndata: ${JSON.stringify({ id, html })}\n\n`);
}
const until = async (what, test) => {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await test()) return check(what, true);
    await new Promise((done) => setTimeout(done, 50));
  }
  check(what, false);
};

async function weigh() {
  const context = await browser.newContext(PHONE);
  const tab = await context.newPage();
  let bytes = 0;
  const asked = [];
  tab.on("response", async (response) => {
    const body = await response.body().catch(() => null);
    bytes += body?.length ?? 0;
    if (response.url().endsWith(".jpg")) asked.push(response.url().split("/").pop());
  });
  await tab.goto(`${at}/index.html`, { waitUntil: "load" });
  check("thumbs only on a phone", asked.every((name) => name.includes("thumb")), asked.join(" "));
  await context.close();
  const dense = await browser.newContext({ ...PHONE, deviceScaleFactor: 3 });
  const again = await dense.newPage();
  await again.goto(`${at}/index.html`, { waitUntil: "load" });
  const chosen = await again.evaluate(() => [...document.images].map((it) => it.currentSrc).filter((src) => src.includes("screen")).length);
  check("thumbs only at three device pixels a point", chosen === 0, String(chosen));
  await dense.close();
  say(`     first load uncompressed ${bytes} bytes`);
}

async function live() {
  const { context, tab } = await open(PHONE);
  const first = () => tab.evaluate(() => document.querySelector("#sheet li").dataset.photo);
  const id = (n) => `0197b1e0-0000-7000-8000-1${String(n).padStart(11, "0")}`;
  await until("the stream is open", () => streams.length > 0);
  announce(id(1));
  await until("a new photo stands first", async () => (await first()) === id(1));
  await until("its time is reported", () => seen.some((it) => it.frame === id(1)));
  announce(id(1));
  check("the count went up", (await tab.textContent("[data-count]")) === "13 photos", await tab.textContent("[data-count]"));
  await tab.evaluate(() => scrollTo(0, 400));
  await tab.waitForTimeout(100);
  const before = await tab.evaluate(() => document.querySelector("#sheet li:nth-child(6)").getBoundingClientRect().top);
  announce(id(2));
  announce(id(3));
  await until("scrolled down: a pill says so", () => tab.evaluate(() => document.querySelector(".pill").textContent === "2 new photos ↑"));
  check("nothing moved", before === (await tab.evaluate(() => document.querySelector("#sheet li:nth-child(6)").getBoundingClientRect().top)));
  await tab.screenshot({ path: join(shots, "live-pill.png") });
  await tab.click(".pill");
  await until("the pill leads to them", async () => (await first()) === id(3) && (await tab.evaluate(() => scrollY === 0)));
  for (const stream of streams) stream.write(`event: gone\ndata: ${JSON.stringify({ id: id(2) })}\n\n`);
  await until("a photo that is gone goes", () => tab.evaluate((gone) => !document.querySelector(`[data-photo="${gone}"]`), id(2)));
  check("reported once a photo", seen.filter((it) => it.frame === id(1)).length === 1, JSON.stringify(seen));
  for (const stream of streams) stream.end();
  streams = [];
  await until("the stream comes back", () => streams.length > 0);
  await context.close();
}

async function viewer() {
  const { context, tab } = await open(PHONE);
  await tab.tap("#sheet li:nth-child(3) a");
  await until("a tap opens the viewer", () => tab.evaluate(() => document.querySelector("dialog").open));
  check("its address is the photo's", tab.url().includes("photo.html"), tab.url());
  await tab.waitForTimeout(200);
  await tab.screenshot({ path: join(shots, "viewer.png") });
  await tab.evaluate(() => document.querySelector(".viewer ul").scrollBy({ left: innerWidth, behavior: "instant" }));
  await until("a swipe leads on", async () => /^4 of 12/.test(await tab.textContent(".viewer p")));
  await tab.screenshot({ path: join(shots, "viewer-portrait.png") });
  await tab.goBack();
  await until("back closes it", () => tab.evaluate(() => !document.querySelector("dialog").open));
  check("back on the gallery", tab.url().endsWith("index.html"), tab.url());
  await context.close();
  const wide = await open({ ...WIDE, reducedMotion: "reduce" });
  await wide.tab.focus("#sheet li:nth-child(1) a");
  await wide.tab.keyboard.press("Enter");
  await until("Enter opens it", () => wide.tab.evaluate(() => document.querySelector("dialog").open));
  await wide.tab.keyboard.press("ArrowRight");
  await until("arrow keys lead on", async () => /^2 of 12/.test(await wide.tab.textContent(".viewer p")));
  await wide.tab.waitForTimeout(200);
  await wide.tab.screenshot({ path: join(shots, "viewer-wide.png") });
  await wide.tab.keyboard.press("Escape");
  await until("Escape closes it", () => wide.tab.evaluate(() => !document.querySelector("dialog").open));
  check("the focus is on the photo that was seen last", await wide.tab.evaluate(() => document.activeElement === document.querySelector("#sheet li:nth-child(2) a")));
  await wide.tab.screenshot({ path: join(shots, "focus-wide.png") });
  await wide.context.close();
}

async function patience() {
  busy = 2;
  const { context, tab } = await open(PHONE);
  await until("a busy booth says one moment", () => tab.evaluate(() => !!document.querySelector("[data-waiting]")));
  await tab.screenshot({ path: join(shots, "waiting.png") });
  await until("and means it", () => tab.evaluate(() => document.querySelector("#sheet img").naturalWidth > 0 && !document.querySelector("#sheet li:first-child[data-waiting]")));
  await context.close();
}

await weigh();
await live();
await viewer();
await patience();
await look();
await browser.close();
server.closeAllConnections();
server.close();
say(faults ? `${faults} faults` : "no fault");
process.exit(faults ? 1 : 0);
