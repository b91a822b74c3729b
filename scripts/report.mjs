// npm run report [-- SECTION ...]: sets up what is missing, then runs the notebooks and writes the site. A report of all
// sections into the usual folder has the API documentation beside it, made anew when a package has changed (some seconds).
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { root, run, setup } from "./setup.mjs";

await run(async (args) => {
  await setup();
  if (args.length === 0) await (await import("./docs.mjs")).freshDocs(path.join(root, "report"));
  const require = createRequire(import.meta.url);
  const { reportCommand } = require(path.join(root, "packages/report/dist/index.js"));
  return reportCommand(args, root, [process.execPath, fileURLToPath(import.meta.url)]);
});
