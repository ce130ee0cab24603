// What the mock studio knows: frames, tickets and files that need attention, all made from numbers.
import { rgbaToThumbHash } from "thumbhash";
import { makeLooks } from "./looks.mjs";
import { randomOf, sceneOf } from "./scene.mjs";

const LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const START_MS = Date.UTC(2026, 10, 21, 17, 0, 0);

/** What the studio says of pictures that it could not read. */
const PROBLEMS = [
  "the file is cut off: the picture would need 31456789 bytes, and only 18219008 are there",
  "the camera put no preview into this raw; it will be developed later, and the original is safe",
  "the worker took too long over this file",
];
const JOIN = { url: "http://192.168.1.20:8080/", interface: "wlan0" };
const CABLE = { url: "http://10.42.0.1:8080/", interface: "eth0" };
const NETWORKS = { several: [JOIN, CABLE], one: [JOIN], none: [], local: [{ url: "http://127.0.0.1:8080/", interface: "bound" }] };

export function makeStore({ frames: count, attention: troubled, phones, event, gone, sources = [], network = "several", ...more }) {
  const random = randomOf(42);
  const code = () => Array.from({ length: 4 }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join("");
  const store = { frames: [], tickets: [], current: null, attention: [], phones, event, gone, sources, queue: 0, random };
  store.looks = makeLooks(more);
  store.originals = `/media/lena/photos/Originals/${event}`;
  store.addresses = NETWORKS[network];
  store.join = store.addresses[0]?.url ?? "http://127.0.0.1:8080/";
  for (let n = 0; n < Math.min(40, Math.ceil(count / 8)); n += 1) {
    store.tickets.unshift({ code: code(), url: "", frames: 0, created_at_ms: START_MS + n * 240_000 });
  }
  store.mint = () => {
    const ticket = { code: code(), url: "", frames: 0, created_at_ms: Date.now() };
    store.tickets.unshift(ticket);
    store.current = ticket.code;
    return ticket;
  };
  store.seen = (ticket) => ({ ...ticket, url: `${store.join}t/${ticket.code}` });
  for (let seq = 1; seq <= count; seq += 1) store.frames.push(makeFrame(store, seq, count));
  store.frames.reverse();
  store.current = store.tickets[0]?.code ?? null;
  store.attention = troubles.slice(0, troubled);
  return store;
}

function makeFrame(store, seq, count) {
  const { width, height, sky } = sceneOf(seq);
  const failed = seq % 47 === 23;
  const ticket = store.random() < 0.85 ? store.tickets[Math.floor(((count - seq) / count) * store.tickets.length)] : null;
  if (ticket) ticket.frames += 1;
  const raw = seq % 3 !== 0;
  const name = seq % 29 === 7 ? `Night_Market_Saturday_second_card_DSC0${2000 + seq}.ARW` : `IMG_${String(4000 + seq)}.${raw ? "CR2" : "JPG"}`;
  return {
    id: `0192f1c0-0000-7000-8000-${String(seq).padStart(12, "0")}`,
    seq,
    name,
    state: seq > count - 2 && count > 2 ? "arriving" : "landed",
    preview: failed ? "failed" : "ready",
    preview_problem: failed ? PROBLEMS[seq % PROBLEMS.length] : null,
    width_px: failed ? null : width,
    height_px: failed ? null : height,
    thumbhash: failed ? null : hashOf(sky),
    version: failed ? null : `v${seq}`,
    ticket: ticket?.code ?? null,
    captured_at: new Date(START_MS + seq * 4000).toISOString(),
    seen_at_ms: START_MS + seq * 4000,
    kinds: raw ? ["raw", "jpeg"] : ["jpeg"],
    developed: raw && !failed,
    look: raw && !failed ? "developed" : "embedded",
  };
}

export function nextFrame(store) {
  const seq = (store.frames[0]?.seq ?? 0) + 1;
  const frame = { ...makeFrame({ ...store, random: () => 1 }, seq, seq), ticket: store.current, state: "arriving", seen_at_ms: Date.now() };
  return { ...frame, preview: "waiting", preview_problem: null, version: null };
}

const hashes = new Map();
function hashOf(sky) {
  const key = sky.join();
  if (!hashes.has(key)) {
    const rgba = new Uint8Array(8 * 8 * 4);
    for (let at = 0; at < 64; at += 1) {
      const colour = sky[Math.min(2, Math.floor(at / 22))];
      rgba.set([1, 3, 5].map((from) => Number.parseInt(colour.slice(from, from + 2), 16)), at * 4);
      rgba[at * 4 + 3] = 255;
    }
    hashes.set(key, Buffer.from(rgbaToThumbHash(8, 8, rgba)).toString("base64"));
  }
  return hashes.get(key);
}

export function detailOf(store, frame) {
  const at = frame.seen_at_ms;
  const stem = frame.name.replace(/\.\w+$/, "");
  const files = frame.kinds.map((kind) => ({ kind, name: `${stem}.${kind === "raw" ? "CR2" : "JPG"}`, bytes: kind === "raw" ? 31_456_789 : 9_876_543 }));
  const stages = [["first_byte", -640], ["complete", 0], ["decoded", 62], ["encoded", 118], ["announced", 124], ["phone_decoded", 171], ["landed", 812]];
  const shown = frame.preview === "failed" ? stages.filter(([stage]) => ["first_byte", "complete", "landed"].includes(stage)) : stages;
  return {
    frame,
    facts: {
      captured_local: frame.captured_at, make: "Canon", model: "Canon EOS R6m2", serial: "043021004417", lens: "RF 35mm F1.8 Macro IS STM",
      exposure_s: "1/250", aperture_f: 2.8, iso: 1600, focal_mm: 35,
    },
    creator: "Lena",
    originals: files.map((file, n) => ({
      id: `${frame.id}-${n}`, ...file, path: `/media/lena/photos/Originals/${store.event}/Lena/${file.name}`,
      sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", landed_at_ms: at + 812,
    })),
    stages: shown.map(([stage, since]) => ({ stage, at_ms: at + since, since_complete_ms: since })),
  };
}

export function pulseOf(store) {
  const busy = store.frames.length === 0 ? 0 : 1_400_000 + Math.round(store.random() * 1_200_000);
  const folder = { kind: "hot_folder", bytes_per_s: busy, last_file: store.frames[0]?.name ?? null, last_at_ms: store.frames[0]?.seen_at_ms ?? null };
  const sources = [{ ...folder, id: "s1", label: "/media/lena/photos/Boothlight", state: "watching", detail: null }];
  if (store.gone) sources.push({ ...folder, id: "s2", label: "/media/lena/EOS_DIGITAL", kind: "card", state: "gone", bytes_per_s: 0, detail: "112 of 340 files. Put the card back and the import goes on." });
  sources.push(...store.sources.map((source, at) => ({ ...folder, bytes_per_s: 0, detail: null, id: `more-${at}`, ...source })));
  return {
    at_ms: Date.now(),
    sources,
    queue: { depth: store.queue, oldest_age_ms: store.queue > 0 ? (store.oldest ?? store.queue * 90) : null },
    phones: store.phones,
    first_preview: store.frames.length > 0 ? { count: store.frames.length, median_ms: 171 + Math.round(store.random() * 14), p95_ms: 392 } : { count: 0, median_ms: null, p95_ms: null },
    disk: store.disk ?? { free_bytes: 412_300_000_000, frames_left: store.frames.length > 0 ? 11_770 - (store.frames.length % 997) : null },
    development: { waiting: store.looks?.waiting ?? 0, running: 0, failed: 0, device: "CPU (2 cores)", notice: null },
    frames: store.frames.length,
    attention: store.attention.length,
  };
}

const troubles = [
  {
    id: "a1", file_name: "IMG_4107.CR2", path: "/media/lena/photos/Boothlight/IMG_4107.CR2", source: "Pictures/Boothlight", at_ms: Date.now() - 190_000,
    problem: "The file ends early: 18.2 of 31.4 MB are there. The camera or the card stopped while writing.",
    safe: "The part that came is kept where it is. All other frames are complete.",
    next: "Copy it from the card again, then press Retry.",
  },
  {
    id: "a2", file_name: "Night_Market_Saturday_second_card_with_a_long_name_DSC02164.ARW", path: "/media/lena/EOS_DIGITAL/DCIM/100MSDCF/Night_Market_Saturday_second_card_with_a_long_name_DSC02164.ARW",
    source: "EOS_DIGITAL", at_ms: Date.now() - 4_000_000,
    problem: "This is not a picture: its bytes are not what a Sony raw begins with.",
    safe: "Nothing was changed on the card.",
    next: "Look at it on the camera. If it can be seen there, copy it again; else set it aside.",
  },
  {
    id: "a3", file_name: "notes.txt", path: "/media/lena/photos/Boothlight/notes.txt", source: "Pictures/Boothlight", at_ms: Date.now() - 9_000_000,
    problem: "A text file does not belong to any frame.", safe: "It stays where it is.", next: "Set it aside, or move it elsewhere.",
  },
];
