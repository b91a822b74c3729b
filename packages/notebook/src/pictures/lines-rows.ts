import type { Row } from "../data-frame";
import type { LinesAxis, LinesOptions } from "./lines-options";

/** A row as the marks of `lines` read it: the caller's columns, and these. */
export interface LinesRow extends Row {
  value: unknown;
  series?: string;
  lower?: unknown;
  upper?: unknown;
  theory?: unknown;
  marked?: true;
}

/** Refuses what an axis cannot show, with the place. */
function check(value: unknown, axis: Omit<LinesAxis, "field">, column: string, index: number): void {
  if (axis.category) return;
  if (typeof value !== "number") {
    throw new Error(`lines: row ${index} has ${JSON.stringify(value)} in "${column}", which is not a number`);
  }
  if (axis.log && !(value > 0)) {
    throw new Error(
      `lines: row ${index} has ${value} in "${column}", which a logarithmic axis cannot show; leave the row out, or draw a smallest value in its place and say so`,
    );
  }
}

function requireColumn(rows: readonly Row[], column: string, what: string): void {
  if (rows.some((row) => row[column] !== undefined)) return;
  const known = Object.keys(rows[0]).join(", ");
  throw new Error(`lines: no row has the column "${column}" (${what}); there are ${known}`);
}

const isMissing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "number" && Number.isNaN(value));

/**
 * The rows of a `lines` chart in long form: one row a value, its series by name.
 *
 * @throws Error that names the row and column which cannot be drawn
 */
export function linesRows(rows: readonly Row[], options: LinesOptions): LinesRow[] {
  if (rows.length === 0) throw new Error("lines: there are no rows to draw");
  const { x, y, band, theory, panels, slider } = options;
  const series = typeof options.series === "string" ? options.series : options.series?.field;
  if ((y.field === undefined) === (y.fields === undefined)) {
    throw new Error("lines: y takes either field (one column) or fields (several, as series)");
  }
  const columns = y.fields ?? { [y.field!]: undefined };
  requireColumn(rows, x.field, "x");
  for (const column of Object.keys(columns)) requireColumn(rows, column, "y");
  const others = {
    series,
    "lower end": band?.lower,
    "upper end": band?.upper,
    theory,
    panels: panels?.field,
    slider: slider?.field,
  };
  for (const [what, column] of Object.entries(others)) {
    if (column !== undefined) requireColumn(rows, column, what);
  }
  const result: LinesRow[] = [];
  for (const [column, name] of Object.entries(columns)) {
    rows.forEach((row, index) => {
      const value: unknown = row[column];
      if (isMissing(value) || isMissing(row[x.field])) return;
      check(row[x.field], x, x.field, index);
      check(value, y, column, index);
      const long: LinesRow = { ...row, value };
      const own = series === undefined ? undefined : String(row[series]);
      if (name !== undefined) long.series = own === undefined ? name : `${own}, ${name}`;
      else if (own !== undefined) long.series = own;
      const ends = { lower: band?.lower, upper: band?.upper, theory };
      for (const [end, from] of Object.entries(ends)) {
        if (from === undefined || isMissing(row[from])) continue;
        check(row[from], y, from, index);
        long[end] = row[from];
      }
      if (options.highlight?.(row)) long.marked = true;
      result.push(long);
    });
  }
  return result;
}
