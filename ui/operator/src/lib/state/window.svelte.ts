// What is open in the window. One dialog at a time, so that Esc always means one thing.
import type { Place } from "../model";

export type Dialog = "palette" | "keys" | "assign" | "watch" | "import" | "join" | "big_ticket" | "developing";
export type Story = "sources" | "phones" | "first_preview" | "queue" | "disk";

export class WindowView {
  place = $state<Place>("shoot");
  dialog = $state<Dialog | null>(null);
  loupe = $state(false);
  zoom = $state(false);
  /** The ticket whose QR the panel shows; null: the panel tells of the selected frame. */
  ticket = $state<string | null>(null);
  story = $state<Story | null>(null);

  open(dialog: Dialog): void {
    this.story = null;
    this.dialog = dialog;
  }

  close(): void {
    this.dialog = null;
  }

  /** Wherever the operator is, the guest gets to see the code. */
  showTicket(code: string): void {
    this.place = "shoot";
    this.loupe = false;
    this.ticket = code;
  }

  /** Closes the topmost thing; false when nothing was open. */
  back(): boolean {
    if (this.dialog) this.dialog = null;
    else if (this.story) this.story = null;
    else if (this.zoom && this.loupe) this.zoom = false;
    else if (this.loupe) this.loupe = false;
    else if (this.ticket) this.ticket = null;
    else return false;
    return true;
  }
}
