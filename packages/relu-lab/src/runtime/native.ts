import util from "node:util";

/**
 * tfjs-node 4.22 calls `util.isNullOrUndefined`, which Node 23 removed; without it the addon loads and then fails
 * at the first tensor.
 */
function polyfillUtil(): void {
  const old = util as unknown as { isNullOrUndefined?: (value: unknown) => boolean };
  old.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

/** The first line of an error, short enough to stand in one line of text. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  // "... can not be found at path: /home/..." says enough without the path, which has no place in a report.
  const line = text
    .split("\n", 1)[0]
    .replace(/ at path: .*/, "")
    .trim();
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}

/**
 * Loads the optional addon `tfjs-node-native` (an alias of @tensorflow/tfjs-node 4.22.0 in the root package.json).
 *
 * @returns the module, which registers the backend "tensorflow" with the TensorFlow.js that everybody shares
 * @throws Error saying in one line why it cannot be used
 */
export function loadNative(): object {
  polyfillUtil();
  try {
    require.resolve("tfjs-node-native");
  } catch {
    throw new Error("the native addon is not installed");
  }
  try {
    return require("tfjs-node-native") as object;
  } catch (error) {
    throw new Error(`the native addon does not load (${firstLine(error)})`, { cause: error });
  }
}
