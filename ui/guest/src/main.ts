/** The guest's script: new photos appear, pictures that fail come again, a tap shows one large. The page works without. */
import { Live } from "./live.ts";
import { retryPictures } from "./retry.ts";
import { post, Seen } from "./seen.ts";
import { Sheet } from "./sheet.ts";
import { keysFor } from "./strip.ts";
import { Viewer } from "./viewer.ts";

function gallery(list: HTMLElement): void {
  const sheet = new Sheet(list, new Seen(post, () => performance.now()));
  new Viewer(sheet);
  const href = list.dataset["live"];
  if (!href) return;
  const live = new Live(
    href,
    {
      photo: (id, html) => sheet.photo(id, html, performance.now()),
      gone: (id) => sheet.gone(id),
      resync: () => void sheet.catchUp(),
      lost: (lost) => sheet.say(lost ? (list.dataset["lost"] ?? "") : ""),
    },
    {
      open: (address) => new EventSource(address),
      later: (run, ms) => setTimeout(run, ms),
      cancel: (timer) => clearTimeout(timer as number),
      chance: Math.random,
    },
  );
  // A phone in a pocket holds no connection.
  const follow = () => (document.hidden ? live.stop() : live.start());
  document.addEventListener("visibilitychange", follow);
  // A page that the browser kept when the guest went on is shown again with a dead stream.
  addEventListener("pagehide", () => live.stop());
  addEventListener("pageshow", follow);
  follow();
}

retryPictures(document.body);
const sheet = document.querySelector<HTMLElement>("#sheet");
if (sheet) gallery(sheet);
const strip = document.querySelector<HTMLElement>("#strip");
if (strip) keysFor(strip);
const patience = Number(document.querySelector<HTMLElement>("[data-retry-s]")?.dataset["retryS"]);
// Asked with GET, also where the busy page answered a form.
if (patience > 0) setTimeout(() => location.replace(location.href), Math.min(patience, 600) * 1_000);
