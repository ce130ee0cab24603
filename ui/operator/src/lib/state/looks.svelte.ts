// What the operator does with looks beyond one frame: onto many, as presets, for the whole booth. Each can be taken back.
import { ApiError, type Api } from "../api";
import { plural } from "../format";
import { calls, callsBack, each, had } from "../look/paste";
import { forMany, same, USUAL_PARTS, type Part } from "../look/recipe";
import type { Creator, Development, DeviceChoice, Flow, Preset, Recipe } from "../model";
import { DevelopmentView } from "./development.svelte";
import { LookView, type Clip } from "./look.svelte";
import type { Notices } from "./notices.svelte";
import { PresetsView } from "./presets.svelte";
import type { Pasted, Undo } from "./undo.svelte";

type LooksApi = Pick<
  Api,
  "look" | "setLook" | "setLooks" | "grey" | "lookPicture" | "development" | "setDevelopment" | "presets" | "savePreset" | "deletePreset" | "creators" | "setCreatorLook"
>;

export interface LooksHands {
  api: LooksApi;
  notices: Notices;
  undo: Undo;
  /** Tells the operator what went wrong; null then. Quiet work was not asked for. */
  attempt: <T>(work: Promise<T>, quiet?: "quiet") => Promise<T | null>;
  decode?: (bytes: Blob) => Promise<ImageBitmap>;
}

/** Looks that are read at once before a paste. */
const AT_ONCE = 6;
/** From so many frames on a paste takes long enough to be announced. */
const MANY = 60;

export const FLOW_WORDS: Record<Flow, { name: string; meaning: string }> = {
  embedded_then_developed: {
    name: "Camera's picture first, then developed",
    meaning: "Guests see the picture that the camera made at once. The developed one takes its place a moment later, without a jump.",
  },
  embedded_only: {
    name: "Camera's picture only",
    meaning: "Nothing is developed until it is sold. Choose this on a slow computer, or where the camera's own look is the look.",
  },
  developed_only: {
    name: "Developed only",
    meaning: "Guests see a frame once it is developed, never before. Choose this where the camera's picture must not be seen.",
  },
};

export const DEVICE_WORDS: Record<DeviceChoice, string> = { auto: "The quicker one", cpu: "CPU", gpu: "GPU" };

export class Looks {
  readonly development: DevelopmentView;
  readonly presets: PresetsView;
  readonly look: LookView;
  /** Who shoots at this booth, and the looks that are theirs. */
  creators = $state.raw<readonly Creator[]>([]);
  /** Why presets and the booth's look could not be read, in words. */
  unread = $state<string | null>(null);

  constructor(private readonly hands: LooksHands) {
    const { api, notices } = hands;
    this.development = new DevelopmentView({ load: api.development, set: api.setDevelopment });
    this.presets = new PresetsView({ list: api.presets, save: api.savePreset, remove: api.deletePreset });
    this.look = new LookView({
      load: api.look,
      save: api.setLook,
      grey: api.grey,
      ask: (frame, wish) => api.lookPicture(frame, wish),
      decode: hands.decode ?? ((bytes) => createImageBitmap(bytes)),
      shared: () => this.development.now?.recipe ?? null,
      say: (text) => notices.say(text),
      warn: (text) => notices.warn(text),
    });
  }

  async reload(): Promise<void> {
    this.look.reconnected();
    await this.read();
  }

  /** What is shared by all frames. Nobody asked for it, so what fails is said where it would be shown. */
  private async read(): Promise<void> {
    try {
      const [creators] = await Promise.all([this.hands.api.creators(), this.development.load(), this.presets.load()]);
      this.creators = creators;
      this.unread = null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.unread = error.message;
    }
  }

  /** Asks after what goes on by itself. */
  async tick(): Promise<void> {
    await this.read();
    if (this.look.facts?.state === "waiting") await this.look.refresh();
  }

  /** The name of the look that a recipe is, if it is one that has a name. */
  nameOf(recipe: Recipe): string | null {
    const bare = forMany(recipe);
    return this.presets.list.find((preset) => same(forMany(preset.recipe), bare))?.name ?? null;
  }

  async copyFrom(frame: { id: string; name: string }): Promise<void> {
    await this.look.flush();
    const facts = await this.hands.attempt(this.hands.api.look(frame.id));
    if (facts) this.look.take({ recipe: facts.recipe, from: frame.name });
  }

  async pasteOnto(frames: readonly string[]): Promise<void> {
    const { clip, parts } = this.look;
    if (!clip) this.hands.notices.say("No look is copied yet. Go to a frame whose look is right and press C.");
    else await this.wear(frames, clip, parts, `Look of ${clip.from} pasted onto`);
  }

  /** Onto the frame that is shown, or onto the whole selection. */
  async apply(preset: Preset, frames: readonly string[]): Promise<void> {
    if (frames.length > 1) await this.wear(frames, { recipe: preset.recipe, from: preset.name }, USUAL_PARTS, `“${preset.name}” applied to`);
    else this.look.wear(preset.recipe, `Preset ${preset.name}`);
  }

