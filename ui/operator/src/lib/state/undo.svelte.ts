// What was moved, so that it can be moved back: a stack with a bound, and the calls that undo one entry.
import type { Had } from "../look/paste";
import type { Assigned } from "../model";

export interface Move {
  /** In words, as shown when it is undone. */
  what: string;
  previous: Assigned["previous"];
}

/** Looks that were put onto frames. */
export interface Pasted {
  what: string;
  looks: readonly Had[];
}

export type Deed = Move | Pasted;

const MOVES_MAX = 100;

export class Undo {
  private moves = $state.raw<readonly Deed[]>([]);

  get depth(): number {
    return this.moves.length;
  }

  push(move: Deed): void {
    if (("previous" in move ? move.previous : move.looks).length > 0) this.moves = [...this.moves, move].slice(-MOVES_MAX);
  }

  get last(): Deed | null {
    return this.moves.at(-1) ?? null;
  }

  /** Takes one out, wherever it is; false when it was undone already. */
  take(deed: Deed): boolean {
    const known = this.moves.length;
    this.moves = this.moves.filter((each) => each !== deed);
    return this.moves.length < known;
  }

  pop(): Deed | null {
    const last = this.moves.at(-1) ?? null;
    if (last) this.moves = this.moves.slice(0, -1);
    return last;
  }
}

/** The fewest calls that put frames back to where they were: one for each ticket. */
export function callsBack(previous: Assigned["previous"]): { ticket: string | null; frames: string[] }[] {
  const by = new Map<string | null, string[]>();
  for (const { frame, ticket } of previous) {
    const key = ticket ?? null;
    const frames = by.get(key);
    if (frames) frames.push(frame);
    else by.set(key, [frame]);
  }
  return [...by].map(([ticket, frames]) => ({ ticket, frames }));
}

/** Cuts a long list into calls of a size that the studio takes. */
export function batches<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
}
