/** Pictures that did not come are asked for again, calmly; a busy booth says how long to wait. */
import { retryAfterMs, waitMs } from "./backoff.ts";

const TRIES_MAX = 8;
const tries = new WeakMap<HTMLImageElement, number>();

async function again(picture: HTMLImageElement): Promise<void> {
  const attempt = tries.get(picture) ?? 0;
  const holder = picture.closest("li");
  if (attempt >= TRIES_MAX || !picture.isConnected) return;
  tries.set(picture, attempt + 1);
  holder?.setAttribute("data-waiting", holder.parentElement?.dataset["wait"] ?? "");
  await wait(waitMs(attempt, Math.random()));
  // Only fetch tells the status; what it brings is in the cache when the picture asks for it.
  const answer = await fetch(picture.currentSrc || picture.src).catch(() => null);
  if (!answer?.ok) {
    await wait(retryAfterMs(answer?.headers.get("retry-after") ?? null));
    return again(picture);
  }
  await answer.arrayBuffer().catch(() => null);
  // The same words again make the browser choose and load again.
  picture.srcset = picture.srcset;
  picture.src = picture.src;
}

function wait(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** Watches every picture in the page, also those to come. */
export function retryPictures(root: HTMLElement): void {
  const failed = (target: EventTarget | null) => {
    if (target instanceof HTMLImageElement) void again(target);
  };
  // These events do not bubble; they are caught on their way down.
  root.addEventListener("error", (event) => failed(event.target), true);
  root.addEventListener("load", (event) => {
    if (event.target instanceof HTMLImageElement) event.target.closest("li")?.removeAttribute("data-waiting");
  }, true);
  for (const picture of root.querySelectorAll("img")) {
    if (picture.loading !== "lazy" && picture.complete && picture.naturalWidth === 0) failed(picture);
  }
}
