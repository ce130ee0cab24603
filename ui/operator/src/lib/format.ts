// Figures in words that fit a strip. Pure.
import type { Frame, Stage } from "./model";

const EN = "en-GB";
const whole = new Intl.NumberFormat(EN, { maximumFractionDigits: 0 });

export const count = (n: number) => whole.format(n);
export const plural = (n: number, one: string, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

export function bytes(n: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let power = 0;
  let value = Math.max(0, n);
  while (value >= 999.5 && power < units.length - 1) {
    value /= 1000;
    power += 1;
  }
  return `${power > 1 && value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ${units[power]}`;
}

/** A rate; nothing moves below 1 kB/s. */
export const rate = (bytesPerS: number) => (bytesPerS < 1000 ? "idle" : `${bytes(bytesPerS)}/s`);

/** A span: 180 ms, 2.4 s, 3 min, 5 h, 2 days. */
export function span(ms: number | null | undefined): string {
  if (ms == null) return "–";
  const abs = Math.abs(ms);
  if (abs < 1000) return `${Math.round(ms)} ms`;
  if (abs < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  if (abs < 60_000) return `${Math.round(ms / 1000)} s`;
  if (abs < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (abs < 172_800_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}

export const ago = (ms: number) => (ms < 2000 ? "just now" : `${span(ms)} ago`);

/** An exposure as photographers write it (`1/250`, `2`), with its unit. */
export const exposure = (s: string | null | undefined) => (s ? `${s} s` : null);

/** A camera's own clock, as it wrote it: never shifted into this computer's zone. */
export function captured(local: string | null | undefined): string | null {
  const parts = local?.match(/^(\d{4})-(\d\d)-(\d\d)[T ](\d\d:\d\d:\d\d)/);
  return parts ? `${parts[4]} · ${parts[1]}-${parts[2]}-${parts[3]}` : (local ?? null);
}

/** An address as people type it. */
export const bare = (url: string) => url.replace(/^https?:\/\//, "").replace(/\/$/, "");

/** What a program said, as a sentence; empty stays empty. */
export function sentence(said: string): string {
  const text = said.trim();
  return text === "" ? "" : `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

/** The clock of this computer, to the minute. */
export function clock(ms: number): string {
  return new Intl.DateTimeFormat(EN, { hour: "2-digit", minute: "2-digit" }).format(ms);
}

/** A long name keeps its end: the number tells frames apart. */
export function middle(name: string, chars: number): string {
  if (name.length <= chars) return name;
  const tail = Math.min(12, Math.floor((chars - 1) / 2));
  return `${name.slice(0, chars - 1 - tail)}…${name.slice(-tail)}`;
}

/** What a frame's tile says of its state, in a word; null when all is well. */
export function stateWord(frame: Pick<Frame, "state" | "preview">): string | null {
  if (frame.preview === "failed") return "No preview";
  if (frame.state === "arriving") return "Arriving";
  return frame.preview === "waiting" ? "Preparing" : null;
}

export const kindsWord = (kinds: Frame["kinds"]) =>
  kinds.map((kind) => ({ raw: "RAW", jpeg: "JPEG", sidecar: "sidecar" })[kind]).join(" + ");

export const STAGE_WORDS: Record<Stage["stage"], string> = {
  first_byte: "First byte seen",
  complete: "File complete",
  landed: "Safe on disk",
  decoded: "Decoded",
  encoded: "Previews made",
  announced: "Announced",
  phone_decoded: "On a phone",
  developed: "Developed",
};

/** A whole typed ticket code: as people type it, to as it is kept. */
export const ticketCode = (typed: string) => typed.replace(/[\s-]/g, "").toUpperCase();
