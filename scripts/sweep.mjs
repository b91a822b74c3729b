// npm run sweep -- EXPERIMENT [--shard 3/64]: an experiment's trials, all or one part of them. See --help.
// --built skips the setup: a hundred jobs of a cluster must not all install and build in the one checkout they share.
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { root, run, setup } from "./setup.mjs";

await run(async (args) => {
  const built = args.includes("--built");
  if (!built) await setup();
  const require = createRequire(import.meta.url);
  const { sweepCommand } = require(path.join(root, "packages/relu-lab/dist/cli/sweep.js"));
  const controller = new AbortController();
  let code = null;
  for (const [name, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ]) {
    process.once(name, () => {
      code = 128 + number;
      controller.abort(new Error(`stopped by ${name}`));
    });
  }
  const ended = await sweepCommand(
    args.filter((arg) => arg !== "--built"),
    (line) => process.stdout.write(`${line}\n`),
    (line) => process.stderr.write(`${line}\n`),
    controller.signal,
  );
  return code ?? ended;
});
