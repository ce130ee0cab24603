// Which sections of the panel are open, kept for the next evening.

const KEPT = "boothlight.look.sections";
const OPEN_AT_FIRST = ["light", "colour"];

class Sections {
  private open = $state.raw<readonly string[]>(OPEN_AT_FIRST);

  restore(): void {
    const kept = localStorage.getItem(KEPT);
    if (kept !== null) this.open = kept.split(" ").filter(Boolean);
  }

  isOpen(id: string): boolean {
    return this.open.includes(id);
  }

  toggle(id: string): void {
    this.open = this.isOpen(id) ? this.open.filter((each) => each !== id) : [...this.open, id];
    localStorage.setItem(KEPT, this.open.join(" "));
  }
}

export const sections = new Sections();
