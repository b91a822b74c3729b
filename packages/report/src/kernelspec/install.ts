import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { kernelCommandLine } from "../kernel/kernel-process";
import { packageFolder, packageVersion } from "../package-folder";

/** The folder of Jupyter's data for this user: JUPYTER_DATA_DIR, or the platform's. */
export function jupyterDataFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env.JUPYTER_DATA_DIR) return path.resolve(env.JUPYTER_DATA_DIR);
  const home = env.HOME || os.homedir();
  if (platform === "darwin") return path.join(home, "Library", "Jupyter");
  if (platform === "win32") return path.join(env.APPDATA || path.join(home, "AppData", "Roaming"), "jupyter");
  return path.join(env.XDG_DATA_HOME || path.join(home, ".local", "share"), "jupyter");
}

/**
 * The kernelspec: this repository's own tslab, run by this Node.
 * @param root the repository
 */
export function kernelSpec(root: string): object {
  packageFolder("tslab"); // throws when it is not installed
  return {
    // Real paths: a version manager's link to Node may last only as long as the shell.
    argv: kernelCommandLine("{connection_file}").map((word) =>
      path.isAbsolute(word) ? fs.realpathSync(word) : word,
    ),
    display_name: "TypeScript (tslab)",
    language: "typescript",
    interrupt_mode: "signal",
    metadata: { relu_lab: { root: fs.realpathSync(root), tslab: packageVersion("tslab") } },
  };
}

/** Writes `kernels/tslab/kernel.json` below a folder of Jupyter's data; returns the spec's folder. */
export function installKernelSpec(root: string, dataFolder: string): string {
  const folder = path.join(dataFolder, "kernels", "tslab");
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "kernel.json");
  fs.writeFileSync(`${file}.tmp`, `${JSON.stringify(kernelSpec(root), null, 2)}\n`);
  fs.renameSync(`${file}.tmp`, file);
  return folder;
}

/** Whether Jupyter is there, and whether it finds the kernel in `folder`. */
export function lookForJupyter(folder: string): "missing" | "finds it" | "does not find it" {
  const found = spawnSync("jupyter", ["kernelspec", "list", "--json"], { encoding: "utf8" });
  if (found.error || found.status !== 0) return "missing";
  try {
    const specs = (JSON.parse(found.stdout) as { kernelspecs: Record<string, { resource_dir: string }> })
      .kernelspecs;
    const there = specs.tslab?.resource_dir;
    return there && fs.realpathSync(there) === fs.realpathSync(folder) ? "finds it" : "does not find it";
  } catch {
    return "missing";
  }
}
