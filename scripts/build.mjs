// Compiles what has changed: TypeScript project references, incrementally.
import { spawnSync } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { root, run, setup } from "./setup.mjs";

/** Runs one of the installed command line tools; throws when it fails. */
function tool(script, args) {
  const result = spawnSync(process.execPath, [path.join(root, "node_modules", script), ...args], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (result.status !== 0) throw new Error(`${script} failed; see its lines above`);
}

/** Builds the packages (not the tests, which tsx runs from source). */
export function build() {
  tool("typescript/bin/tsc", ["--build", "packages/relu-lab", "packages/notebook", "packages/report"]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run(() => setup());
