// Tickets of the event and which one is current: frames that come in now are filed under it.
import type { Ticket, Tickets } from "../model";

export class TicketsView {
  list = $state.raw<readonly Ticket[]>([]);
  current = $state<string | null>(null);

  take(tickets: Tickets): void {
    this.list = [...tickets.tickets].sort((a, b) => b.created_at_ms - a.created_at_ms);
    this.current = tickets.current ?? null;
  }

  add(ticket: Ticket): void {
    this.list = [ticket, ...this.list.filter(({ code }) => code !== ticket.code)];
  }

  find(code: string): Ticket | null {
    return this.list.find((ticket) => ticket.code === code) ?? null;
  }
}
