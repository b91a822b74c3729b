import type { Row } from "../data-frame";

/** One axis of a `lines` chart. */
export interface LinesAxis {
  /** Column of the rows. */
  field: string;
  /** The quantity and its unit, such as "training time (s)". */
  title: string;
  /** A logarithmic axis; a number is its base, as far as ticks go. */
  log?: boolean | number;
  /** First and last value shown. */
  domain?: readonly [number, number];
  /** Where the ticks stand. */
  ticks?: readonly number[];
  /** How tick labels are written, as d3 says it (".0e", "~s", "%"). */
  format?: string;
  /** The column holds names instead of numbers. */
  category?: boolean;
  /** Whether a linear axis begins at 0 (no). */
  zero?: boolean;
}

/** The vertical axis: one column, or several columns that become one series each. */
export interface LinesValueAxis extends Omit<LinesAxis, "field"> {
  field?: string;
  /** Columns and the names of the series they become: { counted: "counted", bound: "upper bound" }. */
  fields?: { [column: string]: string };
}

/** How `lines` draws its rows. */
export interface LinesOptions {
  x: LinesAxis;
  y: LinesValueAxis;
  /** Column that tells the series apart, by colour, dash and shape; with a title for the legend if it is given so. */
  series?: string | { field: string; title?: string | null };
  /** Columns with the ends of each value's spread: a band along a line, bars with points or when `bars` is true. */
  band?: { lower: string; upper: string; bars?: boolean };
  /** Column with what theory says: a dashed thin line in the series' colour. */
  theory?: string;
  /** "line", "points", or "both"; without it, both for up to 40 values a series. */
  marks?: "line" | "points" | "both";
  /** Which rows are marked by a circle, such as the best one. */
  highlight?: (row: Row) => boolean;
  /** Horizontal lines with a name each. */
  levels?: { value: number; label: string }[];
  /** Column that gives each of its values a panel of its own, and how many stand side by side. */
  panels?: { field: string; title?: string | null; columns?: number };
  /** Column of numbers of which a slider shows one at a time (in the page; a picture shows `start`). */
  slider?: { field: string; label: string; start: number };
  /** Width and height of the plot, or of each panel, in pixels. */
  width?: number;
  height?: number;
}
