// Keeps what was changed until the studio has it: some time after the last change, at once when a frame is left,
// and again when the studio is back. Pure but for its timers.

export type SaveState = "saved" | "changed" | "saving" | "failed";

export interface SaverHands<T> {
  save: (id: string, value: T) => Promise<void>;
  /** Called with each change of a state, and what it is about. */
  changed: (id: string, state: SaveState, value: T) => void;
  failed: (id: string, error: unknown) => void;
}

/** So long nothing must change before it is saved: a save begins work for the whole booth. */
export const REST_MS = 1200;

export class Saver<T> {
  private waiting = new Map<string, T>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;

  constructor(private readonly hands: SaverHands<T>) {}

  /** What is not with the studio yet. */
  pending(id: string): T | undefined {
    return this.waiting.get(id);
  }

  put(id: string, value: T): void {
    this.waiting.set(id, value);
    this.hands.changed(id, "changed", value);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), REST_MS);
  }

  /** Saves all that waits, one after another. What fails stays, and is tried by the next call. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.running ??= this.run().finally(() => (this.running = null));
    return this.running;
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    const tried = new Map<string, T>();
    for (let next = this.untried(tried); next; next = this.untried(tried)) {
      const [id, value] = next;
      tried.set(id, value);
      this.hands.changed(id, "saving", value);
      try {
        await this.hands.save(id, value);
        // A change meanwhile is another turn.
        if (this.waiting.get(id) === value) {
          this.waiting.delete(id);
          this.hands.changed(id, "saved", value);
        }
      } catch (error) {
        this.hands.changed(id, "failed", value);
        this.hands.failed(id, error);
      }
    }
  }

  private untried(tried: ReadonlyMap<string, T>): [string, T] | undefined {
    return [...this.waiting].find(([id, value]) => tried.get(id) !== value);
  }
}
