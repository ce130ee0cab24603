// What the palette offers for a typed text: commands, then tickets, then frames. Pure but for what a choice runs.
import { ticketCode } from "./format";
import type { Frame, Ticket } from "./model";

export interface Command {
  id: string;
  name: string;
  key?: string;
  run: () => void;
}

export interface Offer extends Command {
  group: "Commands" | "Tickets" | "Frames";
}

const TICKETS_MAX = 5;
const FRAMES_MAX = 12;

/** Every word of the text must begin a word of the name, in any order. */
export function matches(name: string, text: string): boolean {
  const words = name.toLowerCase().split(/[\s_.-]+/);
  return text.toLowerCase().split(/\s+/).filter(Boolean).every((part) => words.some((word) => word.startsWith(part)));
}

export function offers(
  text: string,
  commands: readonly Command[],
  tickets: readonly Ticket[],
  frames: readonly Frame[],
  go: { ticket: (code: string) => void; frame: (id: string) => void },
): Offer[] {
  const found: Offer[] = commands.filter((each) => matches(each.name, text)).map((each) => ({ ...each, group: "Commands" }));
  const code = ticketCode(text);
  if (code === "") return found;
  for (const ticket of tickets.filter((each) => each.code.startsWith(code)).slice(0, TICKETS_MAX)) {
    found.push({ id: `ticket ${ticket.code}`, name: ticket.code, group: "Tickets", run: () => go.ticket(ticket.code) });
  }
  const wanted = text.trim().toLowerCase();
  let left = FRAMES_MAX;
  for (const frame of frames) {
    if (left === 0) break;
    if (!frame.name.toLowerCase().includes(wanted)) continue;
    found.push({ id: `frame ${frame.id}`, name: frame.name, group: "Frames", run: () => go.frame(frame.id) });
    left -= 1;
  }
  return found;
}
