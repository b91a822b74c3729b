import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";

/** The checkout this code runs from, or undefined when it is installed as a package elsewhere. */
export function repositoryRoot(): string | undefined {
  const root = path.resolve(__dirname, "../../../..");
  try {
    const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as {
      name?: string;
    };
    return manifest.name === "relu-lab-workspace" ? root : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Where downloads are kept: `RELU_LAB_CACHE`, else data/cache of the checkout, else the system's cache folder.
 *
 * @returns an absolute path; the folder need not exist yet
 */
export function cacheFolder(): string {
  const given = process.env.RELU_LAB_CACHE;
  if (given) return path.resolve(given);
  const root = repositoryRoot();
  if (root) return path.join(root, "data", "cache");
  if (process.platform === "win32" && process.env.LOCALAPPDATA) {
    return path.join(process.env.LOCALAPPDATA, "relu-lab", "cache");
  }
  if (process.platform === "darwin") return path.join(os.homedir(), "Library", "Caches", "relu-lab");
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "relu-lab");
}
