import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { codeDigest, notebookCode } from "../../../packages/report/src/saved/code-digest";
import { notebookImports } from "../../../packages/report/src/saved/notebook-imports";
import { notebookOf, temporaryFolder } from "../fixtures";

/** A checkout with a package `lab`, its sources beside what the kernel would load, and what is written over it. */
function checkout(over: Record<string, string> = {}): string {
  const root = temporaryFolder();
  const files: Record<string, string> = {
    "packages/lab/package.json":
      '{ "name": "lab", "version": "1.0.0", "main": "dist/index.js", "sideEffects": false }',
    "packages/lab/dist/index.js": "",
    "packages/lab/src/index.ts":
      'export * as experiments from "./experiments";\nexport * as random from "./random";',
    "packages/lab/src/experiments/index.ts": 'export * from "./fold";\nexport { learn } from "./learn";',
    "packages/lab/src/experiments/fold.ts": 'export function fold(): unknown { return require("dep"); }',
    "packages/lab/src/experiments/learn.ts":
      'import path from "node:path";\nimport { normal } from "../random";\nexport function learn(): string { return normal() + path.join(__dirname, "worker.js"); }',
    "packages/lab/src/experiments/worker.ts": "export const work = 1;",
    "packages/lab/src/random/index.ts":
      'export { normal } from "./normal";\nexport { uniform } from "./uniform";',
    "packages/lab/src/random/normal.ts": "export function normal(): number { return 0; }",
    "packages/lab/src/random/uniform.ts": "export function uniform(): number { return 0; }",
    "node_modules/dep/package.json": '{ "name": "dep", "version": "2.0.0" }',
    "node_modules/dep/index.js": "exports.x = 1;",
    ...over,
  };
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  fs.mkdirSync(path.join(root, "notebooks"));
  fs.symlinkSync(path.join(root, "packages/lab"), path.join(root, "node_modules/lab"));
  return root;
}

const learns = notebookOf(["# L", 'import { experiments } from "lab";', "experiments.learn();"]);
const folds = notebookOf(["# F", 'import { experiments as e } from "lab";\ne.fold();']);
const reach = (notebook: Parameters<typeof notebookCode>[0], root = checkout()) => {
  const { files, packages } = notebookCode(notebook, path.join(root, "notebooks"));
  const src = path.join(fs.realpathSync(root), "packages/lab/src");
  return {
    files: [...files].map((file) => path.relative(src, file)).sort(),
    packages: [...packages].sort(),
  };
};
const digest = (notebook: Parameters<typeof codeDigest>[0], over: Record<string, string> = {}) =>
  codeDigest(notebook, path.join(checkout(over), "notebooks"));

test("what a notebook uses is seen through the indexes, workers included", () => {
  assert.equal(reach(learns).files, ["experiments/learn.ts", "experiments/worker.ts", "random/normal.ts"]);
  const { files, packages } = reach(folds);
  assert.equal(files, ["experiments/fold.ts"]);
  assert.equal(
    packages.filter((name) => !name.startsWith("tslab")),
    ["dep@2.0.0"],
  );
});

test("what is not told apart counts as a whole", () => {
  const all = [
    "experiments/fold.ts",
    "experiments/index.ts",
    "experiments/learn.ts",
    "experiments/worker.ts",
    "random/normal.ts",
  ];
  assert.equal(
    reach(notebookOf(["# A", 'import { experiments } from "lab";\nconst all = experiments;'])).files,
    all,
  );
  assert.ok(reach(notebookOf(["# A", 'const lab = require("lab");'])).files.includes("random/uniform.ts"));
  assert.ok(
    reach(notebookOf(["# A", 'import * as lab from "lab";\nlab.random.normal();'])).files.length === 1,
  );
});

test("the digest changes with the code that runs, with a version and with nothing else", () => {
  const normal = "packages/lab/src/random/normal.ts";
  const before = digest(learns);
  assert.is(digest(learns), before, "it depends on where the checkout stands");
  const reworded = "// reworded\n/** all of it */\nexport function normal(): number {\n  return 0;\n}\n";
  assert.is(digest(learns, { [normal]: reworded }), before);
  assert.is.not(digest(learns, { [normal]: "export function normal(): number { return 1; }" }), before);
  const worker = "packages/lab/src/experiments/worker.ts";
  assert.is.not(digest(learns, { [worker]: "export const work = 2;" }), before);
  const besides = {
    "packages/lab/src/experiments/fold.ts": "export const fold = 3;",
    "packages/lab/src/random/uniform.ts": "export const uniform = 3;",
  };
  for (const [file, text] of Object.entries(besides))
    assert.is(digest(learns, { [file]: text }), before, file);
  const newer = { "node_modules/dep/package.json": '{ "name": "dep", "version": "2.0.1" }' };
  assert.is.not(digest(folds, newer), digest(folds));
  assert.is(digest(learns, newer), before);
});

test("imports: names, members, aliases; a shadow and a property of that name are no harm", () => {
  const cells = [
    "# I",
    'import { a, b as c, type D } from "lab";',
    "a.x.y(c.z); const q = { a: 1 }; q.a; ({ c }).c; let r: c.D;",
  ];
  assert.equal(
    [...notebookImports(notebookOf(cells))].map(([name, wanted]) => [
      name,
      [...(wanted as Map<string, unknown>).keys()],
    ]),
    [["lab", ["a", "b"]]],
  );
});

test.run();
