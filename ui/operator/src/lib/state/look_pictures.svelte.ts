// The pictures of the frame that is being developed: as it is now, and as it was before. One wish is on its way at a time.
import { ApiError } from "../api";
import { readHistogram, type Histogram } from "../look/histogram";
import { LIVE_EDGE_FIRST, liveEdge, Newest } from "../look/newest";
import { keyOf } from "../look/recipe";
import type { FrameLook, PictureWish, Recipe } from "../model";

/** Decoded, ready to be drawn at once. */
export interface Bitmap {
  width: number;
  height: number;
  close?: () => void;
}

export interface Shown {
  frame: string;
  recipe: Recipe;
  key: string;
  long_edge_px: number;
  bitmap: Bitmap;
  histogram: Histogram | null;
  /** How long the studio took. */
  render_ms: number | null;
  /** White balance as the camera chose it: known once the raw was opened, which the first picture does. */
  as_shot: FrameLook["as_shot"];
}

export interface PicturesHands {
  ask: (frame: string, wish: PictureWish) => Promise<Response | null>;
  decode: (bytes: Blob) => Promise<Bitmap>;
}

type Lane = "now" | "before";
type Wish = Omit<Shown, "bitmap" | "histogram" | "render_ms" | "as_shot"> & { lane: Lane; live: boolean };
type Answer = Pick<Shown, "bitmap" | "histogram" | "render_ms" | "as_shot"> | null;

/** Reads the header `x-as-shot`: `kelvin,tint`. Null where it is absent or something else. */
function readAsShot(header: string | null): FrameLook["as_shot"] {
  const [temperature_k, tint] = (header ?? "").split(",").map(Number);
  return temperature_k && tint !== undefined && Number.isFinite(temperature_k + tint) ? { temperature_k, tint } : null;
}

export class Pictures {
  now = $state.raw<Shown | null>(null);
  before = $state.raw<Shown | null>(null);
  /** Why there is no newer picture, in words. */
  problem = $state<string | null>(null);
  /** The studio is out of reach: wishes are kept and asked again by `again`. */
  unreachable = $state(false);
  private frame: string | null = null;
  private missed = new Map<Lane, Wish>();
  private live_edge_px = LIVE_EDGE_FIRST;
  private readonly line: Newest<Wish, Answer>;

  constructor(private readonly hands: PicturesHands) {
    this.line = new Newest<Wish, Answer>(["now", "before"], {
      ask: (wish) => this.ask(wish),
      answered: (wish, answer) => this.answered(wish, answer),
      failed: (wish, error) => this.failed(wish, error),
    });
  }

  /** Another frame: nothing of the last one is shown any more. */
  open(frame: string | null): void {
    if (frame === this.frame) return;
    this.frame = frame;
    this.line.forget();
    this.missed.clear();
    this.now?.bitmap.close?.();
    this.before?.bitmap.close?.();
    this.now = null;
    this.before = null;
    this.problem = null;
    this.unreachable = false;
  }

  /** `rest_edge_px`: the size that stays; while something is dragged, a smaller one that keeps up. */
  want(lane: Lane, recipe: Recipe, rest_edge_px: number, live = false): void {
    if (this.frame === null) return;
    const long_edge_px = live ? Math.min(this.live_edge_px, rest_edge_px) : rest_edge_px;
    const wish = { lane, live, frame: this.frame, recipe, key: keyOf(recipe), long_edge_px };
    const has = this[lane];
    // What is shown already needs no asking, unless a wish for something else is under way.
    if (has?.key === wish.key && has.long_edge_px >= long_edge_px && this.line.idle) return;
    this.line.want(lane, wish);
  }

  /** Shows something made here until the studio's own comes. */
  stand(recipe: Recipe, bitmap: Bitmap): void {
    if (this.now) this.show("now", { ...this.now, recipe, key: keyOf(recipe), long_edge_px: 0, bitmap });
  }

  /** Asks once more for what the studio did not answer. */
  again(): void {
    const missed = [...this.missed.values()];
    this.missed.clear();
    for (const wish of missed) this.line.want(wish.lane, wish);
  }

  private async ask(wish: Wish): Promise<Answer> {
    const response = await this.hands.ask(wish.frame, { recipe: wish.recipe, long_edge_px: wish.long_edge_px });
    if (!response) return null;
    const ms = Number.parseFloat(response.headers.get("x-render-ms") ?? "");
    return {
      bitmap: await this.hands.decode(await response.blob()),
      histogram: readHistogram(response.headers.get("x-histogram")),
      render_ms: Number.isFinite(ms) ? ms : null,
      as_shot: readAsShot(response.headers.get("x-as-shot")),
    };
  }

  private answered(wish: Wish, answer: Answer): void {
    if (!answer) return;
    if (wish.frame !== this.frame) {
      answer.bitmap.close?.();
      return;
    }
    if (wish.live && answer.render_ms !== null) this.live_edge_px = liveEdge(this.live_edge_px, answer.render_ms);
    this.problem = null;
    this.unreachable = false;
    this.missed.delete(wish.lane);
    const { frame, recipe, key, long_edge_px } = wish;
    this.show(wish.lane, { frame, recipe, key, long_edge_px, ...answer });
  }

  private failed(wish: Wish, error: unknown): void {
    if (wish.frame !== this.frame) return;
    this.missed.set(wish.lane, wish);
    this.unreachable = error instanceof ApiError && error.unreachable;
    this.problem = error instanceof ApiError ? error.message : "The picture that came could not be read. The frame is safe. Move a slider to ask again.";
  }

  private show(lane: Lane, shown: Shown): void {
    const last = this[lane]?.bitmap;
    this[lane] = shown;
    if (last !== shown.bitmap) last?.close?.();
  }
}
