// What was moved, so that it can be moved back: a stack with a bound, and the calls that undo one entry.
import type { Assigned } from "../model";

export interface Move {
  /** In words, as shown when it is undone. */
  what: string;
  previous: Assigned["previous"];
}

const MOVES_MAX = 100;

export class Undo {
  private moves = $state.raw<readonly Move[]>([]);

  get depth(): number {
    return this.moves.length;
  }

  push(move: Move): void {
    if (move.previous.length > 0) this.moves = [...this.moves, move].slice(-MOVES_MAX);
  }

  pop(): Move | null {
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
