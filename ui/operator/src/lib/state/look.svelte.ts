// The Look place: one frame is developed live. Holds the steps of its editing, asks for its pictures, and saves it.
import { ApiError } from "../api";
import { CONTROLS, neutralOf, told, type ControlId } from "../look/controls";
import { begin, change, redone, settled, undone, type History } from "../look/history";
import { before, keyOf, NEUTRAL, normalised, PARTS, uncropped, USUAL_PARTS, withParts, type Part } from "../look/recipe";
import { Saver, type SaveState } from "../look/saver";
import type { Frame, FrameLook, Geometry, Grey, GreyWish, Recipe } from "../model";
import { Pictures, type PicturesHands } from "./look_pictures.svelte";

export interface LookHands extends PicturesHands {
  load: (frame: string) => Promise<FrameLook>;
  save: (frame: string, recipe: Recipe | null) => Promise<void>;
  grey: (frame: string, wish: GreyWish) => Promise<Grey>;
  /** The look that frames have without one of their own; null while it is not known. */
  shared: () => Recipe | null;
  say: (text: string) => void;
  warn: (text: string) => void;
}

/** What is kept of an editing step: without a look of its own a frame follows that of its event or creator. */
interface Edit {
  recipe: Recipe;
  own: boolean;
}

export interface Clip {
  recipe: Recipe;
  /** Of which frame, in words. */
  from: string;
}

/** Frames whose steps are remembered when they are left. */
const KEPT_MAX = 20;
/** A drag that stands still gets its sharp picture; keys that follow one another within this are one step. */
const STILL_MS = 350;
const KEYS_MS = 900;
const PARTS_KEPT = "boothlight.look.parts";

const textOf = ({ recipe, own }: Edit) => (own ? keyOf(recipe) : "shared");

export class LookView {
  readonly pictures: Pictures;
  /** The frame, as far as this place knows it. */
  frame = $state.raw<Pick<Frame, "id" | "name"> | null>(null);
  facts = $state.raw<FrameLook | null>(null);
  /** Why the look could not be read, in words. */
  unread = $state<string | null>(null);
  saved = $state<SaveState>("saved");
  clip = $state.raw<Clip | null>(null);
  parts = $state.raw<readonly Part[]>(USUAL_PARTS);
  /** Ends the cropping and keeps it; the tool on screen sets this, as it alone knows the box. */
  endCrop: () => void = () => {};
  /** Ends it and leaves the crop as it was. */
  cancelCrop: () => void = () => this.stopCrop();
  /** Takes back the last step of the cropping; false when there is none. */
  undoCrop: () => boolean = () => false;
  /** How far the picture is turned under the crop, as it is chosen. */
  turn_deg = $state(0);
  /** Something that is only tried on: shown, not kept. */
  private trying = $state.raw<Recipe | null>(null);

  cropping = $state(false);
  picking = $state(false);
  holding = $state(false);
  split = $state(false);
  warnings = $state({ shadows: false, highlights: false });
  /** Long edge that fills the picture's box, px of the screen. */
  rest_edge_px = $state(1600);

  private history = $state.raw<History<Edit> | null>(null);
  private kept = new Map<string, { history: History<Edit>; saved: string }>();
  private savedText = "";
  private still: ReturnType<typeof setTimeout> | undefined;
  private keysEnd: ReturnType<typeof setTimeout> | undefined;
  private readonly saver: Saver<Edit>;

  constructor(private readonly hands: LookHands) {
    this.pictures = new Pictures(hands);
    this.saver = new Saver<Edit>({
      save: (id, { recipe, own }) => hands.save(id, own ? normalised(recipe) : null),
      changed: (id, state, edit) => this.saveIs(id, state, edit),
      failed: (_id, error) => {
        if (!(error instanceof ApiError)) throw error;
        if (!error.unreachable) hands.warn(error.message);
      },
    });
  }

  get recipe(): Recipe {
    return this.history?.now.value.recipe ?? NEUTRAL;
  }

