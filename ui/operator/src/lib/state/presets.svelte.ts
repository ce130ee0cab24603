// Saved looks of the booth, by name.
import { forMany } from "../look/recipe";
import type { Preset, Recipe, SavePreset } from "../model";

export interface PresetsHands {
  list: () => Promise<Preset[]>;
  save: (name: string, preset: SavePreset) => Promise<void>;
  remove: (name: string) => Promise<void>;
}

export const PRESETS_MAX = 100;
export const NAME_CHARS_MAX = 60;

export class PresetsView {
  list = $state.raw<readonly Preset[]>([]);

  constructor(private readonly hands: PresetsHands) {}

  async load(): Promise<void> {
    this.list = (await this.hands.list()).sort((a, b) => a.name.localeCompare(b.name, "en-GB", { numeric: true, sensitivity: "base" }));
  }

  find(name: string): Preset | null {
    return this.list.find((preset) => preset.name === name) ?? null;
  }

  /** Why a name cannot be taken, in words; null when it can. `own`: the name that the preset has now. */
  refusal(typed: string, own: string | null = null): string | null {
    const name = typed.trim();
    if (name === "") return "Give it a name.";
    if ([...name].length > NAME_CHARS_MAX) return `A name has at most ${NAME_CHARS_MAX} characters.`;
    if (name !== own && this.find(name)) return `There is a preset “${name}” already. Choose another name, or update that one.`;
    if (own === null && this.list.length >= PRESETS_MAX) return `There are ${PRESETS_MAX} presets, and no more fit. Delete one first.`;
    return null;
  }

  async save(name: string, recipe: Recipe, creator: string | null = null): Promise<void> {
    await this.hands.save(name.trim(), { recipe: forMany(recipe), creator });
    await this.load();
  }

  async remove(name: string): Promise<void> {
    await this.hands.remove(name);
    await this.load();
  }

  /** Saved under its new name before the old one goes: a break between the two leaves one too many, never none. */
  async rename(preset: Preset, to: string): Promise<void> {
    if (to.trim() === preset.name) return;
    await this.hands.save(to.trim(), { recipe: preset.recipe, creator: preset.creator });
    await this.remove(preset.name);
  }
}
