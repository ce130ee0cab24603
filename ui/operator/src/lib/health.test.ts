import { describe, expect, it } from "vitest";
import { disk, diskTimeLeft, firstPreview, network, phones, queue, shortName, source } from "./health";
import type { Guest, Pulse } from "./model";
import { madeUpSource } from "./testing/made_up";

const pulse = (at_ms: number, frames: number, frames_left: number | null): Pulse => ({
  at_ms, frames, attention: 0, phones: 0, sources: [],
  queue: { depth: 0, oldest_age_ms: null },
  first_preview: { count: 0, median_ms: null, p95_ms: null },
  disk: { free_bytes: 1e12, frames_left },
  development: { waiting: 0, running: 0, failed: 0, device: "CPU (2 cores)", notice: null },
});

describe("signs", () => {
  it("are calm when well", () => {
    expect(queue({ depth: 0, oldest_age_ms: null })).toMatchObject({ level: "well", text: "0" });
    expect(queue({ depth: 12, oldest_age_ms: 800 })).toMatchObject({ level: "well", text: "12 · 800 ms" });
    expect(firstPreview({ count: 9, median_ms: 180, p95_ms: 390 })).toMatchObject({ level: "well", text: "180 ms" });
    expect(firstPreview({ count: 0, median_ms: null, p95_ms: null }).text).toBe("–");
    expect(disk({ free_bytes: 4e11, frames_left: 11_770 })).toMatchObject({ level: "well", text: "11,770 frames" });
    expect(disk({ free_bytes: 4e11, frames_left: 11_770 }, 21_600_000)).toMatchObject({ text: "11,770 frames", more: "6 h" });
    expect(disk({ free_bytes: 4e11, frames_left: null })).toMatchObject({ text: "400 GB", more: undefined });
    expect(phones(1).meaning).toBe("1 guest's page is open now.");
  });

  it("rise with what a guest would notice", () => {
    expect([4999, 5000, 30_000].map((age) => queue({ depth: 3, oldest_age_ms: age }).level)).toEqual(["well", "warn", "bad"]);
    expect([399, 400, 2000].map((ms) => firstPreview({ count: 1, median_ms: ms, p95_ms: ms }).level)).toEqual(["well", "warn", "bad"]);
    expect([1000, 999, 149].map((n) => disk({ free_bytes: 1, frames_left: n }).level)).toEqual(["well", "warn", "bad"]);
    expect(source(madeUpSource({ state: "gone" }))).toMatchObject({ level: "bad", text: "gone" });
  });

  it("say of a source what the studio said, what is safe and what to do", () => {
    const meaning = (state: "gone" | "importing" | "done", detail: string | null) => source(madeUpSource({ state, detail })).meaning;
    expect(meaning("gone", "112 of 340 files. Put the card back and the import goes on")).toBe(
      "112 of 340 files. Put the card back and the import goes on. What has landed is safe.",
    );
    expect(meaning("gone", null)).toMatch(/cannot be read now.*safe.*Connect it again/);
    expect(meaning("importing", "3 of 9 files")).toBe("3 of 9 files. Leave it connected until it says done.");
    expect(meaning("done", null)).toBe("All of it is safe on disk. It can be taken out.");
  });

  it("tell whether phones can come", () => {
    const guest = (join_url: string, interfaces: string[]): Guest => ({
      join_url, mdns_url: null, addresses: interfaces.map((name) => ({ url: join_url, interface: name })),
    });
    expect(network(guest("http://192.168.1.20:8080/", ["wlan0"]))).toMatchObject({ level: "good", meaning: "Guests open 192.168.1.20:8080" });
    expect(network(guest("http://127.0.0.1:8080/", ["bound"])).level).toBe("warn");
    expect(network(guest("http://127.0.0.1:8080/", [])).level).toBe("bad");
  });

  it("name a source by its folder", () => {
    const names = ["/media/lena/Boothlight/", "A7 III", "C:\\Photos\\In"].map((label) => shortName(madeUpSource({ label })));
    expect(names).toEqual(["Boothlight", "A7 III", "In"]);
  });
});

describe("diskTimeLeft", () => {
  it("follows the pace of shooting", () => {
    expect(diskTimeLeft([pulse(0, 100, 700), pulse(60_000, 160, 600)])).toBe(600_000);
  });
  it("says nothing from too little", () => {
    expect(diskTimeLeft([])).toBeNull();
    expect(diskTimeLeft([pulse(0, 100, 700), pulse(20_000, 160, 600)])).toBeNull();
    expect(diskTimeLeft([pulse(0, 100, 700), pulse(60_000, 101, 699)])).toBeNull();
    expect(diskTimeLeft([pulse(0, 100, null), pulse(60_000, 160, null)])).toBeNull();
  });
});
