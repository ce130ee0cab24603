// Who may operate: finds the studio's secret, and keeps it for this tab only.

declare global {
  interface Window {
    __BOOTHLIGHT__?: { secret?: string };
  }
}

const KEPT = "boothlight.key";

export class Session {
  secret = $state<string | null>(null);
  /** The studio refused the key that we had. */
  refused = $state(false);

  /** The desktop shell's secret, else the address's fragment (taken out of it), else what this tab kept. */
  find(): void {
    const fragment = new URLSearchParams(location.hash.slice(1)).get("key");
    if (fragment) history.replaceState(null, "", location.pathname + location.search);
    this.secret = window.__BOOTHLIGHT__?.secret ?? fragment ?? sessionStorage.getItem(KEPT);
    if (fragment) sessionStorage.setItem(KEPT, fragment);
  }

  enter(secret: string): void {
    const trimmed = secret.trim();
    // The terminal prints a whole address: taking that is as good.
    this.secret = trimmed.includes("#key=") ? trimmed.slice(trimmed.indexOf("#key=") + 5) : trimmed;
    sessionStorage.setItem(KEPT, this.secret);
    this.refused = false;
  }

  /** The studio does not know this key: it was started anew, or the key was mistyped. */
  refuse(): void {
    sessionStorage.removeItem(KEPT);
    this.secret = null;
    this.refused = true;
  }
}
