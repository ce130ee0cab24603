/** Tells the booth how long a photo took from its announcement to its decoded pixels on this phone: once a photo. */

/** A phone that has reported so many has told enough. */
const REPORTS_MAX = 500;

export interface Decodable {
  decode(): Promise<void>;
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
    try {
      await picture.decode();
    } catch {
      this.#told.delete(frame);
      return;
    }
    this.send({ frame, ms: Math.round(this.now() - receivedMs) });
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
