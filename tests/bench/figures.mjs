// Small arithmetic for benchmarks, and how figures are printed.

/** The value below which that share of the numbers lies (nearest rank). */
export function quantile(numbers, share) {
  if (numbers.length === 0) return Number.NaN;
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
}

export const median = (numbers) => quantile(numbers, 0.5);
export const p95 = (numbers) => quantile(numbers, 0.95);

/** One line of a table: name, median, p95, count. */
export function line(name, numbers) {
  const figure = (value) => (Number.isNaN(value) ? "-" : `${Math.round(value)} ms`).padStart(9);
  return `  ${name.padEnd(44)} ${figure(median(numbers))} ${figure(p95(numbers))}  (${numbers.length})`;
}

export const head = `  ${"".padEnd(44)} ${"median".padStart(9)} ${"p95".padStart(9)}  (rounds)`;

/** `--name N` of the command line, or the default. */
export function flag(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? otherwise : Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} needs a whole number above 0`);
  return value;
}
