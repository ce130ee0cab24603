/** The stream of new photos: kept open while the page is looked at, and found again when it breaks. */
import { waitMs } from "./backoff.ts";

/** The part of EventSource that is used. */
export interface Stream {
  readonly readyState: number;
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface World {
  open(href: string): Stream;
  later(run: () => void, ms: number): unknown;
  cancel(timer: unknown): void;
  chance(): number;
}

export interface Listener {
  photo(id: string, html: string): void;
  gone(id: string): void;
  /** Something may have been missed: ask for the page. */
  resync(): void;
  /** Whether the booth is out of reach for longer than a hiccup. */
  lost(lost: boolean): void;
}

const CLOSED = 2;
/** Shorter interruptions are nobody's business. */
const HICCUP_MS = 4_000;

export class Live {
  #stream: Stream | null = null;
  #attempt = 0;
  #retry: unknown = null;
  #hiccup: unknown = null;
  #last = "";
  #opened = false;

  constructor(
    private readonly href: string,
    private readonly listener: Listener,
    private readonly world: World,
  ) {}

  /** Opens the stream, unless it is open. */
  start(): void {
    if (this.#stream) return;
    this.world.cancel(this.#retry);
    const stream = this.world.open(this.#address());
    this.#stream = stream;
    stream.onopen = () => this.#open();
    stream.onerror = () => this.#error();
    stream.addEventListener("photo", (event) => this.#take(event, (what) => {
      if (what.id && typeof what.html === "string") this.listener.photo(what.id, what.html);
    }));
    stream.addEventListener("gone", (event) => this.#take(event, (what) => what.id && this.listener.gone(what.id)));
    stream.addEventListener("resync", (event) => this.#take(event, () => this.listener.resync()));
  }

  /** Closes the stream: nobody looks. */
  stop(): void {
    this.world.cancel(this.#retry);
    this.world.cancel(this.#hiccup);
    this.#hiccup = null;
    this.#stream?.close();
    this.#stream = null;
  }

  /** The stream from the last event on that we know. */
  #address(): string {
    if (!this.#last) return this.href;
    const [path, query] = this.href.split("?");
    const params = new URLSearchParams(query);
    params.set("since", this.#last);
    return `${path}?${params}`;
  }

  #open(): void {
    this.#attempt = 0;
    this.world.cancel(this.#hiccup);
    this.#hiccup = null;
    this.listener.lost(false);
    // With no event to go on from, what happened while we were away is only on the page.
    if (this.#opened && !this.#last && !this.href.includes("since=")) this.listener.resync();
    this.#opened = true;
  }

  #error(): void {
    this.#hiccup ??= this.world.later(() => this.listener.lost(true), HICCUP_MS);
    // The browser tries again by itself, unless the booth answered with an error.
    if (this.#stream?.readyState !== CLOSED) return;
    this.#stream = null;
    this.#retry = this.world.later(() => this.start(), waitMs(this.#attempt++, this.world.chance()));
  }

  #take(event: MessageEvent<string>, use: (what: { id?: string; html?: string }) => unknown): void {
    if (event.lastEventId) this.#last = event.lastEventId;
    let what: unknown;
    try {
      what = JSON.parse(event.data || "{}");
    } catch {
      return;
    }
    if (what && typeof what === "object") use(what);
  }
}
