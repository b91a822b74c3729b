// npm run docs [-- --check]: the API documentation of all public packages from their docstrings, in report/api.
//   --check: writes nothing; ends with code 1 when an export has no docstring or a link leads nowhere
import { spawnSync } from "node:child_process";
import path from "node:path";
import { root, run, setup } from "./setup.mjs";

await run(async (args) => {
  await setup();
  const options = path.join(root, "scripts/docs.options.json");
  const words = ["--options", options, ...(args.includes("--check") ? ["--emit", "none"] : [])];
  const result = spawnSync(process.execPath, [path.join(root, "node_modules/typedoc/bin/typedoc"), ...words], { cwd: root, stdio: "inherit" });
  return result.status ?? 1;
});
