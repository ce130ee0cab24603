/** A photo's own page: arrow keys swipe, Escape leads back. Everything else works without script. */

export function keysFor(strip: HTMLElement): void {
  addEventListener("keydown", (event) => {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") document.querySelector<HTMLElement>("a.back")?.click();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const end = step > 0 ? strip.scrollLeft + strip.clientWidth >= strip.scrollWidth - 2 : strip.scrollLeft <= 2;
    if (end) document.querySelector<HTMLElement>(step > 0 ? '[rel="next"]' : '[rel="prev"]')?.click();
    else strip.scrollBy({ left: step * strip.clientWidth });
  });
}
