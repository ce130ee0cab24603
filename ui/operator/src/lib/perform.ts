// Does what a key, a command or a button asks for.
import type { Step } from "./grid";
import type { Action } from "./keys";
import type { Booth } from "./state/booth.svelte";

const EXTEND = "extend_";

export function perform(booth: Booth, action: Action): void {
  const { window, sheet, selection, look } = booth;
  switch (action) {
    case "go_shoot":
      window.place = "shoot";
      return;
    case "go_look":
      window.loupe = false;
      window.ticket = null;
      window.place = "look";
      return;
    case "go_setup":
      window.loupe = false;
      window.place = "setup";
      return;
    case "help":
      return window.open("keys");
    case "palette":
      return window.open("palette");
    case "join_qr":
      return window.open("join");
    case "next_guest":
      return void booth.nextGuest();
    case "undo":
      return window.place === "look" ? look.undo() : void booth.undoLast();
    case "redo":
      return look.redo();
    case "copy_look":
      return void booth.copyLook();
    case "paste_look":
      return void booth.pasteLook();
    case "before":
      return look.hold(true);
    case "split":
      return look.toggleSplit();
    case "warnings":
      return look.toggleWarnings();
    case "crop":
      return look.cropping ? look.endCrop() : look.startCrop();
    case "done":
      return look.endCrop();
    case "pick_grey":
      return look.togglePick();
    case "auto":
      return look.toggleAuto();
    case "loupe":
      return toggleLoupe(booth);
    case "zoom":
      window.zoom = !window.zoom;
      return;
    case "back":
      if (!window.back() && !(window.place === "look" && look.escape())) letGo(booth);
      return;
    case "assign":
      if (selection.size > 0) window.open("assign");
      else booth.notices.say("Select frames first: click, or Shift and arrows.");
      return;
    case "search":
      void sheet.focusSearch();
      return;
    case "select_all":
      return selection.everything(sheet.shown);
    case "bigger":
      return sheet.resize(sheet.size + 1);
    case "smaller":
      return sheet.resize(sheet.size - 1);
    default:
      return steer(booth, action);
  }
}

function steer(booth: Booth, action: Step | `extend_${Step}`): void {
  const extend = action.startsWith(EXTEND);
  booth.window.ticket = null;
  // An arrow key that misses the crop's handles must not leave the frame with its crop half chosen.
  if (booth.look.cropping) return;
  booth.sheet.steer((extend ? action.slice(EXTEND.length) : action) as Step, extend);
}

function toggleLoupe({ window, sheet, selection }: Booth): void {
  if (sheet.filter === "attention") return;
  if (selection.indexIn(sheet.shown) < 0) {
    const newest = sheet.shown[0];
    if (!newest) return;
    selection.only(newest.id);
  }
  window.loupe = !window.loupe;
}

/** The last step of Esc: search text first, then the selection. */
function letGo({ window, sheet, selection }: Booth): void {
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
  // The frame that is developed stays; only what was selected beside it is let go.
  if (window.place === "look") {
    if (selection.size > 1 && selection.cursor) selection.only(selection.cursor);
  } else if (sheet.text) sheet.text = "";
  else selection.clear();
}
