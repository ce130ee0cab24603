/** The sheet of photos: what arrives is inserted without moving what the guest looks at. */
import { blur } from "./placeholder.ts";
import { counted, merge, placeFor } from "./plan.ts";
import type { Seen } from "./seen.ts";
import { Turns, decoded } from "./swap.ts";

/** More tiles than this, and the page offers to be loaded again instead. */
const TILES_MAX = 240;
/** So far down, the guest looks at something else than the newest. */
const SCROLLED_PX = 48;

export class Sheet {
  readonly #pill: HTMLButtonElement;
  readonly #status: HTMLElement;
  readonly #held = new Map<string, HTMLElement>();
  readonly #page = location.href;
  readonly #turns = new Turns();
  #reload = false;
  /** While something covers the sheet or a finger rests on it, nothing moves. */
  #still = 0;
  /** A tile took another's place. */
  onReplace: (id: string, tile: HTMLElement) => void = () => undefined;

  constructor(
    readonly list: HTMLElement,
    private readonly seen: Seen,
  ) {
    this.#pill = document.createElement("button");
    this.#pill.className = "pill";
    this.#pill.hidden = true;
    this.#pill.onclick = () => this.#showHeld();
    this.#status = document.createElement("p");
    this.#status.className = "status";
    this.#status.setAttribute("role", "status");
    list.before(this.#status, this.#pill);
    list.querySelectorAll<HTMLElement>("li").forEach(blur);
    list.addEventListener("touchstart", () => this.hold(), { passive: true });
    for (const end of ["touchend", "touchcancel"]) addEventListener(end, (event) => this.#lift(event as TouchEvent));
    addEventListener("scroll", () => this.#flushIfFree(), { passive: true });
  }

  tiles(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("li[data-photo]")];
  }

  /** Nothing is inserted until as many releases. */
  hold(): void {
    this.#still = 1;
  }

  release(): void {
    this.#still = 0;
    this.#flushIfFree();
  }

  say(text: string): void {
    this.#status.textContent = text;
  }

  /** A photo that the booth announced at `receivedMs`, or (without it) that a fresh page had. */
  photo(id: string, html: string, receivedMs?: number): void {
    const tile = parse(html);
    if (!tile || tile.dataset["photo"] !== id) return;
    const picture = tile.querySelector("img");
    // Before it is waited for: another size is another file, and waiting for the first would fail.
    if (this.list.classList.contains("few") && picture) picture.sizes = "(min-width:44em) 44em, 100vw";
    const old = this.#find(id);
    const far = old !== undefined && !isNear(old);
    // Nobody looks at it: it is fetched when somebody does. Said before the browser begins to fetch.
    if (old && picture) picture.loading = far ? "lazy" : "eager";
    if (!far && picture && receivedMs !== undefined) void this.seen.watch(id, picture, receivedMs);
    if (old) return void this.#replace(id, old, tile, picture);
    if (this.#held.has(id)) return void this.#held.set(id, tile);
    const place = placeFor(id, this.#ids(), document.querySelector('main nav [rel="next"]') !== null);
    if (place === undefined) return;
    this.#count(+1);
    if (this.#held.size + this.list.children.length >= TILES_MAX) this.#reload = true;
    else this.#held.set(id, tile);
    this.#flushIfFree();
    this.#showPill();
  }

  gone(id: string): void {
    const tile = this.#find(id);
    if (!this.#held.delete(id) && !tile) return;
    tile?.remove();
    this.#count(-1);
    this.#showPill();
  }

  /** Asks for the page and takes over what differs. */
  async catchUp(): Promise<void> {
    const text = await fetch(this.#page, { cache: "no-cache" }).then((answer) => (answer.ok ? answer.text() : ""), () => "");
    if (!text) return;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const tiles = new Map([...fresh.querySelectorAll<HTMLElement>("#sheet > li")].map((tile) => [tile.dataset["photo"] ?? "", tile]));
    const shown = [...this.#held.keys(), ...this.#ids()].sort().reverse();
    const plan = merge(shown, [...tiles.keys()]);
    this.#reload ||= plan.reset;
    if (!plan.reset) {
      plan.drop.forEach((id) => this.gone(id));
      for (const [id, tile] of tiles) {
        const shown = this.#find(id);
        const other = shown && (shown.hasAttribute("data-arriving") || source(shown) !== source(tile));
        if (plan.add.includes(id) || other) this.photo(id, tile.outerHTML);
      }
      const total = Number(fresh.querySelector<HTMLElement>("[data-count]")?.dataset["count"]);
      if (Number.isFinite(total)) this.#count(0, total);
    }
    this.#showPill();
  }

  #lift(event: TouchEvent): void {
    if (event.touches.length === 0 && !document.querySelector("dialog[open]")) this.release();
  }

  #ids(): string[] {
    return this.tiles().map((tile) => tile.dataset["photo"] ?? "");
  }

  #find(id: string): HTMLElement | undefined {
    return this.tiles().find((tile) => tile.dataset["photo"] === id);
  }

  /** The old picture stays until the new one is decoded, and where that fails; the box stays as it is. */
  async #replace(id: string, old: HTMLElement, tile: HTMLElement, picture: HTMLImageElement | null): Promise<void> {
    const turn = this.#turns.take(id);
    const before = old.querySelector("img");
    if (picture && before && source(old) === source(tile)) {
      // The same pixels under another state: they stay on the screen.
      keep(before, picture);
    } else if (picture && before?.complete && before.naturalWidth > 0 && picture.loading !== "lazy") {
      const ready = await decoded(picture, (ms) => new Promise((done) => setTimeout(done, ms)));
      if (!this.#turns.isNewest(id, turn)) return;
      if (!ready) keep(before, picture);
      // It is decoded: it is painted at once, and not a frame later.
      picture.decoding = "sync";
      hold(picture, before);
    } else if (picture && before) {
      hold(picture, before);
    }
    this.#turns.end(id, turn);
    const place = this.#find(id);
    if (!place) return;
    blur(tile);
    const focused = place.contains(document.activeElement);
    place.replaceWith(tile);
    if (focused) tile.querySelector("a")?.focus({ preventScroll: true });
    this.onReplace(id, tile);
  }

  #flushIfFree(): void {
    if (this.#held.size === 0 || this.#still || scrollY > SCROLLED_PX) return;
    const said = counted(this.#held.size, this.list.dataset["newOne"] ?? "", this.list.dataset["newMany"] ?? "");
    document.querySelector("#empty")?.remove();
    for (const [id, tile] of this.#held) {
      const place = placeFor(id, this.#ids(), false);
      tile.classList.add("fresh");
      blur(tile);
      this.list.insertBefore(tile, place ? (this.#find(place) ?? null) : null);
    }
    this.#held.clear();
    this.say(said);
    this.#showPill();
  }

  #showHeld(): void {
    if (this.#reload) return location.reload();
    scrollTo({ top: 0 });
    this.#flushIfFree();
    this.list.querySelector("a")?.focus({ preventScroll: true });
  }

  #showPill(): void {
    const { newOne, newMany, again } = this.list.dataset;
    this.#pill.hidden = this.#held.size === 0 && !this.#reload;
    const text = this.#reload ? (again ?? "") : counted(this.#held.size, newOne ?? "", newMany ?? "");
    this.#pill.textContent = `${text} ↑`;
  }

  #count(by: number, total?: number): void {
    for (const place of document.querySelectorAll<HTMLElement>("[data-count]")) {
      const count = Math.max(0, total ?? Number(place.dataset["count"]) + by);
      place.dataset["count"] = String(count);
      place.textContent = counted(count, place.dataset["one"] ?? "", place.dataset["many"] ?? "");
    }
  }
}

/** The booth's own HTML, escaped where it was made. */
function parse(html: string): HTMLElement | null {
  const template = document.createElement("template");
  template.innerHTML = html;
  // Imported, so that its picture loads before it stands in the page.
  return document.importNode(template.content, true).querySelector<HTMLElement>("li");
}

/** The address that tells one picture of a tile from another. */
function source(tile: HTMLElement): string | null {
  return tile.querySelector("img")?.getAttribute("src") ?? null;
}

/** The pixels that are shown stay, under the new one's words. */
function keep(shown: HTMLImageElement, fresh: HTMLImageElement): void {
  shown.alt = fresh.alt;
  fresh.replaceWith(shown);
}

/** Where the booth says that the box is the same, it is the same to the last pixel. */
function hold(fresh: HTMLImageElement, before: HTMLImageElement): void {
  const said = (picture: HTMLImageElement) => `${picture.getAttribute("width")} / ${picture.getAttribute("height")}`;
  if (said(fresh) === said(before)) fresh.style.aspectRatio = said(before);
}

/** On the screen, or a screen away from it. */
function isNear(tile: HTMLElement): boolean {
  const { top, bottom } = tile.getBoundingClientRect();
  return bottom > -innerHeight && top < 2 * innerHeight;
}
