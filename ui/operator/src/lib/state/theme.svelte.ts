// Dark for the evening, light for the desk, daylight for a stall in the sun.

export const THEMES = ["dark", "light", "daylight"] as const;
export type Theme = (typeof THEMES)[number];
const KEPT = "boothlight.theme";

export class ThemeView {
  now = $state<Theme>("dark");

  restore(): void {
    const kept = localStorage.getItem(KEPT);
    this.use(THEMES.find((theme) => theme === kept) ?? "dark");
  }

  use(theme: Theme): void {
    this.now = theme;
    document.documentElement.dataset["theme"] = theme;
    localStorage.setItem(KEPT, theme);
  }

  next(): void {
    this.use(THEMES[(THEMES.indexOf(this.now) + 1) % THEMES.length] as Theme);
  }
}
