// One short message at a time, at the foot of the window; a newer one takes its place.

export interface Notice {
  text: string;
  bad: boolean;
  /** A verb and what it does, and the key that does the same. */
  act?: { verb: string; key?: string; run: () => void };
}

const SHOWN_MS = 7000;
const BAD_SHOWN_MS = 15_000;

export class Notices {
  now = $state.raw<Notice | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string, act?: Notice["act"]): void {
    this.show({ text, bad: false, act }, SHOWN_MS);
  }

  warn(text: string): void {
    this.show({ text, bad: true }, BAD_SHOWN_MS);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.now = null;
  }

  private show(notice: Notice, ms: number): void {
    clearTimeout(this.timer);
    this.now = notice;
    this.timer = setTimeout(() => (this.now = null), ms);
  }
}
