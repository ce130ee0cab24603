/** A blurred idea of each picture until it is there. */
import { thumbHashToDataURL } from "thumbhash";

export function blur(tile: HTMLElement): void {
  const hash = tile.dataset["hash"];
  const picture = tile.querySelector("img");
  if (!hash || (picture?.complete && picture.naturalWidth > 0)) return;
  try {
    const bytes = Uint8Array.from(atob(hash), (letter) => letter.charCodeAt(0));
    tile.style.backgroundImage = `url(${thumbHashToDataURL(bytes)})`;
  } catch {
    // A broken hash: the average colour is there.
  }
}
