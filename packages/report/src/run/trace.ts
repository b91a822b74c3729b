import { stripVTControlCharacters } from "node:util";
import type { Cell, Output } from "../notebook/nbformat";

// tslab's own words for an error outside of a cell's run.
const stray = /^(?:UncaughtException:|UnhandledPromiseRejection:|unexpected error:)/m;
// tslab's own form of a compiler's message: `12:3 - Cannot find name 'x'`, a file's name before it or not.
const diagnostic = /^(?:\S+ )?\d+:\d+ - /m;

/**
 * The trace of a cell's failure, or null when it has not failed. tslab reports every error as text on stderr, where
 * warnings stand too: a reply that is not "ok" is a failure, an error outside of a cell's run is one, and a compiler's
 * message in a `@module` cell is one (tslab answers "ok" to such a cell whatever is wrong with it).
 */
export function findTrace(
  status: string,
  cell: Pick<Cell, "source">,
  outputs: readonly Output[],
): string | null {
  const error = outputs.find((output) => output.output_type === "error");
  const stderr = stripVTControlCharacters(
    outputs
      .map((output) => (output.output_type === "stream" && output.name === "stderr" ? output.text : ""))
      .join(""),
  ).trim();
  if (error?.output_type === "error") {
    return stripVTControlCharacters(error.traceback.join("\n")) || `${error.ename}: ${error.evalue}`;
  }
  if (status !== "ok") return stderr || `the kernel answered with the status "${status}" and no word of why`;
  if (stray.test(stderr)) return stderr;
  if (/^\s*\/\*\*[^]*?@module\b/.test(cell.source) && diagnostic.test(stderr)) return stderr;
  return null;
}
