// Sets up what is missing, then runs the test files, folder by folder, and adds up what they say.
//   npm test [-- PART-OF-A-NAME ...]     *.test.ts
//     --notebooks   *.live.ts instead: what starts kernels or a browser, and all notebooks (npm run test:notebooks)
//     --full        *.test.ts, *.live.ts and *.full.ts (npm run test:full)
//     --coverage    with c8
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { stripVTControlCharacters } from "node:util";
import { root, run, setup } from "./setup.mjs";

const kinds = (flags) => {
  if (flags.has("--full")) return [".test.ts", ".live.ts", ".full.ts"];
  return flags.has("--notebooks") ? [".live.ts"] : [".test.ts"];
};

function testFiles(folder, endings) {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Files that share a process: those of a folder, but for the ones that say `// alone: REASON`, and the long ones. */
function groupsOf(files) {
  const groups = new Map();
  for (const file of files) {
    const alone = !file.endsWith(".test.ts") || /^\/\/ alone: /m.test(fs.readFileSync(file, "utf8"));
    const key = alone ? file : path.dirname(file);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()].sort((a, b) => weight(b) - weight(a)); // the longest first, so that none is last
}

/** About how long a group takes: long files first, then as many bytes as it has. */
const weight = (files) =>
  files.reduce((sum, file) => sum + fs.statSync(file).size * (file.endsWith(".test.ts") ? 1 : 1000), 0);

/** The time after which a file counts as hanging, in minutes; the slowest takes two, and ten on a busy machine. */
const limitOf = (file) => (file.endsWith(".full.ts") ? 180 : 20);

/** What a file's output says: how many tests passed, were skipped, failed. */
function outcome(file, text, code, seconds) {
  const count = (label) =>
    [...text.matchAll(new RegExp(`^\\s*${label}:\\s+(\\d+)`, "gm"))].reduce(
      (sum, m) => sum + Number(m[1]),
      0,
    );
  const [total, passed, skipped] = [count("Total"), count("Passed"), count("Skipped")];
  let failed = total - passed - skipped;
  // A file that crashed, or that ran no test at all, is a failure even if no assertion says so.
  if (failed === 0 && (code !== 0 || total === 0)) failed = 1;
  return { file, passed, skipped, failed, text, code, seconds };
}

/** Runs files in one process; after a crash, those behind the crashed one in another. `tell` gets each file's outcome. */
async function runGroup(files, tell) {
  for (let left = files; left.length > 0;) left = left.slice(await runProcess(left, tell));
}

function runProcess(files, tell) {
  return new Promise((done) => {
    const child = spawn(process.execPath, ["--import", "tsx", "tests/process.cjs", ...files], {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: "0" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let told = 0;
    let since = Date.now();
    let hung = false;
    const watch = setInterval(() => {
      hung ||= Date.now() - since > limitOf(files[Math.min(told, files.length - 1)]) * 60_000;
      if (hung) child.kill("SIGKILL");
    }, 1000);
    const take = (data) => {
      output += data;
      for (let end; (end = /^\u0002 end (\d+) ([\d.]+)\n/m.exec(output));) {
        const text = stripVTControlCharacters(output.slice(0, end.index).replace(/^\u0002 begin .*\n/m, ""));
        tell(outcome(files[told++], text, Number(end[1]), Number(end[2])));
        output = output.slice(end.index + end[0].length);
        since = Date.now();
      }
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("exit", (_code, signal) => {
      clearInterval(watch);
      if (signal === "SIGKILL") for (const stream of [child.stdout, child.stderr]) stream.destroy(); // a child of its own may hold them open
    });
    child.on("close", (code, signal) => {
      if (told === files.length && code === 0) return done(told);
      // It ended within a file, or, all files done, was kept from ending by what one of them has left behind.
      const why = hung ? `still running after ${limitOf(files[0])} minutes` : `ended with ${code ?? signal}`;
      const file = files[Math.min(told, files.length - 1)];
      tell(
        outcome(
          file,
          `${stripVTControlCharacters(output)}\n${why}\n`,
          code ?? signal,
          (Date.now() - since) / 1000,
        ),
      );
      done(Math.min(told + 1, files.length));
    });
  });
}

const sum = { passed: 0, failed: 0, skipped: 0 };

function print({ file, passed, failed, skipped, seconds, text, code }) {
  sum.passed += passed;
  sum.failed += failed;
  sum.skipped += skipped;
  const name = path.relative(root, file);
  const also = skipped ? `, ${skipped} skipped` : "";
  const verdict = failed ? "FAIL" : "ok  ";
  console.log(`${verdict} ${name}: ${passed} passed, ${failed} failed${also} (${seconds.toFixed(1)} s)`);
  if (failed) console.log(text, `\n${name} ended with ${code}`);
  else for (const [, line] of text.matchAll(/^[•✘ ]*((?:skipped|note):.*)$/gm)) console.log(`     ${line}`);
}

await run(async (args) => {
  const flags = new Set(args.filter((a) => a.startsWith("--")));
  const parts = args.filter((a) => !a.startsWith("--"));
  const known = ["--full", "--notebooks", "--coverage"];
  for (const flag of flags)
    if (!known.includes(flag)) throw new Error(`unknown option ${flag}: ${known.join(", ")}`);
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
  const start = Date.now();
  const files = testFiles(path.join(root, "tests"), kinds(flags)).filter(
    (file) => parts.length === 0 || parts.some((part) => path.relative(root, file).includes(part)),
  );
  if (files.length === 0) throw new Error(`no test file has ${parts.join(" or ")} in its name`);

  const queue = groupsOf(files);
  const worker = async () => {
    for (let group = queue.shift(); group; group = queue.shift()) await runGroup(group, print);
  };
  await Promise.all(Array.from({ length: Math.min(2, os.availableParallelism()) }, worker));
  console.log(`${files.length} files in ${((Date.now() - start) / 1000).toFixed(0)} s`);
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  return sum.failed === 0 ? 0 : 1;
});
