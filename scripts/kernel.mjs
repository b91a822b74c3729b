// npm run kernel [-- --user | --prefix DIR]: installs the tslab kernel of this repository for Jupyter.
import { createRequire } from "node:module";
import path from "node:path";
import { root, run, setup } from "./setup.mjs";

await run(async (args) => {
  await setup();
  const require = createRequire(import.meta.url);
  const { kernelCommand } = require(path.join(root, "packages/report/dist/index.js"));
  return kernelCommand(args, root);
});
