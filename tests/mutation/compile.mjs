// Stryker's build command, run in its sandbox: every source and test to CommonJS, once to count what each test reaches
// (compiled/cover) and once to run mutants (compiled/mutate). Stryker's own helpers become two reads of shared memory:
// as cheap as can be in hot loops, and the same for worker threads.
import * as fs from "node:fs";
import path from "node:path";
import { transformSync } from "esbuild";

const MUTANT = /stryMutAct_9fa48\("(\d+)"\)/g;
const COVER = /stryCov_9fa48\(((?:"\d+"(?:, )?)+)\)/g;

const variants = {
  cover: (code) =>
    code
      .replace(MUTANT, "false")
      .replace(COVER, (_, ids) => `(${ids.replace(/"(\d+)"/g, "strykerHits[$1]++")})`),
  mutate: (code) => code.replace(MUTANT, "(strykerActive[0] === $1 && strykerHit())").replace(COVER, "0"),
};

const mutantsOf = {}; // by source file
for (const folder of ["packages/relu-lab/src", "tests"]) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || !file.endsWith(".ts")) continue;
    const { code } = transformSync(fs.readFileSync(file, "utf8"), {
      loader: "ts",
      format: "cjs",
      target: "node20",
      platform: "node",
      sourcefile: file,
      supported: { "dynamic-import": false }, // as `require`, so that relative names need no extension
    });
    const ids = [...code.matchAll(MUTANT)].map(([, id]) => Number(id));
    if (ids.length > 0) mutantsOf[file] = ids;
    for (const [variant, change] of Object.entries(variants)) {
      const output = path.join("compiled", variant, file.replace(/\.ts$/, ".js"));
      fs.mkdirSync(path.dirname(output), { recursive: true });
      fs.writeFileSync(output, change(code));
    }
  }
}
for (const variant of Object.keys(variants))
  fs.cpSync("tests/fixtures", path.join("compiled", variant, "tests/fixtures"), { recursive: true });
fs.writeFileSync("compiled/mutants.json", JSON.stringify(mutantsOf));
