// The live connection: reads events until told to stop, and comes back by itself when it breaks.
import { ApiError } from "../api";
import { backoff } from "../backoff";
import { SseParser, type ServerEvent } from "../sse";

export interface LiveHands {
  open: (signal: AbortSignal) => Promise<Response>;
  /** Called each time the stream stands, before its first event. */
  opened: () => void;
  event: (event: ServerEvent) => void;
  refused: () => void;
  random?: () => number;
}

/** The studio sends a heartbeat every 15 s; after three missed ones the connection is dead, whatever TCP says. */
const SILENCE_MS_MAX = 45_000;

export class Live {
  state = $state<"connecting" | "live" | "waiting">("connecting");
  /** Attempts that failed since it last stood. */
  failures = $state(0);
  private stopping = new AbortController();
  private wake: (() => void) | null = null;

  constructor(private readonly hands: LiveHands) {}

  async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.read();
      } catch (error) {
        if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
          this.hands.refused();
          return;
        }
      }
      if (this.stopping.signal.aborted) return;
      this.state = "waiting";
      await this.pause(backoff(this.failures, (this.hands.random ?? Math.random)()));
      this.failures += 1;
    }
  }

  /** Asks again at once. */
  hurry(): void {
    this.wake?.();
  }

  stop(): void {
    this.stopping.abort();
    this.wake?.();
  }

  private async read(): Promise<void> {
    const ending = new AbortController();
    const end = () => ending.abort();
    this.stopping.signal.addEventListener("abort", end);
    let silence = setTimeout(end, SILENCE_MS_MAX);
    try {
      const response = await this.hands.open(ending.signal);
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      if (!reader) return;
      const parser = new SseParser();
      this.state = "live";
      this.failures = 0;
      this.hands.opened();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE_MS_MAX);
        for (const event of parser.push(value)) this.hands.event(event);
      }
    } finally {
      clearTimeout(silence);
      this.stopping.signal.removeEventListener("abort", end);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
