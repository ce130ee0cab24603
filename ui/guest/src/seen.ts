/** Tells the booth how long a photo took from its announcement to its decoded pixels on this phone: once a photo. */

/** A phone that has reported so many has told enough. */
const REPORTS_MAX = 500;

/** Waits for one picture; each but the last ends when its source changed under it. */
const DECODE_ATTEMPTS = 3;

export interface Decodable {
  decode(): Promise<void>;
  addEventListener?(name: "load" | "error", then: () => void, options: { once: true }): void;
}

function loaded(picture: Decodable): Promise<void> {
  return new Promise((done) => {
    if (!picture.addEventListener) return done();
    picture.addEventListener("load", done, { once: true });
    picture.addEventListener("error", done, { once: true });
  });
}

export class Seen {
  readonly #told = new Set<string>();

  constructor(
    private readonly send: (report: { frame: string; ms: number }) => void,
    private readonly now: () => number,
  ) {}

  /** Waits until the picture is decoded; a picture that fails is left to retry.ts and not reported. */
  async watch(frame: string, picture: Decodable, receivedMs: number): Promise<void> {
    if (this.#told.has(frame) || this.#told.size >= REPORTS_MAX) return;
    this.#told.add(frame);
    for (let attempt = 1; attempt <= DECODE_ATTEMPTS; attempt++) {
      try {
        await picture.decode();
        this.send({ frame, ms: Math.round(this.now() - receivedMs) });
        return;
      } catch {
        // Moving into the page begins the load anew and fails the first wait; only a picture that never comes is given up.
        await loaded(picture);
      }
    }
    this.#told.delete(frame);
  }
}

/** Survives the page: the guest may leave at once. Nobody waits for an answer. */
export function post(report: { frame: string; ms: number }): void {
  void fetch("/seen", {
    method: "POST",
    keepalive: true,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(report),
  }).catch(() => undefined);
}
