// The order of frames: newest first, each once. Pure; lists are replaced, never changed in place.
import type { Filter, Frame, FramePage } from "./model";

/** Puts frames into a list that is sorted newest first: a known id is replaced, a new one takes its place. */
export function merge(list: readonly Frame[], changed: Iterable<Frame>, gone: ReadonlySet<string> = new Set()): Frame[] {
  const fresh = new Map<string, Frame>();
  for (const frame of changed) if (!gone.has(frame.id)) fresh.set(frame.id, frame);
  const incoming = [...fresh.values()].sort((a, b) => b.seq - a.seq);
  const merged: Frame[] = [];
  let next = 0;
  for (const frame of list) {
    if (fresh.has(frame.id) || gone.has(frame.id)) continue;
    for (let candidate = incoming[next]; candidate && candidate.seq >= frame.seq; candidate = incoming[next]) {
      merged.push(candidate);
      next += 1;
    }
    merged.push(frame);
  }
  return merged.concat(incoming.slice(next));
}

/**
 * Puts a page into the list. The page is the truth for its stretch of numbers, so frames that it lacks are gone;
 * but what live events said while it was on its way (`touched`) is newer than the page.
 */
export function mergePage(
  list: readonly Frame[],
  page: FramePage,
  before: number | null,
  touched: ReadonlySet<string>,
): Frame[] {
  const lowest = page.next_before == null ? -Infinity : (page.frames.at(-1)?.seq ?? -Infinity);
  const inPage = new Set(page.frames.map((frame) => frame.id));
  const gone = new Set<string>();
  for (const frame of list) {
    const covered = frame.seq >= lowest && (before === null || frame.seq < before);
    if (covered && !inPage.has(frame.id) && !touched.has(frame.id)) gone.add(frame.id);
  }
  return merge(list, page.frames.filter((frame) => !touched.has(frame.id)), gone);
}

/** Frames that the filter and the search text let through. Attention is a list of files, not of frames: it lets all through. */
export function sieve(list: readonly Frame[], filter: Filter, text: string): readonly Frame[] {
  const wanted = text.trim().toLowerCase();
  if (filter !== "unassigned" && wanted === "") return list;
  return list.filter(
    (frame) =>
      (filter !== "unassigned" || frame.ticket == null) &&
      (wanted === "" || frame.name.toLowerCase().includes(wanted) || (frame.ticket ?? "").toLowerCase() === wanted),
  );
}

/** Where the frames of at most this number begin: what is newer than a held view comes before it. */
export function countNewer(list: readonly Frame[], seq: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as Frame).seq > seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
