// The words of the routes that develop frames, written by hand with the names that the studio gives them.
// Once docs/openapi.json has these routes, model.ts takes them from the generated file and this one goes.

export interface Exposure {
  /** Brightness follows the camera's own JPEG; `ev` comes on top of it. */
  auto: boolean;
  ev: number;
}

export type WhiteBalance =
  | { mode: "as_shot" }
  | { mode: "auto" }
  | { mode: "kelvin"; temperature_k: number; tint: number }
  | { mode: "grey"; red: number; blue: number };

export type BaseCurve = "camera" | "soft" | "linear";

export interface Tone {
  base: BaseCurve;
  contrast: number;
  highlights: number;
  shadows: number;
  black: number;
}

export interface ColourAmount {
  saturation: number;
  vibrance: number;
}

/** Shares of the upright picture's width and height. */
export interface Crop {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Geometry {
  crop: Crop | null;
  /** Turned clockwise before it is cropped. */
  straighten_deg: number;
}

export interface Denoise {
  auto: boolean;
  luminance: number;
  colour: number;
}

export interface Sharpen {
  amount: number;
  radius_px: number;
}

export type Corner = "top_left" | "top_right" | "bottom_left" | "bottom_right" | "bottom_centre";

export interface Watermark {
  text: string;
  corner: Corner;
  size_percent: number;
  opacity: number;
}

export interface Border {
  width_percent: number;
  foot_percent: number;
  /** sRGB, 0 to 255. */
  colour: [number, number, number];
}

export interface Recipe {
  process: number;
  exposure: Exposure;
  white_balance: WhiteBalance;
  tone: Tone;
  colour: ColourAmount;
  geometry: Geometry;
  denoise: Denoise;
  sharpen: Sharpen;
  watermark: Watermark | null;
  frame: Border | null;
}

export type Flow = "embedded_then_developed" | "embedded_only" | "developed_only";
export type DeviceChoice = "auto" | "cpu" | "gpu";

export interface DeviceReport {
  /** "CPU (2 cores)", or the GPU's name. */
  in_use: string;
  kind: "cpu" | "gpu";
  choice: DeviceChoice;
  /** One calm line. */
  why: string;
  trial: { cpu_ms: number; gpu_ms: number } | null;
}

/** `GET /api/development`. */
export interface Development {
  flow: Flow;
  /** The event's look: of every frame that has none of its own. */
  recipe: Recipe;
  device: DeviceReport;
  queue: { waiting: number; running: number };
}

/** `PUT /api/development`: any of them. */
export interface SetDevelopment {
  flow?: Flow;
  recipe?: Recipe;
  device?: DeviceChoice;
}

/** `GET /api/presets` gives a list of them. */
export interface Preset {
  name: string;
  recipe: Recipe;
  creator: string | null;
  /** Milliseconds since 1970, or a date as text. */
  updated_at: number | string;
}

/** `PUT /api/presets/{name}`. */
export interface SavePreset {
  recipe: Recipe;
  creator?: string | null;
}

export type LookSource = "frame" | "creator" | "event";
export type LookState = "embedded" | "waiting" | "developed" | "failed";

/** `GET /api/frames/{id}/look`. */
export interface FrameLook {
  recipe: Recipe;
  source: LookSource;
  developable: boolean;
  /** Why it is not developable, or why developing failed. */
  reason: string | null;
  as_shot: { temperature_k: number; tint: number } | null;
  state: LookState;
}

/** `PUT /api/frames/{id}/look`; null: back to the look that it has without one of its own. */
export interface SetLook {
  recipe: Recipe | null;
}

/** `POST /api/looks`. */
export interface SetLooks {
  recipe: Recipe;
  frames: string[];
}

/** `POST /api/frames/{id}/look/picture`. */
export interface PictureWish {
  recipe: Recipe;
  long_edge_px: number;
}

/** `POST /api/frames/{id}/look/grey`; shares of the shown picture. */
export interface GreyWish {
  x: number;
  y: number;
  recipe: Recipe;
}

export interface Grey {
  red: number;
  blue: number;
}