  /** Whether the frame has a look of its own. */
  get own(): boolean {
    return this.history?.now.value.own ?? false;
  }

  /** Sliders do something. */
  get editable(): boolean {
    return this.history !== null && this.facts?.developable === true;
  }

  get undoes(): string | null {
    return this.history?.past.length ? this.history.now.what : null;
  }

  get redoes(): string | null {
    return this.history?.future[0]?.what ?? null;
  }

  /** What the picture shows: the tried look, and while cropping all of it. */
  get wanted(): Recipe {
    const recipe = this.trying ?? this.recipe;
    return normalised(this.cropping ? uncropped(recipe) : recipe);
  }

  /** The whole picture is here, so that its crop can be shown on it. */
  get cropReady(): boolean {
    return this.cropping && this.pictures.now?.key === keyOf(this.wanted);
  }

  get comparing(): boolean {
    return (this.split || this.holding) && !this.cropping;
  }

  restore(): void {
    const known = (localStorage.getItem(PARTS_KEPT) ?? "").split(" ").filter((part) => (PARTS as readonly string[]).includes(part));
    if (known.length > 0) this.parts = known as Part[];
  }

  /** Shows a frame; what was done to the last one is saved at once. */
  open(frame: Pick<Frame, "id" | "name"> | null): void {
    if (frame?.id === this.frame?.id) return;
    this.leave();
    this.frame = frame;
    this.facts = null;
    this.unread = null;
    const kept = frame && this.kept.get(frame.id);
    this.history = kept?.history ?? null;
    this.savedText = kept?.saved ?? "";
    this.saved = frame && this.saver.pending(frame.id) ? "changed" : "saved";
    this.pictures.open(frame?.id ?? null);
    if (frame) void this.refresh();
  }

  /** The place is left: the frame is read anew when somebody comes back. */
  close(): void {
    this.open(null);
  }

  private leave(): void {
    this.settle();
    this.trying = null;
    this.cropping = false;
    this.picking = false;
    this.holding = false;
    if (!this.frame || !this.history) return;
    this.kept.delete(this.frame.id);
    this.kept.set(this.frame.id, { history: settled(this.history), saved: this.savedText });
    const oldest = this.kept.keys().next().value;
    if (this.kept.size > KEPT_MAX && oldest !== undefined) this.kept.delete(oldest);
    void this.saver.flush();
  }

