// The operator's API as functions. Knows addresses and the secret, keeps no state of the studio.
import type {
  Assign, Assigned, AttentionList, ChooseJoin, Creator, Development, ErrorBody, Folder, FolderContents, Frame, FrameDetail, FrameLook, FramePage, Grey, GreyWish,
  PictureWish, Preset, Pulse, Recipe, Rung, SavePreset, SetCurrent, SetDevelopment, SetLook, SetLooks, Studio, Ticket, Tickets,
} from "./model";

/** What the studio answered instead of doing as asked, in words for the operator. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  /** The studio did not answer at all. */
  get unreachable(): boolean {
    return this.status === 0;
  }
}

/** A request that takes longer than this has lost its studio. */
const ANSWER_MS_MAX = 15_000;

export class Api {
  constructor(
    private readonly secret: string,
    private readonly fetcher: typeof fetch = (...args) => fetch(...args),
  ) {}

  openSession = () => this.send("POST", "/api/session");
  studio = () => this.ask<Studio>("GET", "/api/studio");
  /** The address that QR codes carry; null: the likeliest. */
  chooseJoin = (url: string | null) => this.ask<Studio>("PUT", "/api/join", { url } satisfies ChooseJoin);
  pulse = () => this.ask<Pulse>("GET", "/api/pulse");
  frame = (id: string) => this.ask<FrameDetail>("GET", `/api/frames/${encodeURIComponent(id)}`);
  retryPreview = (id: string) => this.send("POST", `/api/frames/${encodeURIComponent(id)}/preview`);
  tickets = () => this.ask<Tickets>("GET", "/api/tickets");
  attention = () => this.ask<AttentionList>("GET", "/api/attention");
  mintTicket = () => this.ask<Ticket>("POST", "/api/tickets");
  useTicket = (code: string | null) => this.send("PUT", "/api/tickets/current", { code } satisfies SetCurrent);
  assign = (frames: string[], ticket: string | null) =>
    this.ask<Assigned>("POST", "/api/frames/assign", { frames, ticket } satisfies Assign);
  retry = (id: string) => this.send("POST", `/api/attention/${encodeURIComponent(id)}/retry`);
  dismiss = (id: string) => this.send("POST", `/api/attention/${encodeURIComponent(id)}/dismiss`);
  importFolder = (folder: string) => this.send("POST", "/api/import", { folder } satisfies Folder);
  watchFolder = (folder: string) => this.send("POST", "/api/sources", { folder } satisfies Folder);
  unwatch = (source: string) => this.send("DELETE", `/api/sources/${encodeURIComponent(source)}`);
  /** What lies in a folder of the studio's computer; null: where pictures usually are. */
  folder = (path: string | null) =>
    this.ask<FolderContents>("GET", path === null ? "/api/folders" : `/api/folders?path=${encodeURIComponent(path)}`);

  development = () => this.ask<Development>("GET", "/api/development");
  setDevelopment = (change: SetDevelopment) => this.send("PUT", "/api/development", change);
  presets = () => this.ask<Preset[]>("GET", "/api/presets");
  savePreset = (name: string, preset: SavePreset) => this.send("PUT", `/api/presets/${encodeURIComponent(name)}`, preset);
  deletePreset = (name: string) => this.send("DELETE", `/api/presets/${encodeURIComponent(name)}`);
  creators = () => this.ask<Creator[]>("GET", "/api/creators");
  /** Null: the booth's look. */
  setCreatorLook = (id: string, recipe: Recipe | null) => this.send("PUT", `/api/creators/${encodeURIComponent(id)}/look`, { recipe } satisfies SetLook);
  look = (frame: string) => this.ask<FrameLook>("GET", `/api/frames/${encodeURIComponent(frame)}/look`);
  /** Null: back to the look that the frame shares with others. */
  setLook = (frame: string, recipe: Recipe | null) => this.send("PUT", `/api/frames/${encodeURIComponent(frame)}/look`, { recipe } satisfies SetLook);
  setLooks = (looks: SetLooks) => this.send("POST", "/api/looks", looks);
  grey = (frame: string, wish: GreyWish) => this.ask<Grey>("POST", `/api/frames/${encodeURIComponent(frame)}/look/grey`, wish);

  /** The frame as the recipe makes it; null: a newer wish took its place. */
  async lookPicture(frame: string, wish: PictureWish): Promise<Response | null> {
    const path = `/api/frames/${encodeURIComponent(frame)}/look/picture`;
    try {
      const response = await this.fetch("POST", path, wish, AbortSignal.timeout(ANSWER_MS_MAX));
      return response.status === 204 ? null : response;
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return null;
      throw error;
    }
  }

  frames(before: number | null, limit: number): Promise<FramePage> {
    const from = before === null ? "" : `before=${before}&`;
    return this.ask<FramePage>("GET", `/api/frames?${from}limit=${limit}`);
  }

  /** The live events, as a body to be read until it ends. */
  live(signal: AbortSignal): Promise<Response> {
    return this.fetch("GET", "/api/live", undefined, signal);
  }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.fetch(method, path, body, AbortSignal.timeout(ANSWER_MS_MAX));
    return (await response.json()) as T;
  }

  private async send(method: string, path: string, body?: unknown): Promise<void> {
    await this.fetch(method, path, body, AbortSignal.timeout(ANSWER_MS_MAX));
  }

  private async fetch(method: string, path: string, body: unknown, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.secret}` };
    if (body !== undefined) headers["content-type"] = "application/json";
    let response: Response;
    try {
      response = await this.fetcher(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal });
    } catch {
      throw new ApiError(0, "unreachable", "The studio did not answer. Originals on disk are safe. Is it still running?");
    }
    if (response.ok) return response;
    throw await refusal(response);
  }
}

async function refusal(response: Response): Promise<ApiError> {
  const words: unknown = await response.json().catch(() => null);
  const { error, message } = (words ?? {}) as Partial<ErrorBody>;
  return new ApiError(
    response.status,
    error ?? "failed",
    message ?? `The studio refused this (${response.status}). Nothing was changed. Try again.`,
  );
}

/** Address of a frame's picture; null while there is none. */
export function pixels(frame: Pick<Frame, "id" | "version">, rung: Rung): string | null {
  return frame.version ? `/api/pixels/${encodeURIComponent(frame.id)}/${rung}?v=${encodeURIComponent(frame.version)}` : null;
}

/** The QR of an address. The studio knows which; naming it makes the picture new when the network changed. */
export const joinQr = (url: string) => `/api/qr/join.svg?of=${encodeURIComponent(url)}`;
export const ticketQr = (code: string, url: string) => `/api/qr/ticket/${encodeURIComponent(code)}.svg?of=${encodeURIComponent(url)}`;
