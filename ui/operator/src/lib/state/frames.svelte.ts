// All frames of the event, newest first. Live changes are gathered and put in once per drawn picture.
import { merge, mergePage } from "../frame_list";
import type { Frame, FramePage } from "../model";

export interface FramesHands {
  page: (before: number | null, limit: number) => Promise<FramePage>;
  /** Runs the work before the next picture is drawn. */
  schedule: (work: () => void) => void;
}

/** Enough to fill the largest screen at once; the rest follows in the background. */
const FIRST_PAGE = 300;
const PAGE = 2000;
/** Frames that the window holds; an event beyond that keeps its older frames on disk and out of the sheet. */
const FRAMES_MAX = 100_000;

export class Frames {
  all = $state.raw<readonly Frame[]>([]);
  /** Frames in the event, as the studio counts them. */
  total = $state(0);
  /** The first page is here: the sheet can be shown, or can say that it is empty. */
  begun = $state(false);
  /** Every page is here. */
  whole = $state(false);

  private byId = new Map<string, Frame>();
  private changed = new Map<string, Frame>();
  private gone = new Set<string>();
  private touched = new Set<string>();
  private scheduled = false;
  private loading = 0;

  constructor(private readonly hands: FramesHands) {}

  get(id: string | null): Frame | null {
    // Reading the list makes callers follow it.
    return this.all.length > 0 && id !== null ? (this.byId.get(id) ?? null) : null;
  }

  put(frame: Frame): void {
    this.gone.delete(frame.id);
    this.changed.set(frame.id, frame);
    this.note(frame.id);
  }

  drop(id: string): void {
    this.changed.delete(id);
    this.gone.add(id);
    this.note(id);
  }

  /** Loads all pages, newest first; a later call takes over from an earlier one. */
  async load(): Promise<void> {
    this.loading += 1;
    const mine = this.loading;
    this.whole = false;
    let before: number | null = null;
    do {
      this.touched = new Set();
      const page: FramePage = await this.hands.page(before, before === null ? FIRST_PAGE : PAGE);
      if (mine !== this.loading) return;
      this.flush();
      this.replace(mergePage(this.all, page, before, this.touched));
      this.total = page.total;
      this.begun = true;
      // A page that leads nowhere must not be asked for again and again.
      before = page.next_before != null && page.frames.length > 0 ? page.next_before : null;
    } while (before !== null && this.all.length < FRAMES_MAX);
    this.whole = true;
  }

  /** Puts in what has gathered. */
  flush(): void {
    if (this.changed.size === 0 && this.gone.size === 0) return;
    const known = this.all.length;
    for (const frame of this.changed.values()) this.byId.set(frame.id, frame);
    for (const id of this.gone) this.byId.delete(id);
    this.all = merge(this.all, this.changed.values(), this.gone);
    this.total = Math.max(this.all.length, this.total + this.all.length - known);
    this.changed = new Map();
    this.gone = new Set();
  }

  private replace(list: Frame[]): void {
    this.byId = new Map(list.map((frame) => [frame.id, frame]));
    this.all = list;
  }

  private note(id: string): void {
    this.touched.add(id);
    if (this.scheduled) return;
    this.scheduled = true;
    this.hands.schedule(() => {
      this.scheduled = false;
      this.flush();
    });
  }
}
