// npm run test:mutants [-- FOLDER ...]: changes the sources of regions, network, sawtooth and losses one place at a time, and
// says which changes no test notices. See tests/README.md.
import { spawn } from "node:child_process";
import process from "node:process";
import { root, run, setup } from "./setup.mjs";

await run(async (args) => {
  await setup();
  const child = spawn(process.execPath, ["--import", "tsx", "tests/mutation/run.ts", ...args], {
    cwd: root,
    stdio: "inherit",
  });
  return new Promise((done) => child.on("close", (code) => done(code ?? 1)));
});
