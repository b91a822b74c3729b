import * as fs from "node:fs";
import process from "node:process";
import { kernelPackage } from "./kernel";
import { steady } from "./steady";

/** Versions of what made a result, by name. */
export interface Versions {
  [name: string]: string;
}

function versionIn(file: string | undefined): string | undefined {
  try {
    return file && (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
  } catch {
    return undefined; // not installed here: then it made nothing either
  }
}

function resolved(name: string): string | undefined {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}

/** The package.json of the TensorFlow.js that this process has loaded, or undefined. Loads nothing. */
function loadedTensorFlow(): string | undefined {
  const core = /^(.*[\\/]@tensorflow[\\/]tfjs-core[\\/])/;
  for (const file of Object.keys(require.cache)) {
    const match = core.exec(file);
    if (match) return `${match[1]}package.json`;
  }
  return undefined;
}

/** Versions of node (unless outputs shall be steady), relu-lab, tslab (in a kernel), vega-lite, and TensorFlow.js if this process has loaded it. */
export function versions(): Versions {
  const found: { [name: string]: string | undefined } = {
    node: steady() ? undefined : process.versions.node,
    "relu-lab": versionIn(resolved("relu-lab/package.json")),
    tslab: versionIn(kernelPackage()),
    "vega-lite": versionIn(resolved("vega-lite/package.json")),
    tfjs: versionIn(loadedTensorFlow()),
  };
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/**
 * Which backend computed: the runtime's own words where TensorFlow.js was loaded in this process (they tell whether a
 * backend was asked for), else plain doubles.
 */
export function backend(): string {
  const doubles = "none (doubles)";
  if (!loadedTensorFlow()) return doubles;
  const file = resolved("relu-lab/runtime");
  const runtime = file && (require.cache[file]?.exports as { describe?: () => string } | undefined);
  return (runtime && runtime.describe?.()) || "TensorFlow.js, backend not known";
}
