// Asks for one thing at a time. While it is on its way, of later wishes only the newest is kept: a dragged slider
// makes a hundred of them, and nobody wants to see the ninety-nine that are old. Lanes are served in their order.

export interface NewestHands<Wish, Answer> {
  ask: (wish: Wish) => Promise<Answer>;
  /** The answer to a wish that was sent, in the order of sending. */
  answered: (wish: Wish, answer: Answer) => void;
  failed: (wish: Wish, error: unknown) => void;
}

export class Newest<Wish, Answer> {
  private waiting = new Map<string, Wish>();
  private asking = false;

  constructor(
    private readonly lanes: readonly string[],
    private readonly hands: NewestHands<Wish, Answer>,
  ) {}

  /** Nothing is on its way and nothing waits. */
  get idle(): boolean {
    return !this.asking && this.waiting.size === 0;
  }

  want(lane: string, wish: Wish): void {
    this.waiting.set(lane, wish);
    if (!this.asking) void this.run();
  }

  /** What waits is wanted no more; what is on its way comes to its end. */
  forget(): void {
    this.waiting.clear();
  }

  private async run(): Promise<void> {
    this.asking = true;
    for (let wish = this.next(); wish !== undefined; wish = this.next()) {
      try {
        const answer = await this.hands.ask(wish);
        this.hands.answered(wish, answer);
      } catch (error) {
        this.hands.failed(wish, error);
      }
    }
    this.asking = false;
  }

  private next(): Wish | undefined {
    const lane = this.lanes.find((each) => this.waiting.has(each));
    if (lane === undefined) return undefined;
    const wish = this.waiting.get(lane);
    this.waiting.delete(lane);
    return wish;
  }
}

/** Long edges of the picture while a slider is dragged, px. */
const LIVE_EDGES = [500, 700, 1000, 1400] as const;
/** Slower than this a drag feels like mud, faster than this there is room for more pixels. */
const SLOW_MS = 110;
const QUICK_MS = 35;
export const LIVE_EDGE_FIRST = 1000;

/** The long edge for the next live picture, from how long the last one took. */
export function liveEdge(now: number, took_ms: number): number {
  const at = LIVE_EDGES.findIndex((edge) => edge >= now);
  const step = took_ms > SLOW_MS ? -1 : took_ms < QUICK_MS ? 1 : 0;
  return LIVE_EDGES[Math.min(LIVE_EDGES.length - 1, Math.max(0, (at < 0 ? LIVE_EDGES.length - 1 : at) + step))] as number;
}

const REST_EDGES = [1600, 2048] as const;

/** The long edge of the picture that stays: enough for the pixels of its box, in few sizes, so that caches serve. */
export const restEdge = (box_px: number) => REST_EDGES.find((edge) => edge >= box_px) ?? 2048;
