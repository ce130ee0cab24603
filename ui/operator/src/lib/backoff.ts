// How long to wait before asking again: doubled each time, spread so that windows do not ask in step. Pure.

const FIRST_MS = 500;
const LONGEST_MS = 8000;

/** `attempt` counts from 0; `random` is in 0..1. */
export function backoff(attempt: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(whole * (0.75 + 0.25 * random));
}
