import { describe, expect, it } from "vitest";
import type { Border } from "../model";
import { clippingMarks, pictureIn } from "./clipping";

const border = (width_percent: number, foot_percent: number): Border => ({ width_percent, foot_percent, colour: [255, 255, 255] });

describe("clipping marks", () => {
  const picture = { width: 4, height: 1, data: Uint8ClampedArray.from([255, 90, 90, 255, 0, 1, 0, 255, 0, 0, 90, 255, 128, 128, 128, 255]) };
  const shownAt = (show: { shadows: boolean; highlights: boolean }, within = { x: 0, y: 0, width: 4, height: 1 }) => {
    const into = new Uint8ClampedArray(16).fill(9);
    clippingMarks(picture, show, within, into);
    return [3, 7, 11, 15].map((at) => into[at]);
  };

  it("stand where one channel is full or all are empty, and nowhere else", () => {
    expect(shownAt({ shadows: true, highlights: true })).toEqual([255, 255, 0, 0]);
    expect(shownAt({ shadows: false, highlights: true })).toEqual([255, 0, 0, 0]);
    expect(shownAt({ shadows: true, highlights: false })).toEqual([0, 255, 0, 0]);
  });

  it("leave the border out", () => {
    expect(shownAt({ shadows: true, highlights: true }, { x: 1, y: 0, width: 9, height: 1 })).toEqual([0, 255, 0, 0]);
  });
});

describe("a print", () => {
  it("holds its picture, lying or upright, with border and foot", () => {
    for (const [width, height] of [[1500, 1000], [1000, 1500], [1000, 1000], [1600, 500]] as const) {
      for (const [side, foot] of [[0, 0], [6, 16], [25, 25], [3, 0]] as const) {
        const short = Math.min(width, height);
        const edge = (short * side) / 100;
        const print = { width: width + 2 * edge, height: height + 2 * edge + (short * foot) / 100 };
        const found = pictureIn(print, border(side, foot));
        expect(Math.abs(found.width - width) + Math.abs(found.height - height) + Math.abs(found.x - edge), `${width} ${height} ${side} ${foot}`).toBeLessThan(3);
      }
    }
    expect(pictureIn({ width: 30, height: 20 }, null)).toEqual({ x: 0, y: 0, width: 30, height: 20 });
  });
});
