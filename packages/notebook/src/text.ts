const entities: { [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML shows it literally, in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/**
 * A value as a reader wants it: numbers with `digits` significant digits (integers whole), nothing for missing ones.
 * Digits before the point are never rounded away: 123456.7 stays 123457.
 */
export function formatValue(value: unknown, digits = 4): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") {
    if (!Number.isFinite(value) || Number.isInteger(value)) return formatWhole(value);
    // A whole number but for rounding is one: danfojs's medians err by some 1e-15, and not always by the same.
    const rounded = Number(value.toPrecision(13));
    if (Number.isInteger(rounded)) return formatWhole(rounded);
    const magnitude = Math.abs(value);
    if (magnitude < 1e-4) return value.toExponential(Math.max(0, digits - 1));
    const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(magnitude)));
    return value.toFixed(Math.min(decimals, 100));
  }
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

function formatWhole(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  if (Math.abs(value) >= 1e15) return value.toExponential(3);
  // Groups of three from 10,000 on; years and the like stay as they are.
  return Math.abs(value) < 10_000 ? String(value) : value.toLocaleString("en-US");
}

/** A duration for people: "0.4 s", "12 s", "3 min 05 s", "2 h 10 min". */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
}

/** Words of a text, broken into lines of at most `limit` by a measure of width. */
export function wrap(text: string, limit: number, width: (line: string) => number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines[lines.length - 1];
    if (last !== undefined && width(`${last} ${word}`) <= limit) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
