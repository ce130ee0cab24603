/** What to do with photos that arrive: decided here, done in sheet.ts. Pure. */

/** Ids are UUIDv7: they sort by time. */
export function isNewer(id: string, than: string): boolean {
  return id > than;
}

/** Before which of `shown` (newest first) a new photo belongs; `null` at the end, `undefined` where it is on an older page. */
export function placeFor(id: string, shown: readonly string[], olderPage: boolean): string | null | undefined {
  const next = shown.find((other) => isNewer(id, other));
  if (next !== undefined) return next;
  return olderPage && shown.length > 0 ? undefined : null;
}

export interface Merge {
  /** Nothing in common: too much happened, the page is to be loaded again. */
  reset: boolean;
  /** Ids to insert. */
  add: string[];
  /** Ids to remove. */
  drop: string[];
}

/** Brings what is shown up to a page that the booth rendered just now. Both newest first. */
export function merge(shown: readonly string[], fresh: readonly string[]): Merge {
  const known = new Set(shown);
  const still = new Set(fresh);
  const add = fresh.filter((id) => !known.has(id));
  const last = fresh.filter((id) => known.has(id)).pop();
  if (last === undefined) return { reset: shown.length > 0 && fresh.length > 0, add, drop: fresh.length > 0 ? [] : [...shown] };
  // Beyond the last one in common stand photos that the fresh page only had no room for.
  const drop = shown.slice(0, shown.indexOf(last)).filter((id) => !still.has(id));
  return { reset: false, add, drop };
}

/** "2 new photos", from the page's own words. */
export function counted(count: number, one: string, many: string): string {
  return count === 1 ? one : many.replace("{n}", String(count));
}
