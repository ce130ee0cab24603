// Steps of an editing, back and forth, with a bound. Pure: a history is replaced, never changed in place.

export interface Step<T> {
  value: T;
  /** What led here, in words. */
  what: string;
}

export interface History<T> {
  now: Step<T>;
  past: readonly Step<T>[];
  future: readonly Step<T>[];
  /** The gesture that made `now`; further changes of the same gesture replace it. */
  gesture: string | null;
}

export const STEPS_MAX = 100;

export const begin = <T>(value: T, what = ""): History<T> => ({ now: { value, what }, past: [], future: [], gesture: null });

/** A change. One of the same gesture as the last belongs to the same step: a drag is one step, however many pictures it passed. */
export function change<T>(history: History<T>, value: T, what: string, gesture: string | null = null): History<T> {
  const now = { value, what };
  if (gesture !== null && gesture === history.gesture) return { ...history, now, future: [] };
  return { now, past: [...history.past, history.now].slice(-STEPS_MAX), future: [], gesture };
}

/** The gesture is over: what comes next is a step of its own. */
export const settled = <T>(history: History<T>): History<T> => (history.gesture === null ? history : { ...history, gesture: null });

export function undone<T>(history: History<T>): History<T> {
  const last = history.past.at(-1);
  if (!last) return history;
  return { now: last, past: history.past.slice(0, -1), future: [history.now, ...history.future], gesture: null };
}

export function redone<T>(history: History<T>): History<T> {
  const [next, ...rest] = history.future;
  if (!next) return history;
  return { now: next, past: [...history.past, history.now].slice(-STEPS_MAX), future: rest, gesture: null };
}
