// The booth as the window knows it: the managers, the events that feed them, and what the operator can do.
import { getContext, setContext } from "svelte";
import { Api, ApiError } from "../api";
import { plural } from "../format";
import type { Assigned, AttentionList, CurrentTicket, Frame, FrameGone, Pulse, Studio } from "../model";
import type { ServerEvent } from "../sse";
import { Frames } from "./frames.svelte";
import { Live } from "./live.svelte";
import type { LookView } from "./look.svelte";
import { Looks } from "./looks.svelte";
import { Notices } from "./notices.svelte";
import { PulseView } from "./pulse.svelte";
import { Selection } from "./selection.svelte";
import { SheetView } from "./sheet.svelte";
import { ThemeView } from "./theme.svelte";
import { TicketsView } from "./tickets.svelte";
import { batches, callsBack, Undo } from "./undo.svelte";
import { WindowView } from "./window.svelte";

/** Frames that the studio files in one call. */
const ASSIGN_MAX = 2000;
/** How often the laptop's addresses are asked for: networks come and go during an evening. */
const STUDIO_EVERY_MS = 5000;

export class Booth {
  readonly api: Api;
  readonly frames: Frames;
  readonly sheet: SheetView;
  readonly selection = new Selection();
  readonly undo = new Undo();
  readonly pulse = new PulseView();
  readonly tickets = new TicketsView();
  readonly window = new WindowView();
  readonly notices = new Notices();
  readonly theme = new ThemeView();
  readonly live: Live;
  readonly looks: Looks;
  studio = $state.raw<Studio | null>(null);
  attention = $state.raw<AttentionList>({ items: [], total: 0 });
  /** Pixels and QR codes may be asked for. */
  pixelsOpen = $state(false);
  /** Why the frames could not be read, though the studio answered. */
  unread = $state<string | null>(null);
  private asking: ReturnType<typeof setInterval> | undefined;

  constructor(secret: string, refused: () => void) {
    this.api = new Api(secret);
    this.frames = new Frames({
      page: (before, limit) => this.api.frames(before, limit),
      schedule: (work) => requestAnimationFrame(work),
    });
    this.sheet = new SheetView(this.frames);
    this.looks = new Looks({
      api: this.api,
      notices: this.notices,
      undo: this.undo,
      attempt: (work, quiet) => this.attempt(work, quiet),
    });
    this.live = new Live({
      open: (signal) => this.api.live(signal),
      opened: () => void this.reload(),
      event: (event) => this.event(event),
      refused,
    });
  }

  start(): void {
    this.theme.restore();
    this.sheet.restore();
    this.look.restore();
    this.asking = setInterval(() => {
      if (this.live.state !== "live") return;
      void this.attempt(this.reloadStudio(), "quiet");
      if (this.window.place !== "shoot") void this.looks.tick();
    }, STUDIO_EVERY_MS);
    void this.live.run();
  }

  stop(): void {
    clearInterval(this.asking);
    this.live.stop();
    this.look.stop();
    this.notices.clear();
  }

  /** The frame that is developed, in the Look place. */
  get look(): LookView {
    return this.looks.look;
  }

  /** The frame under the cursor. */
  get frame(): Frame | null {
    return this.frames.get(this.selection.cursor);
  }

  /** Everything anew: at the start, and after each break. */
  async reload(): Promise<void> {
    this.unread = null;
    const pictures = this.api.openSession().then(() => (this.pixelsOpen = true));
    await this.attempt(
      Promise.all([
        pictures,
        this.reloadFrames(),
        this.reloadStudio(),
        this.api.pulse().then((pulse) => this.pulse.take(pulse)),
        this.reloadTickets(),
        this.reloadAttention(),
        this.looks.reload(),
      ]),
      "quiet",
    );
  }

  private async reloadFrames(): Promise<void> {
    try {
      await this.frames.load();
    } catch (error) {
      // With nothing to show, the sheet itself says it; else what is shown stays, and a message tells.
      if (this.frames.begun || !(error instanceof ApiError) || error.unreachable) throw error;
      this.unread = error.message;
    }
  }

  private async reloadStudio(): Promise<void> {
    this.studioIs(await this.api.studio());
  }

  /** Another join address is another address of every ticket. */
  private studioIs(studio: Studio): void {
    const moved = this.studio !== null && this.studio.guest.join_url !== studio.guest.join_url;
    this.studio = studio;
    if (moved) void this.attempt(this.reloadTickets(), "quiet");
  }

  private async reloadTickets(): Promise<void> {
    this.tickets.take(await this.api.tickets());
  }

  private async reloadAttention(): Promise<void> {
    this.attention = await this.api.attention();
  }

  private event({ name, data }: ServerEvent): void {
    let body: unknown;
    try {
      body = JSON.parse(data);
    } catch {
      return;
    }
    if (name === "frame") this.frames.put(body as Frame);
    else if (name === "frame_gone") this.frames.drop((body as FrameGone).id);
    else if (name === "pulse") this.pulse.take(body as Pulse);
    else if (name === "attention") void this.attempt(this.reloadAttention(), "quiet");
    else if (name === "ticket") this.currentIs((body as CurrentTicket).current);
  }

  private currentIs(code: string | null): void {
    this.tickets.current = code;
    if (code && !this.tickets.find(code)) void this.attempt(this.reloadTickets(), "quiet");
  }

