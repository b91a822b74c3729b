import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { formatNotebook, lintNotebook } from "@relu-lab/report";
import { notebookOf, type Source } from "../fixtures";

const parameters = { source: "const seed = 1;", tags: ["parameters"] };
const good: Source[] = [
  "# Title",
  parameters,
  'const rows = [seed]; import { claims } from "x";',
  "claims([]);",
];
const lint = (cells: Source[], metadata = {}) =>
  lintNotebook(formatNotebook(notebookOf(cells, metadata)), "x.ipynb");
const rules = (cells: Source[], metadata = {}) => lint(cells, metadata).map((problem) => problem.rule);

test("a good notebook has no problem", () => assert.equal(lint(good), []));

test("the shorthand of an earlier cell's variable is found, by cell and line", () => {
  const [problem, ...more] = lint([...good, "const x = 1;\nconst spec = {\n  rows,\n};"]);
  assert.equal([problem.rule, problem.cell, problem.line, more.length], ["shorthand", 5, 3, 0]);
});

test("a shorthand of the cell's own or of an inner variable is none", () => {
  assert.equal(rules([...good, "const own = 1; const a = { own };"]), []);
  assert.equal(rules([...good, "const f = ({ rows }) => ({ rows });"]), []);
  assert.equal(rules([...good, "for (const rows of []) console.log({ rows });"]), []);
});

test("top-level for await is found, inside of a function it is none", () => {
  assert.equal(rules([...good, "for await (const x of []) console.log(x);"]), ["for-await"]);
  assert.equal(rules([...good, "async function f() { for await (const x of []) console.log(x); }"]), []);
});

test("export is found", () => {
  assert.equal(rules([...good, "export const a = 1;"]), ["export"]);
  assert.equal(rules([...good, "export default 1;"]), ["export"]);
});

test("a parameters cell and a claims cell are wanted", () => {
  assert.equal(rules(["# Title", "claims([]);"]), ["parameters"]);
  assert.equal(rules(["# Title", parameters]), ["claims"]);
  assert.equal(rules([...good, parameters]), ["parameters"]);
  assert.equal(rules(good, { relu_lab: { profiles: { full: { sead: 2 } } } }), ["parameters"]);
});

test("syntax errors, a missing title and another kernel are found", () => {
  assert.ok(rules([...good, "const = 1;"]).includes("syntax"));
  assert.equal(rules(good.slice(1)), ["title"]);
  assert.equal(rules(good, { kernelspec: { name: "python3" } }), ["kernel"]);
});

test("stored outputs, missing and repeated ids are found", () => {
  const notebook = notebookOf(good);
  notebook.cells[2].outputs = [{ output_type: "stream", name: "stdout", text: "1" }];
  notebook.cells[3].id = "c3";
  const raw = JSON.parse(formatNotebook(notebook));
  delete raw.cells[0].id;
  const found = lintNotebook(JSON.stringify(raw), "x.ipynb").map(({ rule, cell }) => [rule, cell]);
  assert.equal(found, [
    ["cell-id", 1],
    ["outputs", 3],
    ["cell-id", 4],
  ]);
});

test("the notebooks of this repository are clean", () => {
  const folder = path.join(__dirname, "../../../notebooks");
  const files = fs.readdirSync(folder).filter((file) => file.endsWith(".ipynb"));
  for (const file of files)
    assert.equal(lintNotebook(fs.readFileSync(path.join(folder, file), "utf8"), file), [], file);
});

test.run();
