// A studio for tests of looks: answers as the API says, notes what it was asked, and takes its time under fake timers.
import { ApiError } from "../api";
import { NEUTRAL } from "../look/recipe";
import type { Creator, Development, FrameLook, PictureWish, Preset, Recipe } from "../model";

const ANSWER_MS = 40;

export class MadeUpStudio {
  looks = new Map<string, Recipe>();
  shared: Recipe = { ...NEUTRAL, tone: { ...NEUTRAL.tone, contrast: 8 } };
  presets: Preset[] = [];
  people: Creator[] = [{ id: "c1", name: "Ana", recipe: null }, { id: "c2", name: "Ben", recipe: null }];
  flow: Development["flow"] = "embedded_then_developed";
  /** Frames that have no raw. */
  unable = new Set<string>();
  away = false;
  /** Newer wishes took the place of these many pictures. */
  replaced = 0;
  pictures: { frame: string; wish: PictureWish }[] = [];
  calls: string[] = [];

  look = (frame: string) => this.answer<FrameLook>(`look ${frame}`, () => this.lookOf(frame));
  setLook = (frame: string, recipe: Recipe | null) =>
    this.answer(`set ${frame}${recipe ? "" : " null"}`, () => void (recipe ? this.looks.set(frame, recipe) : this.looks.delete(frame)));
  setLooks = ({ recipe, frames }: { recipe: Recipe; frames: string[] }) =>
    this.answer(`set many ${frames.join(",")}`, () => frames.forEach((frame) => this.looks.set(frame, recipe)));
  grey = (frame: string) => this.answer(`grey ${frame}`, () => ({ red: 1.2, blue: 0.8 }));
  lookPicture = (frame: string, wish: PictureWish) =>
    this.answer<Response | null>(`picture ${frame}`, () => {
      this.pictures.push({ frame, wish });
      if (this.replaced > 0) {
        this.replaced -= 1;
        return null;
      }
      return new Response("pixels", { headers: { "x-render-ms": "50" } });
    });
  development = () =>
    this.answer<Development>("development", () => ({
      flow: this.flow, recipe: this.shared, queue: { waiting: 0, running: 0, failed: 0 },
      device: { in_use: "CPU (2 cores)", kind: "cpu", choice: "auto", why: "There is no GPU.", trial: null },
    }));
  setDevelopment = ({ recipe, flow }: { recipe?: Recipe; flow?: Development["flow"] }) =>
    this.answer("set development", () => {
      this.shared = recipe ?? this.shared;
      this.flow = flow ?? this.flow;
    });
  creators = () => this.answer("creators", () => this.people.map((creator) => ({ ...creator })));
  setCreatorLook = (id: string, recipe: Recipe | null) =>
    this.answer(`creator ${id}${recipe ? "" : " null"}`, () => void (this.people = this.people.map((each) => (each.id === id ? { ...each, recipe } : each))));
  listPresets = () => this.answer("presets", () => [...this.presets]);
  savePreset = (name: string, { recipe }: { recipe: Recipe }) =>
    this.answer(`save ${name}`, () => void (this.presets = [...this.presets.filter((each) => each.name !== name), { name, recipe, creator: null, updated_at: 1 }]));
  deletePreset = (name: string) => this.answer(`delete ${name}`, () => void (this.presets = this.presets.filter((each) => each.name !== name)));

  private lookOf(frame: string): FrameLook {
    const own = this.looks.get(frame);
    const able = !this.unable.has(frame);
    return {
      recipe: own ?? this.shared, source: own ? "frame" : "event", developable: able, reason: able ? null : "there is no raw of it",
      as_shot: { temperature_k: 4350, tint: 6 }, state: able ? "developed" : "embedded",
    };
  }

  private async answer<T>(call: string, work: () => T): Promise<T> {
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    if (this.away) throw new ApiError(0, "unreachable", "The studio did not answer.");
    this.calls.push(call);
    return work();
  }
}
