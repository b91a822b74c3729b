import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { runningCode } from "relu-lab/files";
import { temporaryFolder } from "../../report/fixtures";

function project(files: Record<string, string>): string {
  const root = fs.realpathSync(temporaryFolder());
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  return root;
}

const base = {
  "main.js": 'const lab = require("lab"); require("optional"); exports.run = () => lab.count("worker.js");',
  "worker.js": 'require("./task").work();',
  "task.js": "exports.work = () => 1;",
  "lonely.js": "exports.nobody = 1;",
  "linked/package.json": '{ "name": "lab", "version": "1.0.0", "main": "lab.js" }',
  "linked/lab.js": 'const { plus } = require("dep"); exports.count = (x) => plus(x);',
  "linked/node_modules/dep/package.json": '{ "name": "dep", "version": "2.0.0" }',
  "linked/node_modules/dep/index.js": "exports.plus = (x) => x + 1;",
};
function codeOf(over: Record<string, string> = {}) {
  const root = project({ ...base, ...over });
  fs.mkdirSync(path.join(root, "node_modules"));
  fs.symlinkSync(path.join(root, "linked"), path.join(root, "node_modules/lab"));
  const { digest, files, packages } = runningCode({ file: path.join(root, "main.js") });
  return { digest, packages, files: files.map((file) => path.relative(root, file)) };
}

test("requires, workers and linked packages are followed; installed packages are named where they are required", () => {
  const { files, packages } = codeOf();
  assert.equal(files, ["linked/lab.js", "main.js", "task.js", "worker.js"]);
  assert.equal(packages, ["dep@2.0.0"]);
});

test("a digest is of what runs: not of words, of other files or of the place", () => {
  const { digest } = codeOf();
  const same: Record<string, string>[] = [
    {},
    { "lonely.js": "exports.nobody = 2;" },
    { "task.js": "// what is to be done\nexports.work   = () =>\n  1;\n" },
  ];
  for (const over of same) assert.is(codeOf(over).digest, digest, JSON.stringify(over));
  const different: Record<string, string>[] = [
    { "task.js": "exports.work = () => 2;" },
    { "linked/lab.js": 'exports.count = require("dep").plus;' },
    { "linked/node_modules/dep/package.json": '{ "name": "dep", "version": "2.0.1" }' },
  ];
  for (const over of different) assert.is.not(codeOf(over).digest, digest, JSON.stringify(over));
});

test("of modules without side effects only what is used counts, also behind an import on demand", () => {
  const digest = (unused: string) => {
    const folder = project({
      "package.json": '{ "sideEffects": false }',
      "index.ts": 'export { a } from "./a";\nexport const later = async () => (await import("./b.js")).b;',
      "a.ts": `export const a = 1;\nexport function c(): number { return ${unused}; }`,
      "b.ts": `export const b = ${unused};`,
    });
    return runningCode({ text: 'import * as m from "./index"; use(m.a);', folder }).digest;
  };
  assert.is(digest("1"), digest("2"));
});

test("what cannot be read is told", () => {
  assert.throws(() => runningCode({ file: path.join(temporaryFolder(), "absent.js") }), /ENOENT/);
});

test.run();
