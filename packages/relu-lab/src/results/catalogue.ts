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

/** Entries are named by their digest; a folder of any other name in a store is somebody else's. */
const digest = /^[0-9a-f]{16}$/;

/** What stands in a folder; nothing when there is none, or no longer: other processes write and remove meanwhile. */
function contents(folder: string): { file: string; name: string; stat: fs.Stats }[] {
  let names: string[];
  try {
    names = fs.readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return names.flatMap((name) => {
    const file = path.join(folder, name);
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    return stat ? [{ file, name, stat }] : [];
  });
}

const subfolders = (folder: string) =>
  contents(folder)
    .filter(({ name, stat }) => stat.isDirectory() && !unfinished.test(name))
    .map(({ file }) => file);

const entries = (parent: string) => subfolders(parent).filter((folder) => digest.test(path.basename(folder)));

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
    entries(parent).map((folder): StoredResult => {
      const entry = new Entry(folder);
      const about = entry.about();
      const { trials, damaged } = entry.read();
      const files = contents(folder).map(({ stat }) => stat);
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
  const folders = [store, ...subfolders(store), ...subfolders(store).flatMap(entries)];
  for (const { file, name, stat } of folders.flatMap(contents)) {
    if (!unfinished.test(name) || stat.mtimeMs > before) continue;
    fs.rmSync(file, { recursive: true, force: true });
    removed++;
  }
  return removed;
}
