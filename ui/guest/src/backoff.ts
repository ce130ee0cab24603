/** How long to wait before the next try. Pure: chance is passed in. */

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * Doubles from one second to half a minute, spread over the upper half of it, so that fifty phones that lost the booth
 * together do not come back together. `attempt` counts from 0; `chance` is in [0, 1).
 */
export function waitMs(attempt: number, chance: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(full * (0.5 + chance / 2));
}

/** What a `Retry-After` header asks for, in ms; a date or nonsense counts as nothing said. */
export function retryAfterMs(header: string | null): number {
  const seconds = Number(header ?? "");
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1_000, 120_000) : 0;
}
