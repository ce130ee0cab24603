/** A better picture takes another's place: decoded first, then put there. Nothing of the page is touched here. */
import { waitMs } from "./backoff.ts";

/** A picture that was not decoded after so many tries is left alone. */
const TRIES_MAX = 4;

export interface Decoding {
  decode(): Promise<void>;
}

/** Whether the picture was decoded; it is asked for again a few times, calmly. */
export async function decoded(picture: Decoding, wait: (ms: number) => Promise<void>): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    if (attempt > 0) await wait(waitMs(attempt - 1, Math.random()));
    try {
      await picture.decode();
      return true;
    } catch {
      // The booth is busy, or the picture's size was chosen anew on the way.
    }
  }
  return false;
}

/** Of several that want one place, only the last to come may take it. */
export class Turns {
  readonly #newest = new Map<string, number>();
  #count = 0;

  /** A new one comes. */
  take(place: string): number {
    this.#count += 1;
    this.#newest.set(place, this.#count);
    return this.#count;
  }

  /** Whether none came after it. */
  isNewest(place: string, turn: number): boolean {
    return this.#newest.get(place) === turn;
  }

  /** The place is taken, or no more. */
  end(place: string, turn: number): void {
    if (this.isNewest(place, turn)) this.#newest.delete(place);
  }
}
