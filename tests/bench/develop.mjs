// From a raw file to a developed JPEG of 2,048 px on the processor: each file alone and fifty in a row, beside the programs
// that a photographer would take instead, in the same run. Where a peer is missing, its line says so.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { drawnPhotos, headlessProgram, sample } from "../e2e/lib/studio.mjs";
import { flag, median } from "./figures.mjs";

const ROUNDS = flag("rounds", 5);
const STREAM = flag("stream", 50);
const SIZE_PX = 2048;
// And their sensors, megapixels.
const FILES = { "_DSC2164.ARW": 18.0, "IMG_0848.CR2": 8.3, "test_raw.cr2": 14.7, "derived_a7r4_24mp_ljpeg.dng": 24.0 };
const work = mkdtempSync(join(tmpdir(), "boothlight-bench-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

/** Runs a command under time(1): wall and processor seconds, and the largest resident size. */
function timed(command, args, options = {}) {
  const figures = join(work, "time");
  const done = spawnSync("/usr/bin/time", ["-f", "%e %U %S %M", "-o", figures, command, ...args], { stdio: ["ignore", "pipe", "pipe"], ...options });
  if (done.status !== 0) throw new Error(`${command}: ${done.stderr}`);
  const [wall, user, system, kib] = readFileSync(figures, "utf8").trim().split("\n").at(-1).split(" ").map(Number);
  return { wall_ms: wall * 1000, cpu_ms: (user + system) * 1000, mib: kib / 1024, stdout: done.stdout };
}

function medianOf(rounds, run) {
  const all = Array.from({ length: rounds }, run);
  const of = (key) => median(all.map((one) => one[key]));
  return { wall_ms: of("wall_ms"), cpu_ms: of("cpu_ms"), mib: Math.max(...all.map((one) => one.mib)) };
}

const line = (name, text) => console.log(`  ${name.padEnd(44)} ${text}`);
const have = (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const dcraw = process.env.BOOTHLIGHT_DCRAW_EMU;

/** Peers: each makes a JPEG of 2,048 px from one raw. */
const PEERS = [
  ["darktable-cli", have("darktable-cli"), (file) =>
    timed("darktable-cli", [file, join(work, "peer.jpg"), "--width", SIZE_PX, "--height", SIZE_PX, "--core", "--disable-opencl", "--configdir", join(work, "dt"), "--library", ":memory:"].map(String))],
  ["rawtherapee-cli", have("rawtherapee-cli"), (file) => timed("rawtherapee-cli", ["-Y", "-o", join(work, "peer.jpg"), "-c", file])],
  ["dcraw_emu -h + vips", Boolean(dcraw) && have("vips"), (file) => {
    const a = timed(dcraw, ["-h", "-w", "-Z", join(work, "peer.ppm"), file]);
    const b = timed("vips", ["thumbnail", join(work, "peer.ppm"), join(work, "peer.jpg"), String(SIZE_PX)]);
    return { wall_ms: a.wall_ms + b.wall_ms, cpu_ms: a.cpu_ms + b.cpu_ms, mib: Math.max(a.mib, b.mib) };
  }],
  ["rawpy half + Pillow", Boolean(process.env.BOOTHLIGHT_RAWPY), (file) =>
    timed(process.env.BOOTHLIGHT_RAWPY, ["-c", `
import sys, rawpy
from PIL import Image
with rawpy.imread(sys.argv[1]) as raw:
    rgb = raw.postprocess(half_size=True, use_camera_wb=True)
picture = Image.fromarray(rgb)
picture.thumbnail((${SIZE_PX}, ${SIZE_PX}))
picture.save(sys.argv[2], quality=92)`, file, join(work, "peer.jpg")])],
];

const arguments_of = (files) => ["develop", ...files, "-o", join(work, "out"), "--device", "cpu", "--replace", "--size", String(SIZE_PX)];
const develop = (files) => timed(headlessProgram, arguments_of(files));

/** Where a file lies: among the fetched samples, else beside the checkout; nothing where it is neither. */
function found(name) {
  const beside = join(dirname(fileURLToPath(import.meta.url)), "../../../shared/samples", name);
  try {
    return sample(name);
  } catch {
    return existsSync(beside) ? beside : undefined;
  }
}

/** The memory of a process and of those that it started, shared pages counted once, MB. */
function memory_mb(pid) {
  try {
    const kib = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    const tasks = readdirSync(`/proc/${pid}/task`);
    const children = tasks.flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean));
    return (kib * 1024) / 1e6 + children.reduce((sum, child) => sum + memory_mb(child), 0);
  } catch {
    return 0; // It ended meanwhile.
  }
}

/** Develops the files; the most memory that all processes had together, looked at every few ms. */
async function peak_mb(files) {
  const child = spawn(headlessProgram, arguments_of(files), { stdio: "ignore" });
  const ended = new Promise((done) => child.on("exit", done));
  let most = 0;
  const looking = setInterval(() => (most = Math.max(most, memory_mb(child.pid))), 4);
  await ended;
  clearInterval(looking);
  return most;
}

/** Lines of one of the crate's example programs. */
function example(name, args) {
  const run = spawnSync(join(dirname(headlessProgram), "examples", name), args, { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`${name}: ${run.error ?? run.stderr}`);
  return run.stdout.trim().split("\n");
}

console.log(`raw -> developed JPEG of ${SIZE_PX} px, processor only; median of ${ROUNDS}`);
for (const [name, sensor_mp] of Object.entries(FILES)) {
  const path = found(name);
  if (!path) {
    line(name, "not here");
    continue;
  }
  const one = medianOf(ROUNDS, () => develop([path]));
  const report = JSON.parse(develop([path]).stdout).files[0].report;
  const { times } = report;
  const stages = Object.entries(times).map(([stage, us]) => `${stage.replace("_us", "")} ${(us / 1000).toFixed(0)}`).join(", ");
  line(`${name} (${(statSync(path).size / 1e6).toFixed(1)} MB)`, `${one.wall_ms.toFixed(0)} ms wall with the program's start, ${one.cpu_ms.toFixed(0)} ms CPU of all its processes; stages, ms: ${stages}`);
  const { libraw_cpu_ms, ours_cpu_ms } = JSON.parse(example("unpack", [path])[0]);
  line("  decoding alone", `LibRaw ${libraw_cpu_ms.toFixed(0)} ms CPU, ours ${ours_cpu_ms.toFixed(0)}: the whole way takes ${(one.cpu_ms / libraw_cpu_ms).toFixed(2)} times LibRaw's`);
  const copies = Array.from({ length: STREAM }, (_, index) => {
    const copy = join(work, `${index}-${basename(path)}`);
    if (!existsSync(copy)) execFileSync("ln", ["-s", path, copy]);
    return copy;
  });
  const stream = develop(copies);
  const [single_mb, stream_mb] = [await peak_mb([path]), await peak_mb(copies)];
  const allowed_mb = 200 + 6 * sensor_mp;
  line(`  ${STREAM} in a row`, `${(stream.wall_ms / STREAM).toFixed(0)} ms each`);
  line("  memory of all processes", `${single_mb.toFixed(0)} MB at most for one, ${stream_mb.toFixed(0)} MB for ${STREAM} in a row; allowed ${allowed_mb.toFixed(0)}`);
  for (const [peer, there, run] of PEERS) {
    if (!there) {
      line(`  ${peer}`, "not installed");
      continue;
    }
    const theirs = medianOf(Math.min(ROUNDS, 3), () => {
      rmSync(join(work, "peer.jpg"), { force: true });
      return run(path);
    });
    line(`  ${peer}`, `${theirs.wall_ms.toFixed(0)} ms wall, ${theirs.cpu_ms.toFixed(0)} ms CPU: we are ${(theirs.wall_ms / one.wall_ms).toFixed(1)} times as fast`);
  }
}

console.log("the camera's own picture -> marked proofs (screen and thumb), one thread; median of 9");
const [drawn] = drawnPhotos(join(work, "drawn"), 1, 6000);
for (const path of [found("_DSC2164.ARW"), found("jpeg/derived_24mp_422_q93.jpg") ?? drawn].filter(Boolean)) {
  const [, text] = example("stages", [path]);
  line(basename(path), `${text.split(" | ")[1]} ms (${text.split("[")[1].split("]")[0]})`);
}

console.log("under the Look place's sliders, 1,280 px, processor; median of 30");
for (const path of Object.keys(FILES).map(found).filter(Boolean)) {
  line(basename(path), example("sliders", ["1280", path])[0].split(": ")[1]);
}
