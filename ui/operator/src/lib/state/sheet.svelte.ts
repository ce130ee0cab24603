// What the contact sheet shows: filter, search, size, and a view that is held still while somebody looks.
import { countNewer, sieve } from "../frame_list";
import { SIZES, type Step } from "../grid";
import type { Filter, Frame } from "../model";
import type { Frames } from "./frames.svelte";

const KEPT = "boothlight.size";

export class SheetView {
  filter = $state<Filter>("all");
  text = $state("");
  size = $state(2);
  /** Newest number that is shown; frames beyond it wait, so that nothing moves under a pointer. Null: all are shown. */
  private heldAt = $state<number | null>(null);

  private sieved: readonly Frame[] = $derived.by(() => sieve(this.frames.all, this.filter, this.text));
  /** Frames that wait above the held view. */
  waiting: number = $derived.by(() => (this.heldAt === null ? 0 : countNewer(this.sieved, this.heldAt)));
  shown: readonly Frame[] = $derived.by(() => (this.waiting > 0 ? this.sieved.slice(this.waiting) : this.sieved));
  unassigned: number = $derived.by(() => this.frames.all.reduce((n, frame) => n + (frame.ticket == null ? 1 : 0), 0));

  /** Moves the cursor through what is drawn; the sheet on screen sets this, as it alone knows its columns. */
  steer: (by: Step, extend: boolean) => void = () => {};
  /** Scrolls so far that the cursor is seen. */
  reveal: () => void = () => {};
  focusSearch: () => void | Promise<void> = () => {};

  constructor(private readonly frames: Frames) {}

  /** The view stays as it is now. */
  hold(): void {
    if (this.heldAt === null) this.heldAt = this.frames.all[0]?.seq ?? 0;
  }

  release(): void {
    this.heldAt = null;
  }

  get held(): boolean {
    return this.heldAt !== null;
  }

  show(filter: Filter): void {
    this.filter = filter;
    this.release();
  }

  get cell(): number {
    return SIZES[this.size] ?? SIZES[0];
  }

  resize(to: number): void {
    this.size = Math.min(SIZES.length - 1, Math.max(0, Math.round(to)));
    localStorage.setItem(KEPT, String(this.size));
  }

  restore(): void {
    const kept = Number.parseInt(localStorage.getItem(KEPT) ?? "", 10);
    if (kept >= 0 && kept < SIZES.length) this.size = kept;
  }
}
