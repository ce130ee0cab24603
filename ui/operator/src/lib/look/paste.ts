// A look put onto many frames: what each of them gets, in as few calls as can be. Pure.
import type { FrameLook, Recipe } from "../model";
import { keyOf, normalised, withParts, type Part } from "./recipe";

/** Frames that the studio takes in one call. */
export const LOOKS_MAX = 1000;

/** What a frame had: its own recipe, or null for the look that it shared. */
export interface Had {
  frame: string;
  recipe: Recipe | null;
}

export interface Call {
  recipe: Recipe;
  frames: string[];
}

export const had = (frame: string, look: FrameLook): Had => ({ frame, recipe: look.source === "frame" ? look.recipe : null });

/** Each frame keeps what is not pasted; frames that end alike share a call. */
export function calls(looks: readonly { frame: string; recipe: Recipe }[], from: Recipe, parts: readonly Part[]): Call[] {
  return gathered(looks.map(({ frame, recipe }) => ({ frame, recipe: withParts(recipe, from, parts) })));
}

/** The calls that give frames back their own recipes, and the frames that had none. */
export function callsBack(before: readonly Had[]): { calls: Call[]; shared: string[] } {
  const own = before.flatMap(({ frame, recipe }) => (recipe ? [{ frame, recipe }] : []));
  return { calls: gathered(own), shared: before.filter(({ recipe }) => recipe === null).map(({ frame }) => frame) };
}

function gathered(wishes: readonly { frame: string; recipe: Recipe }[]): Call[] {
  const by = new Map<string, Call>();
  for (const { frame, recipe } of wishes) {
    const key = keyOf(recipe);
    const call = by.get(key) ?? { recipe: normalised(recipe), frames: [] };
    call.frames.push(frame);
    by.set(key, call);
  }
  return [...by.values()].flatMap(({ recipe, frames }) =>
    Array.from({ length: Math.ceil(frames.length / LOOKS_MAX) }, (_, at) => ({ recipe, frames: frames.slice(at * LOOKS_MAX, (at + 1) * LOOKS_MAX) })),
  );
}

/** Does the work for each item, some at a time, and gives the results in order. The first failure ends it. */
export async function each<T, R>(items: readonly T[], at_once: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const at = next;
      next += 1;
      results[at] = await work(items[at] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(at_once, items.length) }, lane));
  return results;
}
