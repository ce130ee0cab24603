// A frame and a source for tests, whole as the API gives them, with what matters to the test set.
import type { Frame, Source } from "../model";

export const madeUpFrame = (seq: number, more: Partial<Frame> = {}): Frame => ({
  id: `f${seq}`, seq, name: `IMG_${seq}.JPG`, state: "landed", preview: "ready", preview_problem: null, version: null,
  width_px: null, height_px: null, thumbhash: null, ticket: null, captured_at: null, seen_at_ms: seq, kinds: ["jpeg"],
  developed: false, look: "embedded", ...more,
});

export const madeUpSource = (more: Partial<Source> = {}): Source => ({
  id: "s1", kind: "hot_folder", label: "/media/in", state: "watching", detail: null, bytes_per_s: 0, last_file: null, last_at_ms: null, ...more,
});
