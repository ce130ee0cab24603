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

// How frames are developed.
export type BaseCurve = Schemas["BaseCurve"];
export type Border = Schemas["Border"];
export type Corner = Schemas["Corner"];
export type Crop = Schemas["Crop"];
export type Denoise = Schemas["Denoise"];
export type Creator = Schemas["Creator"];
export type Development = Schemas["Development"];
export type DeviceChoice = Schemas["DeviceChoice"];
export type DeviceReport = Schemas["DeviceReport"];
export type Flow = Schemas["Flow"];
export type FrameLook = Schemas["FrameLook"];
export type Geometry = Schemas["Geometry"];
export type Grey = Schemas["Grey"];
export type GreyWish = Schemas["GreyWish"];
export type LookSource = Schemas["LookSource"];
export type LookState = Schemas["LookState"];
export type PictureWish = Schemas["PictureWish"];
export type Preset = Schemas["Preset"];
export type Recipe = Schemas["Recipe"];
export type SavePreset = Schemas["SavePreset"];
export type SetDevelopment = Schemas["SetDevelopment"];
export type SetLook = Schemas["SetLook"];
export type SetLooks = Schemas["SetLooks"];
export type Sharpen = Schemas["Sharpen"];
export type Tone = Schemas["Tone"];
export type Watermark = Schemas["Watermark"];
export type WhiteBalance = Schemas["WhiteBalance"];

export type Rung = "thumb" | "screen" | "large";
export type Filter = "all" | "unassigned" | "attention";
export type Place = "shoot" | "look" | "setup";

/** How well something is; shown as colour, shape and word together. */
export type Level = "well" | "good" | "warn" | "bad";