  /** QR codes and tickets carry this address from now on. */
  async chooseJoin(url: string): Promise<void> {
    const studio = await this.attempt(this.api.chooseJoin(url));
    if (studio) this.studioIs(studio);
    else void this.attempt(this.reloadStudio(), "quiet");
  }

  async retryPreview(id: string): Promise<void> {
    await this.attempt(this.api.retryPreview(id));
  }

  /** A new ticket, current from now on; its QR is shown. */
  async nextGuest(): Promise<void> {
    const ticket = await this.attempt(this.api.mintTicket());
    if (!ticket) return;
    this.tickets.add(ticket);
    this.tickets.current = ticket.code;
    this.window.showTicket(ticket.code);
  }

  async useTicket(code: string | null): Promise<void> {
    const done = await this.attempt(this.api.useTicket(code).then(() => true));
    if (!done) return;
    this.tickets.current = code;
    this.notices.say(code ? `New frames go to ${code} from now on.` : "New frames go to no ticket from now on.");
  }

  /** C: the look of the frame under the cursor, or of the one that is developed. */
  async copyLook(): Promise<void> {
    if (this.window.place === "look") this.look.copy();
    else if (this.frame) await this.looks.copyFrom(this.frame);
    else this.notices.say("Select the frame whose look is right, then press C.");
  }

  /** V: onto everything that is selected; onto the frame that is developed as one step of its editing. */
  async pasteLook(): Promise<void> {
    const ids = this.selection.within(this.frames.all).map(({ id }) => id);
    if (this.window.place === "look" && ids.length <= 1) this.look.paste();
    else if (ids.length === 0) this.notices.say("Select frames first: click, or Shift and arrows.");
    else await this.looks.pasteOnto(ids);
  }

  /** Files frames under a ticket (null: under none); can be undone. */
  async assign(ids: string[], ticket: string | null): Promise<boolean> {
    const previous: Assigned["previous"] = [];
    let refused = false;
    for (const batch of batches(ids, ASSIGN_MAX)) {
      const done = await this.attempt(this.api.assign(batch, ticket));
      refused = !done;
      if (!done) break;
      previous.push(...done.previous);
      this.refile(batch, ticket);
    }
    if (previous.length === 0) {
      if (!refused) this.notices.say(ticket ? `They are on ticket ${ticket} already.` : "They have no ticket already.");
      return false;
    }
    const what = `${plural(previous.length, "frame")} moved to ${ticket ?? "no ticket"}`;
    this.undo.push({ what, previous });
    this.notices.say(`${what}.`, { verb: "Undo", key: "U", run: () => void this.undoLast() });
    return true;
  }

  async undoLast(): Promise<void> {
    const move = this.undo.pop();
    if (!move) {
      this.notices.say("Nothing to undo.");
      return;
    }
    if ("looks" in move) return this.looks.giveBack(move);
    for (const { ticket, frames } of callsBack(move.previous)) {
      if (!(await this.attempt(this.api.assign(frames, ticket)))) return;
      this.refile(frames, ticket);
    }
    this.notices.say(`Undone: ${move.what}.`);
  }

  /** Shows at once what the studio will say in a moment. */
  private refile(ids: string[], ticket: string | null): void {
    for (const id of ids) {
      const frame = this.frames.get(id);
      if (frame) this.frames.put({ ...frame, ticket });
    }
    this.frames.flush();
  }

  /** Null when it has begun; else why not, to be said where the folder was chosen. */
  async takeFolder(what: "watch" | "import", folder: string): Promise<string | null> {
    try {
      await (what === "watch" ? this.api.watchFolder(folder) : this.api.importFolder(folder));
    } catch (error) {
      if (error instanceof ApiError) return error.message;
      throw error;
    }
    this.notices.say(
      what === "watch" ? `Watching ${folder} from now on. Frames appear as they are written.` : `Importing ${folder}. Frames appear as they are copied.`,
    );
    return null;
  }

  /** The folder is watched no more; it can be watched again. */
  async unwatch(source: string, folder: string): Promise<void> {
    const done = await this.attempt(this.api.unwatch(source).then(() => true));
    if (!done) return;
    const again = { verb: "Watch it again", run: () => void this.attempt(this.api.watchFolder(folder)) };
    this.notices.say("Not watched any more. What has landed stays.", again);
  }

  async settle(id: string, how: "retry" | "dismiss"): Promise<void> {
    const done = await this.attempt(this.api[how](id).then(() => true));
    if (!done) return;
    const items = this.attention.items.filter((item) => item.id !== id);
    this.attention = { items, total: Math.max(0, this.attention.total - (this.attention.items.length - items.length)) };
    this.notices.say(how === "retry" ? "Trying it again." : "Set aside. The file stays where it is.");
  }

  /** What went wrong is told to the operator. Quiet work was not asked for: that the studio is out of reach the connection tells. */
  private async attempt<T>(work: Promise<T>, quiet?: "quiet"): Promise<T | null> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!(quiet && error.unreachable)) this.notices.warn(error.message);
      return null;
    }
  }
}

const KEY = Symbol("booth");
export const provideBooth = (booth: Booth) => setContext(KEY, booth);
export const useBooth = () => getContext<Booth>(KEY);
