import { describe, expect, it } from "vitest";
import { deal, fit, grid, place, reveal, step, windowOf } from "./grid";

const sheet = grid(1000, 10_000, 168);

describe("grid", () => {
  it("fills the width with whole columns", () => {
    for (let width = 100; width < 2600; width += 37) {
      const of = grid(width, 50, 168);
      const right = place(of, of.columns - 1).x + of.cellWidth + of.gap;
      expect(right).toBeLessThanOrEqual(Math.max(width, 1) + of.gap);
      if (of.columns > 1) expect(of.cellWidth).toBeGreaterThanOrEqual(160);
    }
  });

  it("gives a sane grid for no width and no frames", () => {
    expect(grid(0, 0, 168)).toMatchObject({ columns: 1, cellWidth: 1, height: 8 });
  });
});

describe("windowOf", () => {
  it("covers all that can be seen and little more, from top to end", () => {
    for (let top = 0; top < sheet.height; top += 997) {
      const { from, to } = windowOf(sheet, 10_000, top, 800);
      expect(place(sheet, from).y).toBeLessThanOrEqual(Math.max(top, sheet.gap));
      const end = place(sheet, to - 1).y + sheet.cellHeight + sheet.gap;
      expect(end).toBeGreaterThanOrEqual(Math.min(top + 800, sheet.height));
      expect(to - from).toBeLessThan(70);
    }
  });

  it("stays inside the list when the list became shorter than the scroll", () => {
    expect(windowOf(sheet, 3, 90_000, 800)).toEqual({ from: 0, to: 3 });
    expect(windowOf(sheet, 0, 0, 800)).toEqual({ from: 0, to: 0 });
  });
});

describe("deal", () => {
  it("leaves elements alone that stay in view", () => {
    const before = deal(0, 10, 10);
    const after = deal(5, 15, 10);
    expect(before.filter((index, slot) => after[slot] !== index)).toHaveLength(5);
    expect([...after].sort((a, b) => a - b)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  });

  it("leaves elements empty at the end", () => {
    expect(deal(4, 6, 4)).toEqual([4, 5, -1, -1]);
  });
});

describe("step", () => {
  const go = (index: number, by: Parameters<typeof step>[3], count = 12) => step({ ...sheet, columns: 5 }, count, index, by, 400);
  it("moves by one, by a row and by a page", () => {
    expect([go(6, "left"), go(6, "right"), go(6, "up"), go(6, "down")]).toEqual([5, 7, 1, 11]);
    expect([go(6, "home"), go(6, "end")]).toEqual([0, 11]);
    expect([go(11, "page_up"), go(1, "page_down")]).toEqual([1, 11]);
  });

  it("holds at the edges and enters a short last row", () => {
    expect([go(0, "left"), go(11, "right"), go(2, "up"), go(11, "down")]).toEqual([0, 11, 2, 11]);
    expect(go(8, "down")).toBe(11);
    expect(go(8, "page_up")).toBe(3);
  });

  it("begins at the newest, and goes nowhere without frames", () => {
    expect([go(-1, "right"), go(-1, "end"), go(0, "right", 0)]).toEqual([0, 11, -1]);
  });
});

describe("reveal", () => {
  it("scrolls no further than it must", () => {
    expect(reveal(sheet, 0, 0, 800)).toBe(0);
    const { y } = place(sheet, 500);
    expect(reveal(sheet, 500, 0, 800)).toBe(y + sheet.cellHeight + sheet.gap - 800);
    expect(reveal(sheet, 500, y + 300, 800)).toBe(y - sheet.gap);
    expect(reveal(sheet, 500, y - 100, 800)).toBe(y - 100);
  });
});

describe("fit", () => {
  it("keeps the shape", () => {
    expect(fit(6000, 4000, 300, 225)).toEqual({ width: 300, height: 200 });
    expect(fit(4000, 6000, 300, 225)).toEqual({ width: 150, height: 225 });
    expect(fit(0, 0, 300, 225)).toEqual({ width: 0, height: 0 });
  });
});
