// The geometry of the contact sheet: cells of one fixed size, so that any row's place is a multiplication. Pure.

export interface Grid {
  columns: number;
  cellWidth: number;
  cellHeight: number;
  gap: number;
  /** Height of everything, in px. */
  height: number;
}

export const GAP = 8;
export const CAPTION = 26;
/** Cell widths that the slider offers, in px. */
export const SIZES = [112, 136, 168, 208, 256, 320, 420] as const;

export function grid(width: number, count: number, size: number): Grid {
  const inner = Math.max(width - GAP, 1);
  const columns = Math.max(1, Math.floor(inner / (size + GAP)));
  const cellWidth = Math.max(1, Math.floor(inner / columns) - GAP);
  // Pictures of both orientations share one box of 4:3.
  const cellHeight = Math.round(cellWidth * 0.75) + CAPTION;
  const rows = Math.ceil(count / columns);
  return { columns, cellWidth, cellHeight, gap: GAP, height: rows * (cellHeight + GAP) + GAP };
}

export function place(of: Grid, index: number): { x: number; y: number } {
  const row = Math.floor(index / of.columns);
  const column = index - row * of.columns;
  return { x: of.gap + column * (of.cellWidth + of.gap), y: of.gap + row * (of.cellHeight + of.gap) };
}

/** Which indexes are drawn: whole rows, with some beyond both edges so that a scroll finds them ready. */
export function windowOf(of: Grid, count: number, top: number, height: number, spareRows = 2): { from: number; to: number } {
  const pitch = of.cellHeight + of.gap;
  const rows = Math.ceil(count / of.columns);
  const first = Math.floor(Math.max(0, top - of.gap) / pitch) - spareRows;
  const last = Math.floor((top + height) / pitch) + spareRows;
  const from = Math.min(Math.max(0, first), Math.max(0, rows - 1)) * of.columns;
  return { from, to: Math.max(from, Math.min(count, (last + 1) * of.columns)) };
}

/**
 * Deals the drawn indexes to a fixed set of elements: index i always goes to element i mod n. A scroll by one row
 * then changes one row of elements and leaves all others as they are. -1: nothing to draw.
 */
export function deal(from: number, to: number, elements: number): number[] {
  const dealt = new Array<number>(elements).fill(-1);
  for (let index = from; index < to && index < from + elements; index += 1) dealt[index % elements] = index;
  return dealt;
}

/** The scroll position that shows a cell wholly, moving as little as possible. */
export function reveal(of: Grid, index: number, top: number, height: number): number {
  const { y } = place(of, index);
  if (y - of.gap < top) return y - of.gap;
  const bottom = y + of.cellHeight + of.gap;
  return bottom > top + height ? bottom - height : top;
}

export type Step = "left" | "right" | "up" | "down" | "home" | "end" | "page_up" | "page_down";

/** Where a key leads from a cell; the edges hold. */
export function step(of: Grid, count: number, index: number, by: Step, viewHeight: number): number {
  if (count === 0) return -1;
  if (index < 0) return by === "end" ? count - 1 : 0;
  const rowsInView = Math.max(1, Math.floor(viewHeight / (of.cellHeight + of.gap)));
  const moved: Record<Step, number> = {
    left: index - 1,
    right: index + 1,
    up: index - of.columns,
    down: index + of.columns,
    home: 0,
    end: count - 1,
    page_up: index - of.columns * rowsInView,
    page_down: index + of.columns * rowsInView,
  };
  const to = moved[by];
  if (to >= 0 && to < count) return to;
  // A row further would leave the sheet: stay in the column where a page was asked for, else stay put.
  if (by === "page_up") return index % of.columns;
  if (by === "page_down" || (by === "down" && Math.floor(index / of.columns) < Math.floor((count - 1) / of.columns))) return count - 1;
  return index;
}

/** Fits a picture into a box without cutting or enlarging its shape. */
export function fit(width: number, height: number, boxWidth: number, boxHeight: number): { width: number; height: number } {
  const scale = Math.min(boxWidth / Math.max(width, 1), boxHeight / Math.max(height, 1));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}
