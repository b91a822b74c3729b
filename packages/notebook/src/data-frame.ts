/** A value of a data frame's cell. */
export type Cell = string | number | boolean | null | undefined;
/** One row: values by column. */
export interface Row {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [column: string]: any;
}

/**
 * A danfojs data frame, as far as notebooks use it. danfojs's own types are heavy (they reach into TensorFlow.js's)
 * and would cost every cell that sees them; its other methods are there all the same.
 */
export interface DataFrame {
  columns: string[];
  index: (string | number)[];
  values: unknown[];
  shape: number[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [method: string]: any;
}

/**
 * A danfojs DataFrame from rows. danfojs, and with it TensorFlow.js, is loaded at the first call.
 *
 * @param rows records, all with the same columns; or columns by name, all of one length
 * @returns a danfojs-node DataFrame
 * @throws Error from danfojs when columns differ in length
 * @example
 * const frame = dataFrame(rows);
 * table(frame.groupby(["depth"]).col(["pieces"]).mean());
 */
export function dataFrame(rows: Row[] | { [column: string]: unknown[] }): DataFrame {
  const danfo = require("danfojs-node") as { DataFrame: new (data: object) => DataFrame };
  return new danfo.DataFrame(rows);
}

/**
 * Two data frames side by side where a column agrees (danfojs's inner merge).
 *
 * @param left a frame with the column
 * @param right likewise; its other columns are appended
 * @param on the column's name
 * @returns a new frame with one row a match
 * @throws Error from danfojs when a frame lacks the column
 */
export function joinFrames(left: DataFrame, right: DataFrame, on: string): DataFrame {
  const danfo = require("danfojs-node") as { merge: (options: object) => DataFrame };
  return danfo.merge({ left, right, on: [on], how: "inner" });
}

/** Whether a value is a data frame (of any copy of danfojs). */
export function isDataFrame(value: unknown): value is DataFrame {
  const frame = value as DataFrame | null;
  return (
    typeof frame === "object" &&
    frame !== null &&
    !Array.isArray(frame) &&
    Array.isArray(frame.columns) &&
    "values" in frame
  );
}
