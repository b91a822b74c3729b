type Value = number | boolean | string | readonly Value[] | { readonly [name: string]: Value };

/** An answer: names (a contract with scripts) and values. */
export type Report = Record<string, Value>;

/** How long it took, and how much memory the process has needed at most so far. */
export function costs(regions: number, start: number, workers: number): Report {
  const seconds = (performance.now() - start) / 1000;
  return {
    seconds,
    regions_per_second: regions / seconds,
    peak_rss_mib: process.resourceUsage().maxRSS / 1024,
    workers,
  };
}

function shown(value: Value): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    const parts = (value as readonly Value[]).map(shown);
    return parts.join(value.some((part) => typeof part === "object") ? "; " : " ");
  }
  if (typeof value === "object") {
    const fields = Object.entries(value as Readonly<Record<string, Value>>);
    return fields.map(([name, own]) => `${name} ${shown(own)}`).join(", ");
  }
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return value >= 1000 ? Math.round(value).toLocaleString("en") : Number(value.toPrecision(6)).toString();
}

/** The answer as a table of two columns. */
export function printReport(report: Report): string {
  const names = Object.keys(report);
  const width = Math.max(...names.map((name) => name.length));
  return names.map((name) => `${name.replaceAll("_", " ").padEnd(width)}  ${shown(report[name])}`).join("\n");
}