  /** Reads what the studio knows. A look that was changed elsewhere is a step here, which can be undone. */
  async refresh(what = "Changed elsewhere"): Promise<void> {
    const id = this.frame?.id;
    if (id === undefined) return;
    let facts: FrameLook;
    try {
      facts = await this.hands.load(id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (id === this.frame?.id && !this.facts) this.unread = error.message;
      return;
    }
    if (id !== this.frame?.id) return;
    const first = this.facts === null;
    this.facts = facts;
    this.unread = null;
    this.reconcile(id, { recipe: normalised(facts.recipe), own: facts.source === "frame" }, what);
    if (facts.developable && (first || this.pictures.now?.key !== keyOf(this.wanted))) this.picture();
  }

  /** The studio's look beside what was done here, which is newer wherever it is not saved yet. */
  private reconcile(id: string, theirs: Edit, what: string): void {
    if (this.history === null) this.history = begin(theirs);
    if (this.saver.pending(id) !== undefined || this.history.gesture !== null) return;
    const text = textOf(theirs);
    if (text !== this.savedText && this.savedText !== "") this.history = change(this.history, theirs, what);
    // A look that is shared changes for all; it is no step of this frame's editing.
    else if (!theirs.own && !this.own) this.history = { ...this.history, now: { ...this.history.now, value: theirs } };
    this.savedText = text;
  }

  /** The studio is back: what it missed is sent, what was not read is read. */
  reconnected(): void {
    if (!this.frame) return void this.saver.flush();
    void this.saver.flush().then(() => this.refresh());
    this.pictures.again();
  }

  /** A change. With a gesture, the picture follows it quickly, and the sharp one comes when it rests. */
  edit(recipe: Recipe, what: string, gesture: string | null = null): void {
    if (!this.editable || !this.history) return;
    this.trying = null;
    this.history = change(this.history, { recipe: { ...recipe, process: NEUTRAL.process }, own: true }, what, gesture);
    clearTimeout(this.still);
    clearTimeout(this.keysEnd);
    this.picture(gesture !== null);
    if (gesture === null) this.keep();
    else this.still = setTimeout(() => this.picture(), STILL_MS);
  }

  /** The gesture is over. */
  settle(): void {
    clearTimeout(this.still);
    clearTimeout(this.keysEnd);
    if (!this.history || this.history.gesture === null) return;
    this.history = settled(this.history);
    this.picture();
    this.keep();
  }

  /** White balance as the camera chose it, where it is known by now. */
  get as_shot(): FrameLook["as_shot"] {
    return this.facts?.as_shot ?? this.pictures.now?.as_shot ?? null;
  }

  /** Something was changed, and more of the same may follow: another key, the second click of two. */
  settleSoon(by: "hand" | "keys"): void {
    if (by === "hand") this.picture();
    clearTimeout(this.keysEnd);
    this.keysEnd = setTimeout(() => this.settle(), by === "hand" ? STILL_MS : KEYS_MS);
  }

  set(id: ControlId, value: number, gesture: string | null = null): void {
    const control = CONTROLS[id];
    this.edit(control.write(this.recipe, value, this.as_shot), told(control, value), gesture);
  }

  read(id: ControlId): number {
    return CONTROLS[id].read(this.recipe, this.as_shot);
  }

  /** One slider back to where nobody touched it. The clicks that ask for it move the slider first: all of it is one step. */
  resetControl(id: ControlId): void {
    const balance = id === "temperature" || id === "tint";
    const neutral = neutralOf(CONTROLS[id], this.as_shot);
    if (balance) this.edit({ ...this.recipe, white_balance: { mode: "as_shot" } }, "White balance as shot", id);
    else if (this.read(id) !== neutral) this.set(id, neutral, id);
    this.settle();
  }

  /** The whole frame back to the look that it shares. */
  reset(): void {
    const shared = this.hands.shared();
    if (!this.editable || !this.history || !shared) return;
    this.settle();
    this.history = change(this.history, { recipe: normalised(shared), own: false }, "Back to the booth's look");
    this.picture();
    this.keep();
  }

  /** The camera's own look, for this frame. */
  neutral(): void {
    this.edit(withParts(NEUTRAL, this.recipe, ["crop"]), "As the camera made it");
  }

  undo(): void {
    if (this.cropping) {
      if (!this.undoCrop()) this.hands.say("Nothing to undo in this crop. Esc leaves it as it was.");
      return;
    }
    this.back(undone, this.undoes, "Nothing to undo.", "Undone");
  }

  redo(): void {
    if (!this.cropping) this.back(redone, this.redoes, "Nothing to redo.", "Redone");
  }

  private back(move: (history: History<Edit>) => History<Edit>, what: string | null, none: string, word: string): void {
    this.settle();
    if (!this.history || what === null) return this.hands.say(none);
    this.trying = null;
    this.history = move(this.history);
    this.picture();
    this.keep();
    this.hands.say(`${word}: ${what}.`);
  }

  /** Shows a look without keeping it; null ends it. */
  tryOn(recipe: Recipe | null): void {
    if (!this.editable || recipe === this.trying) return;
    this.trying = recipe && withParts(this.recipe, recipe, USUAL_PARTS);
    this.picture(recipe !== null);
  }

  crop(geometry: Geometry): void {
    this.stopCrop();
    if (keyOf({ ...this.recipe, geometry }) !== keyOf(this.recipe)) this.edit({ ...this.recipe, geometry }, "Crop");
    else this.picture();
  }

  /** The picture as it was, while a key or a button is held. */
  hold(held: boolean): void {
    if (held && (!this.editable || this.cropping)) return;
    this.holding = held;
    if (held) this.picture();
  }

  toggleSplit(): void {
    if (!this.editable || this.cropping) return;
    this.split = !this.split;
    this.picture();
  }

  togglePick(): void {
    if (!this.editable || this.cropping) return;
    this.picking = !this.picking;
  }

  toggleWarnings(): void {
    const on = !(this.warnings.shadows && this.warnings.highlights);
    this.warnings = { shadows: on, highlights: on };
  }

  toggleAuto(): void {
    const { exposure } = this.recipe;
    this.edit({ ...this.recipe, exposure: { ...exposure, auto: !exposure.auto } }, `Auto exposure ${exposure.auto ? "off" : "on"}`);
  }

  /** Closes the topmost thing of this place; false when nothing was open. */
  escape(): boolean {
    if (this.picking) this.picking = false;
    else if (this.cropping) this.cancelCrop();
    else if (this.split) this.split = false;
    else return false;
    return true;
  }

  startCrop(): void {
    if (!this.editable) return;
    this.settle();
    this.picking = false;
    this.cropping = true;
    this.picture();
  }

  stopCrop(): void {
    if (!this.cropping) return;
    this.cropping = false;
    this.picture();
  }

  /** Shares of the shown picture: what is there shall be grey. */
  async pick(x: number, y: number): Promise<void> {
    const id = this.frame?.id;
    if (id === undefined) return;
    this.picking = false;
    try {
      const grey = await this.hands.grey(id, { x, y, recipe: this.wanted });
      if (id === this.frame?.id) this.edit({ ...this.recipe, white_balance: { mode: "grey", ...grey } }, "White balance from grey");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.hands.warn(error.message);
    }
  }

  copy(): void {
    if (!this.frame || !this.history) return;
    this.take({ recipe: this.recipe, from: this.frame.name });
  }

  take(clip: Clip): void {
    this.clip = clip;
    this.hands.say(`The look of ${clip.from} is copied. V pastes it.`);
  }

  paste(): void {
    if (!this.clip) return this.hands.say("No look is copied yet. C copies that of this frame.");
    this.wear(this.clip.recipe, `Look of ${this.clip.from}`, this.parts);
  }

  /** Another look onto this frame. */
  wear(recipe: Recipe, what: string, parts: readonly Part[] = USUAL_PARTS): void {
    this.settle();
    this.edit(withParts(this.recipe, recipe, parts), what);
  }

  carry(part: Part, along: boolean): void {
    const parts = PARTS.filter((each) => (each === part ? along : this.parts.includes(each)));
    if (parts.length === 0) return;
    this.parts = parts;
    localStorage.setItem(PARTS_KEPT, parts.join(" "));
  }

  /** Pictures for a box of another size, or for a comparison that begins. */
  picture(live = false): void {
    if (!this.facts?.developable) return;
    this.pictures.want("now", this.wanted, this.rest_edge_px, live);
    if (this.comparing) this.pictures.want("before", normalised(before(this.trying ?? this.recipe)), this.rest_edge_px);
  }

  /** What is not saved yet is saved now. */
  flush(): Promise<void> {
    return this.saver.flush();
  }

  stop(): void {
    clearTimeout(this.still);
    clearTimeout(this.keysEnd);
    this.saver.stop();
  }

  private keep(): void {
    const edit = this.history?.now.value;
    if (!this.frame || !edit) return;
    if (textOf(edit) === this.savedText && this.saver.pending(this.frame.id) === undefined) return;
    this.saver.put(this.frame.id, edit);
  }

  private saveIs(id: string, state: SaveState, edit: Edit): void {
    const kept = this.kept.get(id);
    if (state === "saved" && kept) kept.saved = textOf(edit);
    if (id !== this.frame?.id) return;
    this.saved = state;
    if (state !== "saved") return;
    this.savedText = textOf(edit);
    void this.refresh();
  }
}
