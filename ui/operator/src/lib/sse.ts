// Server-sent events: bytes that were decoded to text go in, events come out. Pure; the caller reads the network.

export interface ServerEvent {
  name: string;
  data: string;
}

/** Longest event that is kept; a longer one is dropped, so that a broken stream cannot fill the memory. */
const EVENT_CHARS_MAX = 1_000_000;

export class SseParser {
  private rest = "";
  private name = "";
  private data: string[] = [];
  private chars = 0;
  private sawReturn = false;

  /** Takes the next piece of the stream and gives the events that it completed. */
  push(text: string): ServerEvent[] {
    // A piece may end between the two characters of a line end.
    if (this.sawReturn && text.startsWith("\n")) text = text.slice(1);
    this.sawReturn = text.endsWith("\r");
    const lines = (this.rest + text).split(/\r\n|\n|\r/);
    this.rest = lines.pop() ?? "";
    if (this.rest.length > EVENT_CHARS_MAX) this.rest = "";
    const events: ServerEvent[] = [];
    for (const line of lines) {
      const event = this.line(line);
      if (event) events.push(event);
    }
    return events;
  }

  private line(line: string): ServerEvent | null {
    if (line === "") return this.finish();
    const colon = line.indexOf(":");
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line.charAt(colon + 1) === " " ? colon + 2 : colon + 1);
    if (field === "event") this.name = value;
    if (field === "data") {
      this.chars += value.length;
      if (this.chars <= EVENT_CHARS_MAX) this.data.push(value);
    }
    return null;
  }

  private finish(): ServerEvent | null {
    const whole = this.data.length > 0 && this.chars <= EVENT_CHARS_MAX;
    const event = whole ? { name: this.name || "message", data: this.data.join("\n") } : null;
    this.name = "";
    this.data = [];
    this.chars = 0;
    return event;
  }
}
