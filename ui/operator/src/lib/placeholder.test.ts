import { rgbaToThumbHash } from "thumbhash";
import { describe, expect, it } from "vitest";
import { colour, softImage } from "./placeholder";

const flat = (r: number, g: number, b: number) => {
  const rgba = new Uint8Array(8 * 8 * 4).map((_, at) => [r, g, b, 255][at % 4] as number);
  return btoa(String.fromCharCode(...rgbaToThumbHash(8, 8, rgba)));
};

describe("placeholder", () => {
  it("is near the picture's colour", () => {
    const [r, g, b] = (colour(flat(200, 80, 40)) ?? "").match(/\d+/g)?.map(Number) ?? [];
    expect(Math.abs((r ?? 0) - 200)).toBeLessThan(12);
    expect(Math.abs((g ?? 0) - 80)).toBeLessThan(12);
    expect(Math.abs((b ?? 0) - 40)).toBeLessThan(12);
  });

  it("is an image for the loupe", () => {
    expect(softImage(flat(1, 2, 3))).toMatch(/^data:image\/png;base64,/);
  });

  it("is nothing for no hash and for garbage", () => {
    expect([colour(null), colour(""), colour("%%%"), softImage(undefined), softImage("!")]).toEqual([null, null, null, null, null]);
  });
});
