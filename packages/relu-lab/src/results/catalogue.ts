import * as fs from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../datasets/cache-folder";
import { codeVersion } from "./code-version";
import { Entry, unfinished, type About } from "./entry";

/** What the store holds of one experiment, configuration, data, seed and code. */
export interface StoredResult {
  readonly experiment: string;
  readonly digest: string;
  readonly folder: string;
  /** Trials that are whole. */
  readonly trials: number;
  /** Records that are damaged; they are dropped and made again at the next run. */
  readonly damaged: number;
  readonly bytes: number;
  /** When a file was last written, in ms since 1970. */
  readonly changed: number;
  /**
   * `current`: a run of today's code would take it. `stale`: the code has changed since. `damaged`: it no longer says
   * what it is. `unknown`: its module is not here.
   */
  readonly state: "current" | "stale" | "damaged" | "unknown";
  readonly about: About | null;
}

function subfolders(folder: string): string[] {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    return entries
      .filter((e) => e.isDirectory() && !unfinished.test(e.name))
      .map((e) => path.join(folder, e.name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function stateOf(about: About | undefined): StoredResult["state"] {
  if (!about) return "damaged";
  try {
    return codeVersion(path.resolve(repositoryRoot() ?? "", about.module)) === about.code
      ? "current"
      : "stale";
  } catch {
    return "unknown";
  }
}

/**
 * Everything in a store.
 *
 * @param store its folder
 * @returns by experiment and digest; empty when there is no such folder
 * @throws Error from the file system when the folder cannot be read
 */
export function storedResults(store: string): StoredResult[] {
  return subfolders(store).flatMap((parent) =>
    subfolders(parent).map((folder): StoredResult => {
      const entry = new Entry(folder);
      const about = entry.about();
      const { trials, damaged } = entry.read();
      const files = fs.readdirSync(folder).map((name) => fs.statSync(path.join(folder, name)));
      return {
        experiment: path.basename(parent),
        digest: path.basename(folder),
        folder,
        trials: trials.size,
        damaged,
        bytes: files.reduce((sum, { size }) => sum + size, 0),
        changed: Math.max(0, ...files.map(({ mtimeMs }) => mtimeMs)),
        state: stateOf(about),
        about: about ?? null,
      };
    }),
  );
}

/** Removes files and folders that a killed process left unfinished more than an hour ago; how many. */
export function removeUnfinished(store: string): number {
  const before = Date.now() - 3_600_000;
  let removed = 0;
  const folders = [store, ...subfolders(store), ...subfolders(store).flatMap(subfolders)];
  for (const folder of folders) {
    if (!fs.existsSync(folder)) continue;
    for (const name of fs.readdirSync(folder)) {
      const file = path.join(folder, name);
      if (!unfinished.test(name) || fs.statSync(file).mtimeMs > before) continue;
      fs.rmSync(file, { recursive: true, force: true });
      removed++;
    }
  }
  return removed;
}
