import { describe, expect, it } from "vitest";
import { CONTROLS, figure, fitting, neutralOf, signed, stepped, STRAIGHTEN, told, type Control, type ControlId } from "./controls";
import { keyOf, NEUTRAL, normalised } from "./recipe";

const ids = Object.keys(CONTROLS) as ControlId[];
const control = (id: ControlId): Control => CONTROLS[id];
const AS_SHOT = { temperature_k: 4350, tint: 6 };

describe("figures", () => {
  it("are written as photographers write them", () => {
    expect([
      told(control("ev"), 1 / 3), told(control("ev"), -2), told(control("ev"), 0), told(control("temperature"), 5200), told(control("tint"), -8),
      told(control("contrast"), 12), told(control("radius"), 0.7), told(control("mark_size"), 4), told(control("border_foot"), 16), STRAIGHTEN.show(-1.24),
    ]).toEqual([
      "Exposure +0.33 EV", "Exposure −2.00 EV", "Exposure 0.00 EV", "Temperature 5200 K", "Tint −8",
      "Contrast +12", "Radius 0.7 px", "Size 4.0 %", "Foot 16.0 %", "−1.2°",
    ]);
    expect([signed(-0.001, 2), signed(0), signed(7)]).toEqual(["0.00", "0", "+7"]);
  });

  it("are read as people type them", () => {
    expect(["+0,33 EV", "−2", "5200k", " 12 % ", ".5", "-1.5°", "0.7px"].map(figure)).toEqual([0.33, -2, 5200, 12, 0.5, -1.5, 0.7]);
    expect(["", "much", "1 2", "1e3", "--1"].map(figure)).toEqual([null, null, null, null, null]);
  });
});

describe("each control", () => {
  it("reads what it wrote, changes nothing else, and stays in the recipe's own range", () => {
    for (const id of ids) {
      const { min, max, read, write } = control(id);
      const worded = write({ ...NEUTRAL, watermark: { text: "x", corner: "top_left", size_percent: 4, opacity: 70 } }, max, AS_SHOT);
      expect(read(worded, AS_SHOT), id).toBe(max);
      for (const value of [min, max]) expect(normalised(write(worded, value, AS_SHOT)), id).toEqual(normalised(normalised(write(worded, value, AS_SHOT))));
      expect(read(normalised(worded), AS_SHOT), id).toBe(max);
      expect(keyOf(write(worded, neutralOf(control(id), AS_SHOT), AS_SHOT)) === keyOf(worded), id).toBe(false);
    }
  });

  it("has a track from end to end, and back", () => {
    for (const id of ids) {
      const each = control(id);
      expect([each.place(each.min), each.place(each.max)].map((place) => Math.round(place * 1e9) / 1e9), id).toEqual([0, 1]);
      for (let share = 0; share <= 1; share += 0.05) {
        const value = each.at(share);
        expect(each.place(value), id).toBeCloseTo(share, 6);
        expect(fitting(each, value) >= each.min && fitting(each, value) <= each.max, id).toBe(true);
      }
    }
  });

  it("begins at the untouched look", () => {
    expect(ids.filter((id) => fitting(control(id), neutralOf(control(id), null)) !== neutralOf(control(id), null))).toEqual([]);
  });
});

describe("steps", () => {
  it("of exposure are thirds of a stop, wherever they begin", () => {
    let ev = 0;
    const seen = [1, 1, 1, 1, -1].map((by) => (ev = stepped(control("ev"), ev, by)));
    expect(seen).toEqual([0.33, 0.67, 1, 1.33, 1]);
    expect([stepped(control("ev"), 0.5, 1), stepped(control("ev"), 0.5, -1), stepped(control("ev"), 5, 1)]).toEqual([0.67, 0.33, 5]);
    expect(stepped(control("ev"), 0.33, 1, 1)).toBe(1);
  });

  it("of temperature are of fifty, and even in mired along the track", () => {
    expect([stepped(control("temperature"), 4350, 1), stepped(control("temperature"), 4372, 1), stepped(control("temperature"), 4350, -1, 500)]).toEqual([4400, 4400, 4000]);
    const { place } = control("temperature");
    expect(place(3000) - place(2500)).toBeGreaterThan(4 * (place(8500) - place(8000)));
  });
});

it("temperature and tint begin at what the camera chose, and make it a choice of one's own", () => {
  expect([control("temperature").read(NEUTRAL, AS_SHOT), control("tint").read(NEUTRAL, null)]).toEqual([4350, 0]);
  expect(control("tint").write(NEUTRAL, 10, AS_SHOT).white_balance).toEqual({ mode: "kelvin", temperature_k: 4350, tint: 10 });
});
