// How well the booth is: each figure of the pulse as calm, amber or red, and a word for it. Pure.
import { bare, bytes, count, plural, rate, sentence, span } from "./format";
import type { Guest, Level, Pulse, Source } from "./model";

export interface Sign {
  level: Level;
  /** What stands in the strip. */
  text: string;
  /** What stands there too where there is room. */
  more?: string;
  /** One sentence that says what it means and what to do. */
  meaning: string;
}

/** Past these a guest waits noticeably; the budget of a first preview is 150 ms median, 400 ms p95. */
const PREVIEW_WARN_MS = 400;
const PREVIEW_BAD_MS = 2000;
/** A preview that is asked for and not made within this is late. */
const QUEUE_WARN_MS = 5000;
const QUEUE_BAD_MS = 30_000;
/** Frames that still fit on the disk: half an evening, and the next ten minutes. */
const DISK_WARN_FRAMES = 1000;
const DISK_BAD_FRAMES = 150;
const DISK_WARN_BYTES = 10_000_000_000;
/** A pace is told from so much shooting: a burst alone would frighten. */
const PACE_MS_MIN = 60_000;
const PACE_FRAMES_MIN = 5;

/** How a source is; what the studio says of it comes first, then what is safe and what to do. */
export function source(of: Source): Sign {
  const said = of.detail ? `${sentence(of.detail)} ` : "";
  const words: Record<Source["state"], Sign> = {
    watching: {
      level: "well",
      text: rate(of.bytes_per_s),
      meaning: `${said}New files appear in the sheet as they are written.`,
    },
    importing: { level: "well", text: rate(of.bytes_per_s), meaning: `${said}Leave it connected until it says done.` },
    done: { level: "well", text: "done", meaning: `${said || "All of it is safe on disk. "}It can be taken out.` },
    gone: {
      level: "bad",
      text: "gone",
      meaning: said ? `${said}What has landed is safe.` : "It cannot be read now. What has landed is safe. Connect it again: it goes on by itself.",
    },
  };
  return words[of.state];
}

/** Whether phones can come. */
export function network(of: Guest): Sign {
  if (of.addresses.length === 0) {
    return {
      level: "bad",
      text: "No network",
      meaning: "This computer is in no network, so no phone can join. Frames are taken and kept as always. Switch the router on, or join its Wi-Fi: the QR comes back by itself.",
    };
  }
  if (/^(127\.|localhost\b|\[::1\])/.test(bare(of.join_url))) {
    return {
      level: "warn",
      text: "This computer only",
      meaning: "Phones cannot open this address: the studio was started for this computer alone. For phones, start it with --guest 0.0.0.0:8080.",
    };
  }
  return { level: "good", text: "Ready", meaning: `Guests open ${bare(of.join_url)}` };
}

export function queue(of: Pulse["queue"]): Sign {
  const age = of.oldest_age_ms ?? 0;
  const level: Level = age >= QUEUE_BAD_MS ? "bad" : age >= QUEUE_WARN_MS ? "warn" : "well";
  const text = of.depth === 0 ? "0" : `${count(of.depth)} · ${span(of.oldest_age_ms)}`;
  const meaning = {
    well: of.depth === 0 ? "Every frame has its preview." : "Previews are being made, the newest frame first.",
    good: "",
    warn: "Previews take a while: more comes in than this computer can draw. The newest frame still goes first.",
    bad: "Previews are late. Originals are safe. Close other programs, or let the camera rest for a moment.",
  }[level];
  return { level, text, meaning };
}

export function firstPreview(of: Pulse["first_preview"]): Sign {
  if (of.median_ms == null) {
    return { level: "well", text: "–", meaning: "Measured from the first frame on: from the complete file to the picture on a phone." };
  }
  const level: Level = of.median_ms >= PREVIEW_BAD_MS ? "bad" : of.median_ms >= PREVIEW_WARN_MS ? "warn" : "well";
  const meaning = {
    well: "Guests see a frame almost as soon as the camera has written it.",
    good: "",
    warn: "Guests wait noticeably. See whether the queue is long or the network is busy.",
    bad: "Guests wait long. See whether the queue is long or the network is busy.",
  }[level];
  return { level, text: span(of.median_ms), meaning };
}

export function phones(n: number): Sign {
  return {
    level: "well",
    text: count(n),
    meaning: n === 0 ? "No guest's page is open. Show the join QR." : `${plural(n, "guest's page is", "guests' pages are")} open now.`,
  };
}

export function disk(of: Pulse["disk"], leftMs: number | null = null): Sign {
  const left = of.frames_left;
  const level: Level =
    left == null ? (of.free_bytes < DISK_WARN_BYTES ? "warn" : "well") : left < DISK_BAD_FRAMES ? "bad" : left < DISK_WARN_FRAMES ? "warn" : "well";
  const meaning = {
    well: "Room enough.",
    good: "",
    warn: "Getting full. Free some room before the evening is over.",
    bad: "Almost full. Nothing that landed is touched. Free some room now.",
  }[level];
  return { level, text: left == null ? bytes(of.free_bytes) : plural(left, "frame"), more: leftMs === null ? undefined : span(leftMs), meaning };
}

/** How long the disk lasts at the pace of the given stretch of pulses; null when too little was shot to tell. */
export function diskTimeLeft(history: readonly Pulse[]): number | null {
  const first = history[0];
  const last = history.at(-1);
  if (!first || !last || last.disk.frames_left == null) return null;
  const shot = last.frames - first.frames;
  const tookMs = last.at_ms - first.at_ms;
  return shot < PACE_FRAMES_MIN || tookMs < PACE_MS_MIN ? null : (last.disk.frames_left * tookMs) / shot;
}

/** A source's name for the strip: of a path its last folder. */
export const shortName = (of: Source) => of.label.split(/[/\\]/).filter(Boolean).at(-1) ?? of.label;
