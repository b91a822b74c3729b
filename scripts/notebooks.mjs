// npm run notebooks -- --check: which of the outputs that are committed in notebooks/ are stale.
import { createRequire } from "node:module";
import path from "node:path";
import { root, run, setup } from "./setup.mjs";

await run(async (args) => {
  await setup();
  const require = createRequire(import.meta.url);
  const { notebooksCommand } = require(path.join(root, "packages/report/dist/index.js"));
  return notebooksCommand(args, root);
});
