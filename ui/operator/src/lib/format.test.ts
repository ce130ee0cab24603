import { describe, expect, it } from "vitest";
import { ago, bare, bytes, captured, exposure, middle, plural, rate, sentence, span, stateWord, ticketCode } from "./format";

describe("figures", () => {
  it("says sizes with what matters of them", () => {
    expect([0, 999, 1000, 34_567, 2_100_000, 35_000_000, 412_000_000_000].map(bytes)).toEqual([
      "0 B", "999 B", "1 kB", "35 kB", "2.1 MB", "35.0 MB", "412 GB",
    ]);
    expect(bytes(999_999)).toBe("1.0 MB");
    expect([rate(12), rate(2_100_000)]).toEqual(["idle", "2.1 MB/s"]);
  });

  it("says spans in one unit", () => {
    expect([0, 180.4, 999, 2440, 59_000, 61_000, 7_200_000, 259_200_000].map(span)).toEqual([
      "0 ms", "180 ms", "999 ms", "2.4 s", "59 s", "1 min", "2 h", "3 days",
    ]);
    expect([span(null), span(undefined)]).toEqual(["–", "–"]);
    expect([ago(500), ago(5000)]).toEqual(["just now", "5.0 s ago"]);
  });

  it("says exposures as a camera does", () => {
    expect(["1/250", "2", null, ""].map(exposure)).toEqual(["1/250 s", "2 s", null, null]);
  });

  it("leaves a camera's clock as it is", () => {
    expect(captured("2026-11-24T18:03:22.480+09:00")).toBe("18:03:22 · 2026-11-24");
    expect(captured("soon")).toBe("soon");
    expect(captured(null)).toBeNull();
  });

  it("counts in words", () => {
    expect([plural(1, "frame"), plural(12_000, "frame"), plural(2, "copy", "copies")]).toEqual(["1 frame", "12,000 frames", "2 copies"]);
  });
});

describe("texts", () => {
  it("makes a sentence of what a program said", () => {
    expect(["the file is empty", " No more. ", "", "ends with 2048"].map(sentence)).toEqual(["The file is empty.", "No more.", "", "Ends with 2048."]);
  });

  it("shows an address as people type it", () => {
    expect([bare("http://192.168.1.20:8080/"), bare("https://a.example/t/K7P3")]).toEqual(["192.168.1.20:8080", "a.example/t/K7P3"]);
  });
});

describe("names", () => {
  it("keeps both ends of a long name", () => {
    expect(middle("IMG_4211.CR2", 20)).toBe("IMG_4211.CR2");
    const short = middle("Night_Market_Saturday_second_card_DSC02164.ARW", 24);
    expect(short).toHaveLength(24);
    expect(short.endsWith("C02164.ARW")).toBe(true);
  });

  it("reads a code as people type it", () => {
    expect(ticketCode(" k7-p3 ")).toBe("K7P3");
  });

  it("says a state in a word, and nothing when all is well", () => {
    expect(stateWord({ state: "arriving", preview: "ready" })).toBe("Arriving");
    expect(stateWord({ state: "landed", preview: "ready" })).toBeNull();
    expect(stateWord({ state: "landed", preview: "failed" })).toBe("No preview");
    expect(stateWord({ state: "landed", preview: "waiting" })).toBe("Preparing");
  });
});
