/**
 * The operator's API, in the shape that openapi-typescript gives.
 * `npm run types` writes this file from docs/openapi.json.
 */

export interface components {
  schemas: {
    Studio: {
      version: string;
      rehearsal: boolean;
      event: components["schemas"]["Event"];
      guest: components["schemas"]["Guest"];
      originals_dir: string;
    };
    Event: { id: string; name: string };
    Guest: { join_url: string; addresses: components["schemas"]["Address"][]; mdns_url?: string | null };
    Address: { url: string; interface: string };
    Pulse: {
      at_ms: number;
      sources: components["schemas"]["Source"][];
      queue: components["schemas"]["Queue"];
      phones: number;
      first_preview: components["schemas"]["FirstPreview"];
      disk: components["schemas"]["Disk"];
      frames: number;
      attention: number;
    };
    Source: {
      id: string;
      kind: "hot_folder" | "card";
      label: string;
      state: "watching" | "gone" | "importing" | "done";
      detail?: string | null;
      bytes_per_s: number;
      last_file?: string | null;
      last_at_ms?: number | null;
    };
    Queue: { depth: number; oldest_age_ms?: number | null };
    FirstPreview: { count: number; median_ms?: number | null; p95_ms?: number | null };
    Disk: { free_bytes: number; frames_left?: number | null };
    FramePage: { frames: components["schemas"]["Frame"][]; next_before?: number | null; total: number };
    Frame: {
      id: string;
      seq: number;
      name: string;
      state: "arriving" | "landed";
      preview: "waiting" | "ready" | "failed";
      width_px?: number | null;
      height_px?: number | null;
      thumbhash?: string | null;
      version?: string | null;
      ticket?: string | null;
      captured_at?: string | null;
      seen_at_ms: number;
      kinds: ("raw" | "jpeg" | "sidecar")[];
    };
    FrameDetail: {
      frame: components["schemas"]["Frame"];
      facts: components["schemas"]["CaptureFacts"];
      creator?: string | null;
      originals: components["schemas"]["Original"][];
      stages: components["schemas"]["Stage"][];
    };
    CaptureFacts: {
      captured_local?: string | null;
      make?: string | null;
      model?: string | null;
      serial?: string | null;
      lens?: string | null;
      exposure_s?: string | null;
      aperture_f?: number | null;
      iso?: number | null;
      focal_mm?: number | null;
    };
    Original: {
      id: string;
      name: string;
      path: string;
      bytes: number;
      sha256: string;
      kind: "raw" | "jpeg" | "sidecar";
      landed_at_ms?: number | null;
    };
    Stage: {
      stage: "first_byte" | "complete" | "landed" | "decoded" | "encoded" | "announced" | "phone_decoded";
      at_ms: number;
      since_complete_ms: number;
    };
    Tickets: { current?: string | null; tickets: components["schemas"]["Ticket"][] };
    Ticket: { code: string; url: string; frames: number; created_at_ms: number };
    Assigned: { changed: number; previous: components["schemas"]["Previous"][] };
    Previous: { frame: string; ticket?: string | null };
    AttentionList: { items: components["schemas"]["Attention"][]; total: number };
    Attention: {
      id: string;
      file_name: string;
      path: string;
      problem: string;
      safe: string;
      next: string;
      at_ms: number;
      source: string;
    };
    ImportStarted: { source_id: string };
    Failure: { error: string; message: string };
  };
}
