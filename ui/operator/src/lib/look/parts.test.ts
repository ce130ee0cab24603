// The small parts of the Look place as a screen reader meets them: rendered to HTML, without a browser.
import { createRawSnippet } from "svelte";
import { render } from "svelte/server";
import { describe, expect, it } from "vitest";
import Choice from "./Choice.svelte";
import { CONTROLS, STRAIGHTEN } from "./controls";
import LookMark from "./LookMark.svelte";
import Slider from "./Slider.svelte";
import Toggle from "./Toggle.svelte";

const nothing = { change: () => {}, settle: () => {}, reset: () => {} };
const html = (slider: Record<string, unknown>) => render(Slider, { props: { ...nothing, ...slider } as never }).body;
const attribute = (text: string, name: string) => text.match(new RegExp(`${name}="([^"]*)"`))?.[1];

describe("Slider", () => {
  it("says its name and its figure, not its place on the track", () => {
    const text = html({ control: CONTROLS.ev, value: 0.33, neutral: 0 });
    expect([attribute(text, "aria-label"), attribute(text, "aria-valuetext")]).toEqual(["Exposure", "+0.33 EV"]);
    expect(text).toContain('value="+0.33 EV"');
    expect(text).toContain('aria-label="Exposure, as a figure"');
  });

  it("is one stop of the tab key: the figure is typed into from the slider", () => {
    expect(html({ control: CONTROLS.black, value: 0, neutral: 0 }).match(/tabindex="-1"/g)).toHaveLength(1);
  });

  it("tells a value that is not in effect, and marks one that was touched", () => {
    const idle = html({ control: CONTROLS.temperature, value: 4350, neutral: 5500, idle: true });
    expect([attribute(idle, "aria-valuetext"), idle.includes("touched")]).toEqual(["4350 K, not in effect", false]);
    expect(html({ control: STRAIGHTEN, value: -1.2, neutral: 0 })).toMatch(/touched[\s\S]*−1\.2°/);
    expect(html({ control: STRAIGHTEN, value: 0, neutral: 0 })).not.toContain("touched");
  });

  it("fills its track from the untouched value", () => {
    const text = html({ control: CONTROLS.contrast, value: 50, neutral: 0 });
    expect([text.match(/--from:\s*([\d.]+)/)?.[1], text.match(/--to:\s*([\d.]+)/)?.[1]]).toEqual(["0.5", "0.75"]);
  });
});

it("Choice is a group of radio buttons of which one is chosen", () => {
  const text = render(Choice, {
    props: { label: "Base curve", options: [{ value: "camera", name: "Camera" }, { value: "soft", name: "Soft" }], value: "soft", choose: () => {} },
  }).body;
  expect(text).toContain('role="radiogroup" aria-label="Base curve"');
  expect([text.match(/type="radio"/g)?.length, text.match(/checked/g)?.length]).toEqual([2, 1]);
  expect(text).toMatch(/value="soft" checked/);
});

it("Toggle is a button that is pressed or not", () => {
  const children = createRawSnippet(() => ({ render: () => "<span>Auto exposure</span>" }));
  expect(render(Toggle, { props: { on: true, press: () => {}, children } }).body).toContain('aria-pressed="true"');
  expect(render(Toggle, { props: { on: false, press: () => {}, children } }).body).toContain('aria-pressed="false"');
});

it("LookMark has a shape of its own for each state", () => {
  const shapes = (["embedded", "waiting", "developed", "failed"] as const).map((state) => render(LookMark, { props: { state } }).body.replace(/class="[^"]*"/, ""));
  expect(new Set(shapes).size).toBe(4);
});
