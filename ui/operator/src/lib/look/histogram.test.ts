import { describe, expect, it } from "vitest";
import { areaPath, clipped, luminanceOf, peak, readHistogram, shareWord, withoutBorder, type Histogram } from "./histogram";

const made = (fill: (channel: number, bin: number) => number): Histogram =>
  [0, 1, 2].map((channel) => Uint32Array.from({ length: 256 }, (_, bin) => fill(channel, bin))) as Histogram;

function header(histogram: Histogram): string {
  const view = new DataView(new ArrayBuffer(3 * 256 * 4));
  histogram.forEach((channel, at) => channel.forEach((n, bin) => view.setUint32((at * 256 + bin) * 4, n, true)));
  return btoa(String.fromCharCode(...new Uint8Array(view.buffer)));
}

describe("the histogram", () => {
  it("is read from its header, little end first", () => {
    const histogram = made((channel, bin) => channel * 1_000_000 + bin * 257);
    expect(readHistogram(header(histogram))).toEqual(histogram);
    expect([readHistogram(null), readHistogram("%%"), readHistogram(btoa("short"))]).toEqual([null, null, null]);
  });

  it("tells how much clips, by the channel that clips most", () => {
    const histogram = made((channel, bin) => (bin === 128 ? 90 : bin === 255 && channel === 0 ? 10 : bin === 0 && channel === 2 ? 30 : 0));
    expect(clipped(histogram)).toEqual({ shadows: 0.25, highlights: 0.1 });
    expect(clipped(made(() => 0))).toEqual({ shadows: 0, highlights: 0 });
    expect([0, 0.0002, 0.004, 0.25].map(shareWord)).toEqual(["none", "under 0.1 %", "0.4 %", "25 %"]);
  });

  it("counts a border out, however its colour was compressed, and only if it was counted in", () => {
    const picture = made((_, bin) => (bin === 100 ? 600 : 0));
    const printed = made((_, bin) => (bin === 100 ? 600 : bin === 255 ? 350 : bin === 254 ? 50 : 0));
    expect(withoutBorder(printed, [255, 255, 255], 1000, 600)).toEqual(picture);
    expect(withoutBorder(picture, [255, 255, 255], 1000, 600)).toEqual(picture);
    expect(withoutBorder(printed, [255, 255, 255], 600, 600)).toEqual(printed);
  });

  it("has a height that neither the ends nor one spike decide", () => {
    const wide = made((_, bin) => (bin === 0 || bin === 255 ? 1e6 : bin === 128 ? 9e5 : 100));
    expect(peak(wide)).toBe(100);
    expect(peak(made((_, bin) => (bin === 0 ? 70 : 0)))).toBe(70);
    expect(peak(made(() => 0))).toBe(1);
    expect(areaPath(new Uint32Array(256), 1, 256, 80)).toMatch(/^M0 80L0\.5 80\.0/);
  });

  it("counts luminance by pixels", () => {
    const bins = luminanceOf(Uint8ClampedArray.from([255, 255, 255, 255, 0, 0, 0, 255, 255, 0, 0, 255]));
    expect([bins[255], bins[0], bins[54]]).toEqual([1, 1, 1]);
  });
});
