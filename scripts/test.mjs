// Sets up what is missing, then runs every test file in a process of its own and adds up what they say.
//   npm test [-- PART-OF-A-NAME ...]     --full: also *.full.ts     --coverage: with c8
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { stripVTControlCharacters } from "node:util";
import { root, run, setup } from "./setup.mjs";

function testFiles(folder, full) {
  const found = [];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && (entry.name.endsWith(".test.ts") || (full && entry.name.endsWith(".full.ts")))) {
      found.push(path.join(entry.parentPath ?? entry.path, entry.name));
    }
  }
  return found.sort();
}

/** The time after which a file counts as hanging, in minutes; the slowest takes one, and ten on a busy machine. */
const limitOf = (file) => (file.endsWith(".full.ts") ? 180 : 20);

function runFile(file) {
  return new Promise((done) => {
    const start = Date.now();
    const child = spawn(process.execPath, ["--import", "tsx", file], {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: "0" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: limitOf(file) * 60_000,
      killSignal: "SIGKILL",
    });
    let output = "";
    child.on("exit", (_code, signal) => {
      if (signal !== "SIGKILL") return;
      output += `\nkilled, or still running after ${limitOf(file)} minutes\n`;
      for (const stream of [child.stdout, child.stderr]) stream.destroy(); // a child of its own may hold them open
    });
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    child.on("close", (code, signal) => {
      const text = stripVTControlCharacters(output);
      const count = (label) =>
        [...text.matchAll(new RegExp(`^\\s*${label}:\\s+(\\d+)`, "gm"))].reduce(
          (sum, m) => sum + Number(m[1]),
          0,
        );
      const [total, passed, skipped] = [count("Total"), count("Passed"), count("Skipped")];
      let failed = total - passed - skipped;
      // A file that crashed, or that ran no test at all, is a failure even if no assertion says so.
      if (failed === 0 && (code !== 0 || total === 0)) failed = 1;
      done({ passed, skipped, failed, text, code: code ?? signal, seconds: (Date.now() - start) / 1000 });
    });
  });
}

await run(async (args) => {
  const flags = new Set(args.filter((a) => a.startsWith("--")));
  const parts = args.filter((a) => !a.startsWith("--"));
  for (const flag of flags) {
    if (!["--full", "--coverage"].includes(flag))
      throw new Error(`unknown option ${flag}: --full or --coverage`);
  }
  await setup();
  if (flags.has("--coverage")) {
    const c8 = path.join(root, "node_modules/c8/bin/c8.js");
    const rest = [path.join(root, "scripts/test.mjs"), ...args.filter((a) => a !== "--coverage")];
    const child = spawn(process.execPath, [c8, "--all", "--src", "packages", process.execPath, ...rest], {
      cwd: root,
      stdio: "inherit",
    });
    return new Promise((done) => child.on("close", (code) => done(code ?? 1)));
  }
  let files = testFiles(path.join(root, "tests"), flags.has("--full"));
  if (parts.length > 0)
    files = files.filter((file) => parts.some((part) => path.relative(root, file).includes(part)));
  if (files.length === 0) throw new Error(`no test file has ${parts.join(" or ")} in its name`);

  const sum = { passed: 0, failed: 0, skipped: 0 };
  const queue = [...files];
  const worker = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const result = await runFile(file);
      for (const key of Object.keys(sum)) sum[key] += result[key];
      const name = path.relative(root, file);
      const verdict = result.failed ? "FAIL" : "ok";
      console.log(
        `${verdict.padEnd(4)} ${name}: ${result.passed} passed, ${result.failed} failed` +
          `${result.skipped ? `, ${result.skipped} skipped` : ""} (${result.seconds.toFixed(1)} s)`,
      );
      if (result.failed) console.log(result.text, `\n${name} ended with ${result.code}`);
      else
        for (const [, line] of result.text.matchAll(/^[•✘ ]*((?:skipped|note):.*)$/gm))
          console.log(`     ${line}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, os.availableParallelism()) }, worker));
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  return sum.failed === 0 ? 0 : 1;
});
