// npm run results -- list | show DIGEST | prune: what the result store holds. See --help.
import { createRequire } from "node:module";
import path from "node:path";
import { root, run, setup } from "./setup.mjs";

await run(async (args) => {
  await setup();
  const require = createRequire(import.meta.url);
  const { resultsCommand } = require(path.join(root, "packages/relu-lab/dist/cli/results.js"));
  return resultsCommand(args);
});
