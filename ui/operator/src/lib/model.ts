// The words of the operator's API, as the page uses them. Only this file knows the names that generation gives.
import type { components } from "./generated/api";

type Schemas = components["schemas"];

export type Studio = Schemas["Studio"];
export type Guest = Studio["guest"];
export type Pulse = Schemas["Pulse"];
export type Source = Schemas["Source"];
export type Frame = Schemas["Frame"];
export type FramePage = Schemas["FramePage"];
export type FrameDetail = Schemas["FrameDetail"];
export type Stage = Schemas["StageStamp"];
export type Ticket = Schemas["Ticket"];
export type Tickets = Schemas["Tickets"];
export type Assigned = Schemas["Assigned"];
export type AttentionList = Schemas["AttentionList"];
export type FolderContents = Schemas["FolderContents"];
export type ErrorBody = Schemas["ErrorBody"];

// What is sent.
export type Assign = Schemas["Assign"];
export type ChooseJoin = Schemas["ChooseJoin"];
export type Folder = Schemas["Folder"];
export type SetCurrent = Schemas["SetCurrent"];

// What live events carry, beside frames and the pulse.
export type FrameGone = Schemas["Gone"];
export type CurrentTicket = Schemas["CurrentTicket"];

// How frames are developed: routes that docs/openapi.json does not name yet.
export type {
  BaseCurve, Border, Corner, Crop, Denoise, Development, DeviceChoice, DeviceReport, Flow, FrameLook, Geometry, Grey, GreyWish, LookSource, LookState,
  PictureWish, Preset, Recipe, SavePreset, SetDevelopment, SetLook, SetLooks, Sharpen, Tone, Watermark, WhiteBalance,
} from "./develop_api";

export type Rung = "thumb" | "screen" | "large";
export type Filter = "all" | "unassigned" | "attention";
export type Place = "shoot" | "look" | "setup";

/** How well something is; shown as colour, shape and word together. */
export type Level = "well" | "good" | "warn" | "bad";
