import { isDataFrame, type DataFrame, type Row } from "./data-frame";
import { display, type Bundle } from "./kernel";
import { escapeHtml, formatValue } from "./text";

/** How a table is shown. */
export interface TableOptions {
  /** A sentence above the table. */
  caption?: string;
  /** Which columns, in which order; or their headings by name. All, under their own names, without it. */
  columns?: string[] | { [name: string]: string };
  /** Significant digits of numbers that are not whole (4). */
  digits?: number;
  /** Most rows shown (60); the last line says how many are left out. */
  limit?: number;
}

interface Column {
  heading: string;
  cells: string[];
  numeric: boolean;
}

function recordsOf(data: Row[] | DataFrame): { names: string[]; rows: Row[] } {
  if (isDataFrame(data)) {
    const rows = (data.values as unknown[]).map((values) => {
      const list = Array.isArray(values) ? values : [values];
      return Object.fromEntries(data.columns.map((name, i) => [name, list[i]]));
    });
    return { names: data.columns, rows };
  }
  if (!Array.isArray(data)) {
    throw new Error(`table: got ${formatValue(data)}; give an array of records or a data frame`);
  }
  const names = new Set<string>();
  data.forEach((row, i) => {
    if (typeof row !== "object" || row === null || Array.isArray(row)) {
      throw new Error(
        `table: row ${i} is ${formatValue(row)}; each row is a record such as { n: 1, pieces: 2 }`,
      );
    }
    for (const name of Object.keys(row)) names.add(name);
  });
  return { names: [...names], rows: data };
}

function columnsOf(data: Row[] | DataFrame, options: TableOptions): { columns: Column[]; rows: number } {
  const { names, rows } = recordsOf(data);
  const asked = options.columns;
  const wanted = Array.isArray(asked) ? asked : asked ? Object.keys(asked) : names;
  const missing = rows.length > 0 ? wanted.find((name) => !names.includes(name)) : undefined;
  if (missing !== undefined) {
    throw new Error(`table: there is no column "${missing}"; there are ${names.join(", ")}`);
  }
  const shown = rows.slice(0, options.limit ?? 60);
  const columns = wanted.map((name) => {
    const values = shown.map((row) => row[name] as unknown);
    return {
      heading: asked && !Array.isArray(asked) ? asked[name] : name,
      cells: values.map((value) => formatValue(value, options.digits)),
      numeric: values.every((value) => value === null || value === undefined || typeof value === "number"),
    };
  });
  return { columns, rows: rows.length };
}

/** Columns as lines of text, numbers to the right. */
function asText(columns: Column[], count: number, caption: string | undefined, more: string): string {
  const widths = columns.map((c) => Math.max(c.heading.length, ...c.cells.map((cell) => cell.length)));
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => (columns[i].numeric ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join("  ")
      .trimEnd();
  const lines = [line(columns.map((c) => c.heading)), widths.map((width) => "-".repeat(width)).join("  ")];
  for (let i = 0; i < count; i++) lines.push(line(columns.map((c) => c.cells[i])));
  return [...(caption ? [caption] : []), ...lines, ...(more ? [more] : [])].join("\n");
}

function asHtml(columns: Column[], count: number, caption: string | undefined, more: string): string {
  const style = (column: Column) => ` style="text-align: ${column.numeric ? "right" : "left"}"`;
  const head = columns.map((c) => `<th scope="col"${style(c)}>${escapeHtml(c.heading)}</th>`).join("");
  const body: string[] = [];
  for (let i = 0; i < count; i++) {
    body.push(`<tr>${columns.map((c) => `<td${style(c)}>${escapeHtml(c.cells[i])}</td>`).join("")}</tr>`);
  }
  if (more) body.push(`<tr><td colspan="${columns.length}">${escapeHtml(more)}</td></tr>`);
  return (
    `<table class="relu-lab">${caption ? `<caption>${escapeHtml(caption)}</caption>` : ""}` +
    `<thead><tr>${head}</tr></thead><tbody>${body.join("")}</tbody></table>`
  );
}

/** The display bundle of a table: HTML and aligned text. */
export function tableBundle(data: Row[] | DataFrame, options: TableOptions = {}): Bundle {
  const { columns, rows } = columnsOf(data, options);
  const count = columns.length > 0 ? columns[0].cells.length : 0;
  const more = rows > count ? `… ${formatValue(rows - count)} more rows` : "";
  return {
    "text/html": asHtml(columns, count, options.caption, more),
    "text/plain": asText(columns, count, options.caption, more),
  };
}

/**
 * Shows rows or a data frame as a table, in HTML and as aligned text.
 *
 * @param data array of records, or a danfojs DataFrame
 * @param options caption, columns (names, or headings by name), significant digits, most rows shown
 * @throws Error when a row is no record, or a column is asked for that is not there
 * @example
 * table(rows, { caption: "Pieces by depth", columns: { n: "compositions", pieces: "affine pieces" } });
 */
export function table(data: Row[] | DataFrame, options: TableOptions = {}): void {
  display(tableBundle(data, options));
}
