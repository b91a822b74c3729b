import os from "node:os";
import path from "node:path";
import process from "node:process";
import { cacheFolder, repositoryRoot } from "../datasets/cache-folder";

/**
 * Where results are kept: `RELU_LAB_RESULTS`, else data/results of the checkout, else beside the system's cache.
 *
 * @returns an absolute path; the folder need not exist yet
 */
export function resultsFolder(): string {
  const given = process.env.RELU_LAB_RESULTS;
  if (given) return path.resolve(given);
  const root = repositoryRoot();
  return root ? path.join(root, "data", "results") : path.join(path.dirname(cacheFolder()), "results");
}

/** A path as a reader wants it: relative where it lies below the working folder, the checkout or the home. */
export function shortPath(file: string): string {
  for (const [base, name] of [
    [process.cwd(), ""],
    [repositoryRoot(), ""],
    [os.homedir(), "~"],
  ]) {
    if (base && file.startsWith(base + path.sep)) return path.join(name as string, path.relative(base, file));
  }
  return file;
}
