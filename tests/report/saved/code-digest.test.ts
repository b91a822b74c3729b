import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { codeDigest, notebookImports, reached } from "../../../packages/report/src/saved/code-digest";
import { notebookOf, temporaryFolder } from "../fixtures";

const tsc = (body: string) =>
  `"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n${body}`;
const passOn = (name: string, from: string) =>
  `Object.defineProperty(exports, "${name}", { enumerable: true, get: function () { return ${from}.${name}; } });`;

/** A checkout with a package `lab` as tsc compiles it, and what is written over it. */
function checkout(over: Record<string, string> = {}): string {
  const root = temporaryFolder();
  const files: Record<string, string> = {
    "packages/lab/package.json": '{ "name": "lab", "version": "1.0.0", "main": "dist/index.js" }',
    "packages/lab/dist/index.js": tsc(
      'exports.experiments = exports.random = void 0;\nexports.experiments = __importStar(require("./experiments"));\nexports.random = __importStar(require("./random"));',
    ),
    "packages/lab/dist/experiments/index.js": tsc(
      `exports.learn = void 0;\n__exportStar(require("./fold"), exports);\nvar learn_1 = require("./learn");\n${passOn("learn", "learn_1")}`,
    ),
    "packages/lab/dist/experiments/fold.js": tsc(
      'exports.fold = fold;\nfunction fold() { return require("dep"); }',
    ),
    "packages/lab/dist/experiments/learn.js": tsc(
      'exports.learn = learn;\nconst random_1 = require("../random");\nconst path = require("path");\nfunction learn() { return (0, random_1.normal)() + path.join(__dirname, "worker.js"); }',
    ),
    "packages/lab/dist/experiments/worker.js": tsc("exports.work = 1;"),
    "packages/lab/dist/random/index.js": tsc(
      `exports.uniform = exports.normal = void 0;\nvar normal_1 = require("./normal");\n${passOn("normal", "normal_1")}\nvar uniform_1 = require("./uniform");\n${passOn("uniform", "uniform_1")}`,
    ),
    "packages/lab/dist/random/normal.js": tsc("exports.normal = normal;\nfunction normal() { return 0; }"),
    "packages/lab/dist/random/uniform.js": tsc(
      "exports.uniform = uniform;\nfunction uniform() { return 0; }",
    ),
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
const reach = (notebook: Parameters<typeof reached>[0], root = checkout()) => {
  const { files, packages } = reached(notebook, path.join(root, "notebooks"));
  const dist = path.join(fs.realpathSync(root), "packages/lab/dist");
  return {
    files: [...files].map((file) => path.relative(dist, file)).sort(),
    packages: [...packages].sort(),
  };
};
const digest = (notebook: Parameters<typeof codeDigest>[0], over: Record<string, string> = {}) =>
  codeDigest(notebook, path.join(checkout(over), "notebooks"));

test("what a notebook uses is seen through the indexes, workers included", () => {
  assert.equal(reach(learns).files, ["experiments/learn.js", "experiments/worker.js", "random/normal.js"]);
  const { files, packages } = reach(folds);
  assert.equal(files, ["experiments/fold.js"]);
  assert.equal(
    packages.filter((name) => !name.startsWith("tslab")),
    ["dep@2.0.0"],
  );
});

test("what is not told apart counts as a whole", () => {
  const all = [
    "experiments/fold.js",
    "experiments/index.js",
    "experiments/learn.js",
    "experiments/worker.js",
    "random/normal.js",
  ];
  assert.equal(
    reach(notebookOf(["# A", 'import { experiments } from "lab";\nconst all = experiments;'])).files,
    all,
  );
  assert.equal(
    reach(notebookOf(["# A", 'import { experiments } from "lab";\nexperiments.absent;'])).files,
    all,
  );
  assert.ok(reach(notebookOf(["# A", 'const lab = require("lab");'])).files.includes("random/uniform.js"));
  assert.ok(
    reach(notebookOf(["# A", 'import * as lab from "lab";\nlab.random.normal();'])).files.length === 1,
  );
});

test("the digest changes with the code that runs, with a version and with nothing else", () => {
  const normal = "packages/lab/dist/random/normal.js";
  const before = digest(learns);
  assert.is(digest(learns), before, "it depends on where the checkout stands");
  assert.is(
    digest(learns, {
      [normal]: tsc(
        "// reworded\nexports.normal = normal;\n/** all of it */\nfunction normal() { return 0; }",
      ),
    }),
    before,
  );
  assert.is.not(
    digest(learns, { [normal]: tsc("exports.normal = normal;\nfunction normal() { return 1; }") }),
    before,
  );
  assert.is.not(
    digest(learns, { "packages/lab/dist/experiments/worker.js": tsc("exports.work = 2;") }),
    before,
  );
  assert.is(digest(learns, { "packages/lab/dist/experiments/fold.js": tsc("exports.fold = 3;") }), before);
  assert.is(digest(learns, { "packages/lab/dist/random/uniform.js": tsc("exports.uniform = 3;") }), before);
  const newer = { "node_modules/dep/package.json": '{ "name": "dep", "version": "2.0.1" }' };
  assert.is.not(digest(folds, newer), digest(folds));
  assert.is(digest(learns, newer), before);
});

test("imports: names, members, aliases; a shadow and a property of that name are no harm", () => {
  const cells = [
    "# I",
    'import { a, b as c, type D } from "lab";',
    "a.x.y(c.z); const q = { a: 1 }; q.a; ({ c }).c;",
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
