// The README's pictures, from a real rehearsal: the window under a virtual screen and the guest's page as a phone shows it.
//   node picture.mjs [--frames N] [--out DIR]        (as root: the pictures show a network that is made for them)
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { PHONE, isDecoded, launch } from "./lib/browser.mjs";
import { until, windowProgram, workFolder } from "./lib/studio.mjs";
import { openWindow } from "./lib/window.mjs";

const { values } = parseArgs({ options: { frames: { type: "string", default: "24" }, out: { type: "string", default: fileURLToPath(new URL("../../docs/", import.meta.url)) } } });
const FRAMES = Number(values.frames);
const WITHIN_MS = 300_000;
/** Across the phone's picture: it stands small beside the text. */
const PHONE_PX = 585;
/** A booth's own network, so that no address of this machine stands in a picture. */
const NETWORK = "ip link set lo up && ip link add wlan0 type veth peer name far && ip addr add 192.168.8.10/24 dev wlan0 && ip link set wlan0 up && ip link set far up";
const GUEST = "192.168.8.10:8080";

if (!process.env.BOOTHLIGHT_PICTURE) {
  const env = { ...process.env, BOOTHLIGHT_PICTURE: "inside" };
  execFileSync("unshare", ["-n", "--", "sh", "-c", `${NETWORK} && exec "$@"`, "sh", process.execPath, ...process.argv.slice(1)], { env, stdio: "inherit" });
  process.exit(0);
}

const work = workFolder();
mkdirSync(values.out, { recursive: true });
const args = ["--data", join(work.top, "data"), "--guest", "0.0.0.0:8080", "--operator", "127.0.0.1:0", "--no-mdns", "--rehearsal"];
const { browser: window, close } = await openWindow({ program: windowProgram, args, folder: join(work.top, "home") });
const phones = await launch();
try {
  await window.$("[data-testid=sheet]").waitForExist({ timeout: 20_000 });
  const total = () => window.execute(() => Number(document.querySelector("[data-testid=all-tab]")?.textContent?.replace(/\D/g, "") ?? 0));
  await until(`${FRAMES} frames`, async () => (await total()) >= FRAMES, { within_ms: WITHIN_MS, every_ms: 500 });
  const phone = await phones.newPage(PHONE);
  await phone.goto(`http://${GUEST}/`);
  await until("the phone's pictures", () => phone.locator("[data-photo] img").first().evaluate(isDecoded));
  await phone.waitForTimeout(1500);
  const png = join(work.top, "screen.png");
  await phone.screenshot({ path: png });
  execFileSync("vipsthumbnail", [png, "-s", `${PHONE_PX}x`, "-o", `${join(values.out, "phone.jpg")}[Q=82]`]);
  await window.saveScreenshot(png);
  execFileSync("vips", ["copy", png, `${join(values.out, "window.jpg")}[Q=82]`]);
} finally {
  await phones.close();
  await close();
  work.tidy();
}
