import { describe, expect, it } from "vitest";
import { disk, diskTimeLeft, firstPreview, folderName, phones, queue, shortName, source } from "./health";
import type { Pulse } from "./model";

const pulse = (at_ms: number, frames: number, frames_left: number | null): Pulse => ({
  at_ms, frames, attention: 0, phones: 0, sources: [],
  queue: { depth: 0, oldest_age_ms: null },
  first_preview: { count: 0, median_ms: null, p95_ms: null },
  disk: { free_bytes: 1e12, frames_left },
});

describe("signs", () => {
  it("are calm when well", () => {
    expect(queue({ depth: 0, oldest_age_ms: null })).toMatchObject({ level: "well", text: "0" });
    expect(queue({ depth: 12, oldest_age_ms: 800 })).toMatchObject({ level: "well", text: "12 · 800 ms" });
    expect(firstPreview({ count: 9, median_ms: 180, p95_ms: 390 })).toMatchObject({ level: "well", text: "180 ms" });
    expect(firstPreview({ count: 0, median_ms: null, p95_ms: null }).text).toBe("–");
    expect(disk({ free_bytes: 4e11, frames_left: 11_770 })).toMatchObject({ level: "well", text: "11,770 frames" });
    expect(disk({ free_bytes: 4e11, frames_left: null }).text).toBe("400 GB");
    expect(phones(1).meaning).toBe("1 guest's page is open now.");
  });

  it("rise with what a guest would notice", () => {
    expect([4999, 5000, 30_000].map((age) => queue({ depth: 3, oldest_age_ms: age }).level)).toEqual(["well", "warn", "bad"]);
    expect([399, 400, 2000].map((ms) => firstPreview({ count: 1, median_ms: ms, p95_ms: ms }).level)).toEqual(["well", "warn", "bad"]);
    expect([1000, 999, 149].map((n) => disk({ free_bytes: 1, frames_left: n }).level)).toEqual(["well", "warn", "bad"]);
    const gone = source({ id: "a", kind: "hot_folder", label: "Card", state: "gone", bytes_per_s: 0 });
    expect(gone).toMatchObject({ level: "bad", text: "gone" });
  });

  it("name a source by its folder", () => {
    const at = (label: string, detail: string | null = null) => ({ id: "a", kind: "hot_folder", label, detail, state: "watching", bytes_per_s: 0 }) as const;
    expect([shortName(at("/media/lena/Boothlight/")), shortName(at("A7 III")), shortName(at("C:\\Photos\\In"))]).toEqual(["Boothlight", "A7 III", "In"]);
    expect([folderName(at("Camera", "/media/in")), folderName(at("/media/in", "3 files waiting"))]).toEqual(["/media/in", "/media/in"]);
  });
});

describe("diskTimeLeft", () => {
  it("follows the pace of shooting", () => {
    expect(diskTimeLeft([pulse(0, 100, 700), pulse(60_000, 160, 600)])).toBe(600_000);
  });
  it("says nothing from too little", () => {
    expect(diskTimeLeft([])).toBeNull();
    expect(diskTimeLeft([pulse(0, 100, 700), pulse(60_000, 101, 699)])).toBeNull();
    expect(diskTimeLeft([pulse(0, 100, null), pulse(60_000, 160, null)])).toBeNull();
  });
});
