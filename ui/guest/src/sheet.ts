/** The sheet of photos: what arrives is inserted without moving what the guest looks at. */
import { blur } from "./placeholder.ts";
import { counted, merge, placeFor } from "./plan.ts";
import type { Seen } from "./seen.ts";

/** More tiles than this, and the page offers to be loaded again instead. */
const TILES_MAX = 240;
/** So far down, the guest looks at something else than the newest. */
const SCROLLED_PX = 48;

export class Sheet {
  readonly #pill: HTMLButtonElement;
  readonly #status: HTMLElement;
  readonly #held = new Map<string, HTMLElement>();
  readonly #page = location.href;
  #reload = false;
  /** While something covers the sheet or a finger rests on it, nothing moves. */
  #still = 0;

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
    if (picture && receivedMs !== undefined) void this.seen.watch(id, picture, receivedMs);
    const old = this.#find(id);
    if (old) return void this.#replace(old, tile, picture);
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
        if (plan.add.includes(id) || this.#find(id)?.hasAttribute("data-arriving")) this.photo(id, tile.outerHTML);
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

  /** The old picture stays until the new one is decoded. */
  async #replace(old: HTMLElement, tile: HTMLElement, picture: HTMLImageElement | null): Promise<void> {
    const before = old.querySelector("img");
    if (picture && before && before.getAttribute("src") === picture.getAttribute("src")) {
      // The same pixels under another state: they stay on the screen.
      before.alt = picture.alt;
      picture.replaceWith(before);
    } else if (picture && before?.complete) {
      picture.loading = "eager";
      await picture.decode().catch(() => undefined);
    }
    blur(tile);
    const focused = old.contains(document.activeElement);
    old.replaceWith(tile);
    if (focused) tile.querySelector("a")?.focus({ preventScroll: true });
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
