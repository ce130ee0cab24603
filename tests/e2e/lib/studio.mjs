// Starts the headless studio on free ports and folders of its own, and ends it.
import { spawn, execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";

const READY_MS = 30_000;
const STOP_MS = 5_000;

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "boothlight");
const target = process.env.CARGO_TARGET_DIR || join(cache, "target");

export const headlessProgram = process.env.BOOTHLIGHT_BIN || join(target, "debug/boothlight");
export const windowProgram = process.env.BOOTHLIGHT_DESKTOP_BIN || join(target, "debug/boothlight-desktop");

/** Where screenshots go, to be looked at. */
export function shot(name) {
  const folder = join(cache, "shots");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.png`);
}

/** A real camera file; a missing one fails the test. */
export function sample(name) {
  const folder = process.env.BOOTHLIGHT_SAMPLES || join(cache, "samples");
  const path = join(folder, name);
  if (!existsSync(path)) throw new Error(`the sample ${path} is missing: run scripts/samples`);
  return path;
}

/** A fresh folder that is removed by `tidy`. */
export function workFolder() {
  const top = mkdtempSync(join(tmpdir(), "boothlight-"));
  return { top, tidy: () => rmSync(top, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Drawn camera files, as JPEG: their paths. The scenes are the same every time. */
export function drawnPhotos(folder, count, long_edge = 2400) {
  mkdirSync(folder, { recursive: true });
  const flags = ["rehearsal-files", folder, "--count", String(count), "--long-edge", String(long_edge)];
  execFileSync(headlessProgram, flags, { stdio: ["ignore", "ignore", "inherit"] });
  const photos = readdirSync(folder).filter((name) => /\.jpe?g$/i.test(name)).sort();
  if (photos.length < count) throw new Error(`only ${photos.length} of ${count} photos were drawn`);
  return photos.map((name) => join(folder, name));
}

/** Waits until `look` gives something truthy, or says what it waited for. */
export async function until(what, look, { within_ms = 20_000, every_ms = 50 } = {}) {
  const end = Date.now() + within_ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${within_ms} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, every_ms));
  }
}

/** First line of standard output as JSON; fails with what the program said on standard error. */
function readyLine(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`not ready within ${READY_MS} ms:\n${said}`)), READY_MS);
    child.stderr.on("data", (chunk) => (said = (said + chunk).slice(-8_000)));
    child.on("error", reject);
    child.on("exit", (code, signal) => reject(new Error(`the studio ended (${code ?? signal}) before it was ready:\n${said}`)));
    createInterface({ input: child.stdout }).once("line", (line) => {
      clearTimeout(timer);
      try {
        resolve(JSON.parse(line));
      } catch {
        reject(new Error(`the ready line is no JSON: ${line}`));
      }
    });
  });
}

/** The running studio: its addresses, its folders, and `stop`. */
export class Studio {
  static async start({ event = "Night Market", data, args = [], program = headlessProgram } = {}) {
    const folder = workFolder();
    const studio = new Studio();
    studio.data = data ?? join(folder.top, "data");
    studio.watch = join(folder.top, "camera");
    studio.tidy = folder.tidy;
    mkdirSync(studio.watch, { recursive: true });
    const flags = ["serve", "--data", studio.data, "--event", event, "--watch", studio.watch];
    flags.push("--guest", "127.0.0.1:0", "--operator", "127.0.0.1:0", "--no-mdns", ...args);
    studio.started_ms = Date.now();
    studio.child = spawn(program, flags, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    // Whatever ends this process takes its studio with it.
    process.once("exit", () => studio.killGroup());
    studio.ended = new Promise((resolve) => studio.child.once("exit", (code, signal) => resolve(code ?? signal)));
    try {
      const { guest, operator, secret, event } = await readyLine(studio.child);
      Object.assign(studio, { guest, operator, secret, event });
    } catch (error) {
      studio.killGroup();
      folder.tidy();
      throw error;
    }
    studio.ready_ms = Date.now();
    return studio;
  }

  /** The operator's page with its key. */
  get operatorUrl() {
    return `${this.operator}#key=${this.secret}`;
  }

  /** Asks the operator's API; gives JSON, or throws with the answer. */
  async api(path, { method = "GET", body } = {}) {
    const headers = { authorization: `Bearer ${this.secret}` };
    if (body !== undefined) headers["content-type"] = "application/json";
    const answer = await fetch(new URL(path, this.operator), { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** Copies a file into the watched folder, as a camera's software would. */
  shoot(path, name = basename(path)) {
    copyFileSync(path, join(this.watch, name));
  }

  /** Waits until that many frames have their preview. */
  async frames(count, within_ms = 60_000) {
    return until(`${count} frames with previews`, async () => {
      const page = await this.api(`api/frames?limit=${Math.min(count + 10, 2000)}`);
      return page.frames.filter((frame) => frame.preview === "ready").length >= count && page.frames;
    }, { within_ms });
  }

  killGroup() {
    // Once killed, its number may be another's.
    if (this.killed) return;
    this.killed = true;
    try {
      process.kill(-this.child.pid, "SIGKILL");
    } catch {
      // The group has ended by itself.
    }
  }

  /** SIGTERM; the studio must end cleanly within 5 s. */
  async stop() {
    this.child.kill("SIGTERM");
    let timer;
    const late = new Promise((resolve) => (timer = setTimeout(() => resolve("late"), STOP_MS)));
    const ended = await Promise.race([this.ended, late]);
    clearTimeout(timer);
    this.killGroup();
    this.tidy();
    if (ended !== 0) throw new Error(`after SIGTERM the studio ended with ${ended}, not 0 within ${STOP_MS} ms`);
  }
}
