// The words of the operator's API, as the page uses them. Only this file knows the names that generation gives.
import type { components } from "./generated/api";

type Schemas = components["schemas"];

export type Studio = Schemas["Studio"];
export type Pulse = Schemas["Pulse"];
export type Source = Pulse["sources"][number];
export type Frame = Schemas["Frame"];
export type FramePage = Schemas["FramePage"];
export type FrameDetail = Schemas["FrameDetail"];
export type CaptureFacts = FrameDetail["facts"];
export type Stage = FrameDetail["stages"][number];
export type Ticket = Schemas["Ticket"];
export type Tickets = Schemas["Tickets"];
export type Assigned = Schemas["Assigned"];
export type Attention = Schemas["Attention"];
export type AttentionList = Schemas["AttentionList"];

export type Rung = "thumb" | "screen" | "large";
export type Filter = "all" | "unassigned" | "attention";
export type Place = "shoot" | "setup";

/** How well something is; shown as colour, shape and word together. */
export type Level = "well" | "good" | "warn" | "bad";
