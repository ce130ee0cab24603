// The histogram that comes with a picture, and what it says of clipping. Pure.

/** Red, green, blue: how many pixels have each of 256 values. */
export type Histogram = [Uint32Array, Uint32Array, Uint32Array];

const BINS = 256;
const BYTES = 3 * BINS * 4;

/** Reads the header `x-histogram`: base64 of 3 x 256 little-endian u32. Null where it is absent or something else. */
export function readHistogram(header: string | null): Histogram | null {
  if (!header) return null;
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(atob(header), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
  if (bytes.length !== BYTES) return null;
  const view = new DataView(bytes.buffer);
  const channel = (at: number) => Uint32Array.from({ length: BINS }, (_, bin) => view.getUint32((at * BINS + bin) * 4, true));
  return [channel(0), channel(1), channel(2)];
}

/**
 * The picture's own part of a print's histogram: a white border is no blown highlight. `print_px` and `picture_px` are the
 * pixels of both; a histogram that counts the picture alone stays as it is.
 */
export function withoutBorder(histogram: Histogram, colour: readonly number[], print_px: number, picture_px: number): Histogram {
  const border = print_px - picture_px;
  const counted = histogram[1].reduce((sum, n) => sum + n, 0);
  if (border <= 0 || counted - picture_px < border / 2) return histogram;
  return histogram.map((channel, at) => {
    const rest = channel.slice();
    // Compression spreads a flat colour to the levels beside it.
    let left = border;
    for (const level of [0, 1, -1, 2, -2]) {
      const bin = (colour[at] ?? 0) + level;
      const taken = Math.min(left, rest[bin] ?? 0);
      if (bin >= 0 && bin < BINS) rest[bin] = (rest[bin] ?? 0) - taken;
      left -= taken;
    }
    return rest;
  }) as Histogram;
}

/** How many of the picture's own pixels have each luminance (Rec. 709 weights of the encoded values): the header does not say which channels go together. */
export function luminanceOf(rgba: Uint8ClampedArray): Uint32Array {
  const bins = new Uint32Array(BINS);
  for (let at = 0; at + 3 < rgba.length; at += 4) {
    const bin = Math.round(0.2126 * (rgba[at] ?? 0) + 0.7152 * (rgba[at + 1] ?? 0) + 0.0722 * (rgba[at + 2] ?? 0));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}

/**
 * The height that fills the box: the highest bin but the two that clip, unless they are all there is; and not one spike
 * alone, which would press everything else to the floor.
 */
export function peak(channels: readonly ArrayLike<number>[]): number {
  const inner = channels.flatMap((channel) => Array.from(channel).slice(1, -1)).sort((a, b) => b - a);
  const spikes = Math.floor(inner.length * 0.005);
  return Math.max(1, inner[spikes] || inner[0] || Math.max(...channels.flatMap((channel) => [channel[0] ?? 0, channel[BINS - 1] ?? 0])));
}

/** An area under a channel, as a path in a box of `width` x `height`; heights as roots, so that small parts are seen. */
export function areaPath(channel: ArrayLike<number>, most: number, width: number, height: number): string {
  let path = `M0 ${height}`;
  for (let bin = 0; bin < BINS; bin += 1) {
    const x = ((bin + 0.5) / BINS) * width;
    const share = Math.min(1, Math.sqrt((channel[bin] ?? 0) / most));
    path += `L${x.toFixed(1)} ${(height - share * height).toFixed(1)}`;
  }
  return `${path}L${width} ${height}Z`;
}

export interface Clipped {
  /** Shares of all pixels, 0 to 1: of the channel that clips most. */
  shadows: number;
  highlights: number;
}

export function clipped(histogram: Histogram): Clipped {
  const of = (bin: number) =>
    Math.max(...histogram.map((channel) => (channel[bin] ?? 0) / Math.max(1, channel.reduce((sum, n) => sum + n, 0))));
  return { shadows: of(0), highlights: of(BINS - 1) };
}

/** A share in words: a warning is worth nothing without its size. */
export function shareWord(share: number): string {
  if (share <= 0) return "none";
  const percent = share * 100;
  return percent < 0.1 ? "under 0.1 %" : `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}
