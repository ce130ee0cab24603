// The studio's pulse, now and over the last ten minutes.
import type { Pulse } from "../model";

/** About one a second. */
const HISTORY_MAX = 600;

export class PulseView {
  now = $state.raw<Pulse | null>(null);
  history = $state.raw<readonly Pulse[]>([]);

  take(pulse: Pulse): void {
    this.now = pulse;
    this.history = [...this.history.slice(1 - HISTORY_MAX), pulse];
  }

  /** The last `n` values of a figure, for a small curve. */
  curve(of: (pulse: Pulse) => number | null | undefined, n = 120): number[] {
    return this.history.slice(-n).map((pulse) => of(pulse) ?? 0);
  }
}
