// Which frames are selected, and which one is under the cursor. The list it moves in is given with each step.
import type { Frame } from "../model";

type List = readonly Frame[];
const NONE: ReadonlySet<string> = new Set();

export class Selection {
  ids = $state.raw<ReadonlySet<string>>(NONE);
  /** The frame that keys move, the panel tells of and the loupe shows. */
  cursor = $state<string | null>(null);
  /** Where a stretch of frames was begun. */
  private anchor: string | null = null;

  get size(): number {
    return this.ids.size;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  only(id: string): void {
    this.ids = new Set([id]);
    this.cursor = id;
    this.anchor = id;
  }

  /** Adds a frame, or takes it out. */
  toggle(id: string): void {
    const next = new Set(this.ids);
    if (!next.delete(id)) next.add(id);
    this.ids = next;
    this.cursor = next.size === 0 ? null : id;
    this.anchor = this.cursor;
  }

  /** Everything between where the stretch was begun and here. */
  extend(list: List, id: string): void {
    const to = list.findIndex((frame) => frame.id === id);
    const begun = list.findIndex((frame) => frame.id === this.anchor);
    if (to < 0) return;
    if (begun < 0) {
      this.only(id);
      return;
    }
    this.ids = new Set(list.slice(Math.min(begun, to), Math.max(begun, to) + 1).map((frame) => frame.id));
    this.cursor = id;
  }

  everything(list: List): void {
    this.ids = new Set(list.map((frame) => frame.id));
    this.cursor ??= list[0]?.id ?? null;
  }

  clear(): void {
    this.ids = NONE;
    this.cursor = null;
    this.anchor = null;
  }

  indexIn(list: List): number {
    return this.cursor === null ? -1 : list.findIndex((frame) => frame.id === this.cursor);
  }

  /** Selected frames in the order of the list: what is not in the list is not meant. */
  within(list: List): Frame[] {
    return list.filter((frame) => this.ids.has(frame.id));
  }
}