  /** Each keeps what is not pasted. Frames that cannot be developed are left as they are. */
  private async wear(frames: readonly string[], clip: Clip, parts: readonly Part[], words: string): Promise<void> {
    const { api, notices, undo, attempt } = this.hands;
    this.look.settle();
    await this.look.flush();
    if (frames.length >= MANY) notices.say(`Reading the looks of ${plural(frames.length, "frame")}…`);
    const known = await attempt(each(frames, AT_ONCE, async (frame) => ({ frame, look: await api.look(frame) })));
    if (!known) return;
    const able = known.filter(({ look }) => look.developable);
    const left = known.length - able.length;
    if (able.length === 0) return notices.say("None of them can be developed: there is no raw. Nothing was changed.");
    const looks = able.map(({ frame, look }) => had(frame, look));
    const wishes = calls(able.map(({ frame, look }) => ({ frame, recipe: look.recipe })), clip.recipe, parts);
    let done = 0;
    for (const call of wishes) {
      if (!(await attempt(api.setLooks(call).then(() => true)))) break;
      done += call.frames.length;
    }
    if (done === 0) return;
    const changed = new Set(wishes.flatMap((call) => call.frames).slice(0, done));
    const what = `${words} ${plural(done, "frame")}`;
    undo.push({ what, looks: looks.filter(({ frame }) => changed.has(frame)) });
    await this.look.refresh("Look pasted");
    const unable = left > 0 ? ` ${plural(left, "frame")} without a raw stayed as ${left === 1 ? "it is" : "they are"}.` : "";
    const deed = undo.last;
    notices.say(`${what}.${unable}`, { verb: "Undo", run: () => void (deed && undo.take(deed) && this.giveBack(deed as Pasted)) });
  }

  /** Frames get back what they had. */
  async giveBack({ what, looks }: Pasted): Promise<void> {
    const { api, notices, attempt } = this.hands;
    const { calls: wishes, shared } = callsBack(looks);
    for (const call of wishes) if (!(await attempt(api.setLooks(call).then(() => true)))) return;
    if (!(await attempt(each(shared, AT_ONCE, (frame) => api.setLook(frame, null)).then(() => true)))) return;
    await this.look.refresh("Look taken back");
    notices.say(`Undone: ${what}.`);
  }

  /** Null when it is saved; else why not, to be said where the name was typed. */
  async savePreset(name: string): Promise<string | null> {
    const refusal = this.presets.refusal(name);
    if (refusal) return refusal;
    this.look.settle();
    if (await this.hands.attempt(this.presets.save(name, this.look.recipe).then(() => true))) this.hands.notices.say(`Saved as “${name.trim()}”, without its crop.`);
    return null;
  }

  async updatePreset(preset: Preset): Promise<void> {
    this.look.settle();
    if (!(await this.hands.attempt(this.presets.save(preset.name, this.look.recipe, preset.creator).then(() => true)))) return;
    this.takeBack(`“${preset.name}” is now this look.`, () => this.presets.save(preset.name, preset.recipe, preset.creator));
  }

  async renamePreset(preset: Preset, to: string): Promise<string | null> {
    const refusal = this.presets.refusal(to, preset.name);
    if (!refusal) await this.hands.attempt(this.presets.rename(preset, to));
    return refusal;
  }

  async deletePreset(preset: Preset): Promise<void> {
    if (!(await this.hands.attempt(this.presets.remove(preset.name).then(() => true)))) return;
    this.takeBack(`“${preset.name}” is deleted. Frames keep their looks.`, () => this.presets.save(preset.name, preset.recipe, preset.creator));
  }

  /** The look of every frame that has none of its own. */
  async share(recipe: Recipe, name: string): Promise<void> {
    const was = this.development.now?.recipe;
    this.look.settle();
    if (!(await this.hands.attempt(this.development.set({ recipe: forMany(recipe) }).then(() => true)))) return;
    void this.look.refresh();
    const back = async () => {
      if (was) await this.development.set({ recipe: was });
      await this.look.refresh();
    };
    this.takeBack(`${name} is the booth's look now. Frames without a look of their own are developed anew, the newest first.`, back);
  }

  /** The look of all that somebody shot, where a frame has none of its own; null: the booth's again. */
  async shareWith({ id, name }: Creator, recipe: Recipe | null): Promise<void> {
    const was = this.creators.find((creator) => creator.id === id)?.recipe ?? null;
    this.look.settle();
    const give = async (wish: Recipe | null) => {
      await this.hands.api.setCreatorLook(id, wish && forMany(wish));
      this.creators = await this.hands.api.creators();
      await this.look.refresh();
    };
    if (!(await this.hands.attempt(give(recipe).then(() => true)))) return;
    const words = recipe ? `This is ${name}'s look now.` : `${name} follows the booth's look again.`;
    this.takeBack(`${words} Frames without a look of their own are developed anew, the newest first.`, () => give(was));
  }

  async setDevelopment(change: Pick<Development, "flow"> | { device: DeviceChoice }): Promise<void> {
    await this.hands.attempt(this.development.set(change));
  }

  /** Developing failed: the same once more. */
  async retry(): Promise<void> {
    const { look } = this;
    if (!look.frame) return;
    await look.flush();
    if (await this.hands.attempt(this.hands.api.setLook(look.frame.id, look.own ? look.recipe : null).then(() => true))) await look.refresh();
  }

  private takeBack(text: string, back: () => Promise<void>): void {
    this.hands.notices.say(text, { verb: "Undo", run: () => void this.hands.attempt(back()) });
  }
}
