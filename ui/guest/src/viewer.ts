/** A tap shows the photo large, in the page; swipe to the next, back closes. The address is the photo's own page. */
import type { Sheet } from "./sheet.ts";
import { decoded } from "./swap.ts";

interface Slide {
  id: string;
  href: string;
  caption: string;
  screen: string;
  picture: HTMLImageElement;
}

export class Viewer {
  readonly #dialog = document.createElement("dialog");
  readonly #strip = document.createElement("ul");
  readonly #caption = document.createElement("p");
  readonly #out: HTMLButtonElement;
  #slides: Slide[] = [];
  #at = -1;

  constructor(private readonly sheet: Sheet) {
    const words = sheet.list.dataset;
    this.#out = button("×", words["close"] ?? "", "close", () => history.back());
    this.#strip.tabIndex = 0;
    this.#caption.setAttribute("aria-live", "polite");
    this.#dialog.className = "viewer";
    this.#dialog.append(
      this.#strip,
      this.#caption,
      this.#out,
      button("‹", words["newer"] ?? "", "prev", () => this.#go(this.#at - 1)),
      button("›", words["older"] ?? "", "next", () => this.#go(this.#at + 1)),
    );
    document.body.append(this.#dialog);
    sheet.list.addEventListener("click", (event) => this.#click(event));
    sheet.onReplace = (id, tile) => void this.#replace(id, tile);
    this.#strip.addEventListener("scroll", () => requestAnimationFrame(() => this.#settle()), { passive: true });
    this.#dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      history.back();
    });
    this.#dialog.addEventListener("keydown", (event) => this.#key(event));
    addEventListener("resize", () => this.#dialog.open && this.#go(this.#at, "auto"));
    addEventListener("popstate", (event) => this.#history(event.state));
  }

  #click(event: MouseEvent): void {
    const link = (event.target as Element).closest("a");
    const id = link?.closest("li")?.dataset["photo"];
    if (!id || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (!this.#open(id)) return;
    event.preventDefault();
    history.pushState({ photo: id }, "", this.#slides[this.#at]?.href);
  }

  #history(state: unknown): void {
    const id = (state as { photo?: string } | null)?.photo;
    if (!id) this.#close();
    else if (!this.#dialog.open) this.#open(id);
  }

  #key(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.#go(this.#at + step);
  }

  #open(id: string): boolean {
    this.#slides = this.sheet.tiles().flatMap((tile) => slideOf(tile) ?? []);
    const at = this.#slides.findIndex((slide) => slide.id === id);
    if (at < 0 || !this.#dialog.showModal) return false;
    this.sheet.hold();
    this.#strip.replaceChildren(...this.#slides.map((slide) => {
      const item = document.createElement("li");
      item.append(slide.picture);
      return item;
    }));
    this.#dialog.showModal();
    this.#at = -1;
    this.#go(at, "auto");
    this.#settle();
    // Not the strip: a ring of colour around the picture would be judged with it. Keys work wherever the focus is.
    this.#out.focus();
    return true;
  }

  /** A better picture of a photo that is shown large, or may be: it takes its place when it is decoded. */
  async #replace(id: string, tile: HTMLElement): Promise<void> {
    const slide = this.#slides.find((slide) => slide.id === id);
    const fresh = slideOf(tile);
    if (!slide || !fresh || !this.#dialog.open || slide.screen === fresh.screen) return;
    slide.screen = fresh.screen;
    if (!slide.picture.hasAttribute("src")) return;
    fresh.picture.src = fresh.screen;
    const ready = await decoded(fresh.picture, (ms) => new Promise((done) => setTimeout(done, ms)));
    if (!ready || slide.screen !== fresh.screen || !slide.picture.isConnected) return;
    fresh.picture.decoding = "sync";
    slide.picture.replaceWith(fresh.picture);
    slide.picture = fresh.picture;
  }

  #close(): void {
    if (!this.#dialog.open) return;
    const id = this.#slides[this.#at]?.id;
    this.#dialog.close();
    this.#strip.replaceChildren();
    const link = this.sheet.tiles().find((tile) => tile.dataset["photo"] === id)?.querySelector("a");
    link?.scrollIntoView({ block: "nearest" });
    link?.focus({ preventScroll: true });
    this.sheet.release();
  }

  #go(at: number, behavior?: ScrollBehavior): void {
    const to = Math.min(Math.max(at, 0), this.#slides.length - 1);
    const calm = behavior ?? (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
    this.#strip.scrollTo({ left: to * this.#strip.clientWidth, behavior: calm });
  }

  /** Follows the finger: the photo in the middle is the one the address, the caption and the neighbours are about. */
  #settle(): void {
    if (!this.#dialog.open) return;
    const at = Math.round(this.#strip.scrollLeft / Math.max(1, this.#strip.clientWidth));
    const slide = this.#slides[at];
    if (!slide || at === this.#at) return;
    if (this.#at >= 0) history.replaceState({ photo: slide.id }, "", slide.href);
    this.#at = at;
    for (const near of this.#slides.slice(Math.max(0, at - 1), at + 2)) {
      if (!near.picture.hasAttribute("src")) near.picture.src = near.screen;
    }
    const place = this.sheet.list.dataset["place"] ?? "";
    this.#caption.textContent =
      `${place.replace("{n}", String(at + 1)).replace("{total}", String(this.#slides.length))} · ${slide.caption}`;
    this.#dialog.dataset["end"] = at === 0 ? (this.#slides.length === 1 ? "both" : "first") : at === this.#slides.length - 1 ? "last" : "";
  }
}

/** The photo of a tile, not loaded yet: the small picture, which is here already, stands in for it. */
function slideOf(tile: HTMLElement): Slide | undefined {
  const link = tile.querySelector("a");
  const small = tile.querySelector("img");
  const id = tile.dataset["photo"];
  if (!link || !small || !id) return undefined;
  const screen = small.srcset.split(",").pop()?.trim().split(" ")[0] ?? small.src;
  const picture = new Image(Number(small.getAttribute("width")), Number(small.getAttribute("height")));
  picture.alt = small.alt;
  picture.style.setProperty("--w", String(picture.width));
  picture.style.setProperty("--h", String(picture.height));
  picture.style.backgroundImage = `url("${small.currentSrc || small.src}")`;
  return { id, href: link.href, caption: small.alt, screen, picture };
}

function button(sign: string, name: string, kind: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.className = kind;
  made.textContent = sign;
  made.setAttribute("aria-label", name);
  made.onclick = act;
  return made;
}
