import { beforeEach, expect, test } from "vitest";
import { Live, type Stream } from "../src/live.ts";

class Fake implements Stream {
  readyState = 0;
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readonly heard = new Map<string, (event: MessageEvent<string>) => void>();
  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void {
    this.heard.set(name, listener);
  }
  close(): void {
    this.readyState = 2;
  }
  tell(name: string, data: string, lastEventId = ""): void {
    this.heard.get(name)?.({ data, lastEventId } as MessageEvent<string>);
  }
  break(readyState: number): void {
    this.readyState = readyState;
    this.onerror?.({} as Event);
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.({} as Event);
  }
}

let streams: { href: string; stream: Fake }[];
let timers: { run: () => void; ms: number }[];
let log: string[];

function live(href = "/live?t=K7P3&since=1-4"): Live {
  return new Live(
    href,
    {
      photo: (id, html) => log.push(`photo ${id} ${html}`),
      gone: (id) => log.push(`gone ${id}`),
      resync: () => log.push("resync"),
      lost: (lost) => log.push(lost ? "lost" : "found"),
    },
    {
      open: (address) => {
        const stream = new Fake();
        streams.push({ href: address, stream });
        return stream;
      },
      later: (run, ms) => (timers.push({ run, ms }), timers.length),
      cancel: () => undefined,
      chance: () => 0,
    },
  );
}
const newest = () => streams[streams.length - 1]!;

beforeEach(() => {
  streams = [];
  timers = [];
  log = [];
});

test("passes on what the booth says, and survives nonsense", () => {
  live().start();
  const { stream } = newest();
  stream.open();
  stream.tell("photo", '{"id":"a","html":"<li>"}');
  for (const nonsense of ["{", "null", "7", '{"id":"x"}']) stream.tell("photo", nonsense);
  stream.tell("gone", '{"id":"a"}');
  stream.tell("resync", "");
  expect(log).toEqual(["found", "photo a <li>", "gone a", "resync"]);
});

test("after an error of the booth it comes back later and later, from the last event on", () => {
  const it = live();
  it.start();
  newest().stream.tell("gone", '{"id":"a"}', "1-9");
  newest().stream.break(2);
  newest().stream.break(2);
  const waits = () => timers.filter((timer) => timer.ms !== 4_000).map((timer) => timer.ms);
  expect(waits()).toEqual([500]);
  timers.find((timer) => timer.ms === 500)!.run();
  expect(newest().href).toBe("/live?t=K7P3&since=1-9");
  newest().stream.break(2);
  expect(waits()).toEqual([500, 1_000]);
});

test("leaves short breaks to the browser and speaks of long ones once", () => {
  live().start();
  newest().stream.break(0);
  newest().stream.break(0);
  expect(timers.map((timer) => timer.ms)).toEqual([4_000]);
  timers[0]!.run();
  newest().stream.open();
  expect(log).toEqual(["lost", "found"]);
  expect(streams).toHaveLength(1);
});

test("nobody looks: no stream; where no event was heard it asks for the page on return", () => {
  const it = live("/live");
  it.start();
  newest().stream.open();
  it.stop();
  expect(newest().stream.readyState).toBe(2);
  it.start();
  it.start();
  newest().stream.open();
  expect(streams).toHaveLength(2);
  expect(log).toContain("resync");
});
