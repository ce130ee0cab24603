// What stands in a picture's box before the picture: its thumbhash, as one colour (sheet) or as a soft image (loupe).
import { thumbHashToAverageRGBA, thumbHashToDataURL } from "thumbhash";

/** Colours that are kept; a sheet of 10,000 frames recomputes a few when scrolled far. */
const COLOURS_MAX = 4000;
const colours = new Map<string, string>();

/** The picture's average colour, softened towards grey so that a loading sheet does not shout; null without a hash. */
export function colour(hash: string | null | undefined): string | null {
  if (!hash) return null;
  const known = colours.get(hash);
  if (known) return known;
  const made = attempt(() => {
    const { r, g, b } = thumbHashToAverageRGBA(bytesOf(hash));
    return `rgb(${[r, g, b].map((part) => Math.round(part * 255)).join(" ")} / 0.55)`;
  });
  if (made === null) return null;
  if (colours.size >= COLOURS_MAX) colours.clear();
  colours.set(hash, made);
  return made;
}

/** The hash as a small blurred image. */
export function softImage(hash: string | null | undefined): string | null {
  return hash ? attempt(() => thumbHashToDataURL(bytesOf(hash))) : null;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** A hash that cannot be read is no reason to show no picture. */
function attempt<T>(make: () => T): T | null {
  try {
    return make();
  } catch {
    return null;
  }
}
