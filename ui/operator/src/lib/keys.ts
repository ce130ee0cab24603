// Which key does what, and where. One table feeds both the keyboard and the help. Pure.
import type { Step } from "./grid";
import type { Place } from "./model";

export type Action =
  | "go_shoot" | "go_setup" | "help" | "palette" | "next_guest" | "loupe" | "zoom" | "back" | "assign" | "undo" | "search"
  | "bigger" | "smaller" | "join_qr" | "select_all"
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
  where: "anywhere" | "shoot" | "sheet" | "loupe";
}

const STEPS: Record<string, Step> = {
  ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down",
  Home: "home", End: "end", PageUp: "page_up", PageDown: "page_down",
};

export const BINDINGS: readonly Binding[] = [
  { keys: [" ", "Enter"], action: "loupe", help: "Look closely", shown: "Space", where: "shoot" },
  { keys: ["m"], action: "assign", help: "Move what is selected to a ticket", shown: "M", where: "shoot" },
  { keys: ["t"], action: "next_guest", help: "Next guest: a new ticket", shown: "T", where: "anywhere" },
  { keys: ["u", "mod+z"], action: "undo", help: "Undo the last move", shown: "U or Ctrl Z", where: "anywhere" },
  { keys: ["/"], action: "search", help: "Find by name or ticket", where: "shoot" },
  { keys: ["mod+a"], action: "select_all", help: "Select all that is shown", shown: "Ctrl A", where: "sheet" },
  { keys: ["+", "="], action: "bigger", help: "Larger pictures", shown: "+", where: "sheet" },
  { keys: ["-", "_"], action: "smaller", help: "Smaller pictures", shown: "−", where: "sheet" },
  { keys: ["z"], action: "zoom", help: "Every pixel, and back, when looking closely", shown: "Z", where: "loupe" },
  { keys: ["1"], action: "go_shoot", help: "Shoot", where: "anywhere" },
  { keys: ["2"], action: "go_setup", help: "Set up", where: "anywhere" },
  { keys: ["mod+k"], action: "palette", help: "Find a command, frame or ticket", shown: "Ctrl K", where: "anywhere" },
  { keys: ["j"], action: "join_qr", help: "Show the join QR, large", shown: "J", where: "anywhere" },
  { keys: ["?"], action: "help", help: "These keys", where: "anywhere" },
  { keys: ["Escape"], action: "back", help: "Back, or clear the selection", shown: "Esc", where: "anywhere" },
];

/** Keys that have no line of their own in the table, for the help. */
export const MOVES = [
  { shown: "← → ↑ ↓", help: "Move; with Shift: select on the way" },
  { shown: "Home End PgUp PgDn", help: "Newest, oldest, a page" },
] as const;

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
  if (step) return mod || scene.place !== "shoot" ? null : press.shiftKey && !scene.loupe ? `extend_${step}` : step;
  const name = (mod ? "mod+" : "") + (press.key.length === 1 ? press.key.toLowerCase() : press.key);
  if (mod && press.shiftKey) return null;
  const binding = BINDINGS.find((each) => each.keys.includes(name) && reaches(each.where, scene));
  return binding?.action ?? null;
}

function reaches(where: Binding["where"], scene: Scene): boolean {
  if (where === "anywhere") return true;
  if (scene.place !== "shoot") return false;
  return where === "shoot" || (where === "loupe") === scene.loupe;
}

/** The keys that do something in a place, for the help. */
export function keysOf(place: Place): { shown: string; help: string }[] {
  const listed = BINDINGS.filter((each) => place === "shoot" || each.where === "anywhere");
  const rows = listed.map((each) => ({ shown: each.shown ?? (each.keys[0] as string), help: each.help }));
  return place === "shoot" ? [...MOVES, ...rows] : rows;
}
