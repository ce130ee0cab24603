import { describe, expect, it } from "vitest";
import { SseParser } from "./sse";

describe("SseParser", () => {
  it("gives an event once its empty line is there", () => {
    const parser = new SseParser();
    expect(parser.push("event: frame\ndata: {\"id\":1}\n")).toEqual([]);
    expect(parser.push("\n")).toEqual([{ name: "frame", data: '{"id":1}' }]);
  });

  it("gives the same events however the stream is cut", () => {
    const stream = ": heartbeat\r\n\r\nevent: pulse\r\ndata: a\r\ndata: b\r\n\r\ndata:c\n\nevent: gone\ndata: {}\n\n";
    const whole = new SseParser().push(stream);
    expect(whole).toEqual([
      { name: "pulse", data: "a\nb" },
      { name: "message", data: "c" },
      { name: "gone", data: "{}" },
    ]);
    for (let cut = 1; cut < stream.length; cut += 1) {
      const parser = new SseParser();
      expect([...parser.push(stream.slice(0, cut)), ...parser.push(stream.slice(cut))]).toEqual(whole);
    }
  });

  it("ignores comments, unknown fields and events without data", () => {
    expect(new SseParser().push(":\n\nid: 3\nretry: 10\nevent: x\n\n")).toEqual([]);
  });

  it("drops what is longer than it may be and goes on", () => {
    const parser = new SseParser();
    expect(parser.push(`data: ${"x".repeat(1_000_001)}\n\ndata: y\n\n`)).toEqual([{ name: "message", data: "y" }]);
    parser.push("z".repeat(1_000_001));
    expect(parser.push("\n\ndata: after\n\n")).toEqual([{ name: "message", data: "after" }]);
  });
});
