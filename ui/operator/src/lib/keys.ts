// Which key does what, and where. One table feeds both the keyboard and the help. Pure.
import type { Step } from "./grid";
import type { Place } from "./model";

export type Action =
  | "go_shoot" | "go_look" | "go_setup" | "help" | "palette" | "next_guest" | "loupe" | "zoom" | "back" | "assign" | "undo" | "search"
  | "bigger" | "smaller" | "join_qr" | "select_all"
  | "copy_look" | "paste_look" | "redo" | "before" | "split" | "warnings" | "crop" | "pick_grey" | "auto" | "done"
  | Step | `extend_${Step}`;

export interface Scene {
  place: Place;
  loupe: boolean;
  /** A dialog is open: it has its own keys. */
  dialog: boolean;
  /** Focus is where letters are typed. */
  typing: boolean;
  /** Focus is on something that space and Enter press. */
  pressable: boolean;
}

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

interface Binding {
  keys: string[];
  action: Action;
  help: string;
  /** Shown to people; the keys themselves when left out. */
  shown?: string;
  where: "anywhere" | "shoot" | "sheet" | "loupe" | "look" | "frames";
}

const STEPS: Record<string, Step> = {
  ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down",
  Home: "home", End: "end", PageUp: "page_up", PageDown: "page_down",
};

export const BINDINGS: readonly Binding[] = [
  { keys: [" ", "Enter"], action: "loupe", help: "Look closely", shown: "Space", where: "shoot" },
  { keys: ["m"], action: "assign", help: "Move what is selected to a ticket", shown: "M", where: "shoot" },
  { keys: ["t"], action: "next_guest", help: "Next guest: a new ticket", shown: "T", where: "anywhere" },
  { keys: ["c"], action: "copy_look", help: "Copy the look of this frame", shown: "C", where: "frames" },
  { keys: ["v"], action: "paste_look", help: "Paste the look onto what is selected", shown: "V", where: "frames" },
  { keys: ["b"], action: "before", help: "Hold: as the camera made it", shown: "B", where: "look" },
  { keys: ["y"], action: "split", help: "Before and after, side by side", shown: "Y", where: "look" },
  { keys: ["o"], action: "warnings", help: "Mark what is too bright or too dark", shown: "O", where: "look" },
  { keys: ["r"], action: "crop", help: "Crop and straighten", shown: "R", where: "look" },
  { keys: ["w"], action: "pick_grey", help: "Pick something grey", shown: "W", where: "look" },
  { keys: ["a"], action: "auto", help: "Auto exposure on or off", shown: "A", where: "look" },
  { keys: ["Enter"], action: "done", help: "Done with the crop", where: "look" },
  { keys: ["u", "mod+z"], action: "undo", help: "Undo the last step", shown: "U or Ctrl Z", where: "anywhere" },
  { keys: ["mod+shift+z", "mod+y"], action: "redo", help: "Redo it", shown: "Ctrl Shift Z", where: "look" },
  { keys: ["/"], action: "search", help: "Find by name or ticket", where: "shoot" },
  { keys: ["mod+a"], action: "select_all", help: "Select all that is shown", shown: "Ctrl A", where: "sheet" },
  { keys: ["+", "="], action: "bigger", help: "Larger pictures", shown: "+", where: "sheet" },
  { keys: ["-", "_"], action: "smaller", help: "Smaller pictures", shown: "−", where: "sheet" },
  { keys: ["z"], action: "zoom", help: "Every pixel, and back, when looking closely", shown: "Z", where: "loupe" },
  { keys: ["1"], action: "go_shoot", help: "Shoot", where: "anywhere" },
  { keys: ["2"], action: "go_look", help: "Look", where: "anywhere" },
  { keys: ["3"], action: "go_setup", help: "Set up", where: "anywhere" },
  { keys: ["mod+k"], action: "palette", help: "Find a command, frame or ticket", shown: "Ctrl K", where: "anywhere" },
  { keys: ["j"], action: "join_qr", help: "Show the join QR, large", shown: "J", where: "anywhere" },
  { keys: ["?"], action: "help", help: "These keys", where: "anywhere" },
  { keys: ["Escape"], action: "back", help: "Back, or clear the selection", shown: "Esc", where: "anywhere" },
];

/** Keys that have no line of their own in the table, for the help. */
export const MOVES: Record<Place, readonly { shown: string; help: string }[]> = {
  shoot: [
    { shown: "← → ↑ ↓", help: "Move; with Shift: select on the way" },
    { shown: "Home End PgUp PgDn", help: "Newest, oldest, a page" },
  ],
  look: [
    { shown: "← →", help: "Newer, older frame; with Shift: select on the way" },
    { shown: "Tab ← →", help: "To a slider, and along it; with Shift in leaps" },
    { shown: "Del", help: "On a slider: back to where it was" },
    { shown: "Enter", help: "On a slider: type the figure" },
  ],
  setup: [],
};

/** In a row of frames there is no up and down. */
const STEPS_OF: Record<Place, readonly Step[]> = {
  shoot: Object.values(STEPS),
  look: ["left", "right", "home", "end"],
  setup: [],
};

const TYPING_OK: readonly Action[] = ["palette", "back"];

/** The action that a key asks for in a scene; null when it is not ours. */
export function actionFor(press: KeyPress, scene: Scene): Action | null {
  if (press.altKey || scene.dialog) return null;
  const action = bound(press, scene);
  if (action === null || (scene.typing && !TYPING_OK.includes(action))) return null;
  if (scene.pressable && (press.key === " " || press.key === "Enter")) return null;
  return action;
}

function bound(press: KeyPress, scene: Scene): Action | null {
  const mod = press.ctrlKey || press.metaKey;
  const step = STEPS[press.key];
  if (step) return mod || !STEPS_OF[scene.place].includes(step) ? null : press.shiftKey && !scene.loupe ? `extend_${step}` : step;
  const held = (mod ? "mod+" : "") + (mod && press.shiftKey ? "shift+" : "");
  const name = held + (press.key.length === 1 ? press.key.toLowerCase() : press.key);
  const binding = BINDINGS.find((each) => each.keys.includes(name) && reaches(each.where, scene));
  return binding?.action ?? null;
}

function reaches(where: Binding["where"], { place, loupe }: Scene): boolean {
  if (where === "anywhere") return true;
  if (where === "frames") return place !== "setup";
  if (where === "look" || where === "shoot") return place === where;
  return place === "shoot" && (where === "loupe") === loupe;
}

/** Somewhere in that place the key does something. */
const known = (where: Binding["where"], place: Place) => [true, false].some((loupe) => reaches(where, { place, loupe, dialog: false, typing: false, pressable: false }));

/** The keys that do something in a place, for the help. */
export function keysOf(place: Place): { shown: string; help: string }[] {
  const rows = BINDINGS.filter((each) => known(each.where, place)).map((each) => ({ shown: each.shown ?? (each.keys[0] as string), help: each.help }));
  return [...MOVES[place], ...rows];
}
