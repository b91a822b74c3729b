// `npm run report -- --save` and `npm run notebooks`, on notebooks made for the purpose.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { lintNotebook, notebooksCommand, parseNotebook, readNotebook, reportCommand } from "@relu-lab/report";
import { captured, notebookOf, repositoryWith } from "../fixtures";

const noisy = `
console.error("(node:" + process.pid + ") Warning: noise");
console.log("width", width, process.env.RELU_LAB_STEADY);
const { display } = require("tslab");
display.html("<b>" + width + "</b>");`;
const section = () =>
  notebookOf(["# One", { source: "const width = 10; // cm", tags: ["parameters"] }, noisy], {
    relu_lab: { profiles: { full: { width: 99 } } },
  });
const repository = () => repositoryWith({ "01-one": section(), "02-two": notebookOf(["# Two", "1 + 1"]) });
const report = (root: string, ...words: string[]) => captured(() => reportCommand(words, root));
const notebooks = (root: string, ...words: string[]) => captured(() => notebooksCommand(words, root));
const fileOf = (root: string, name = "01-one") => path.join(root, "notebooks", `${name}.ipynb`);
const edit = (file: string, from: string, to: string) =>
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace(from, to));

test("--save twice gives the same bytes: own sources, no counts, no warnings; a word on the profile", async () => {
  const root = repository();
  const before = readNotebook(fileOf(root));
  assert.is((await report(root, "1", "--save", "--profile", "full")).result, 0);
  const text = fs.readFileSync(fileOf(root), "utf8");
  const saved = parseNotebook(text, "saved");
  assert.equal(
    saved.cells.map((cell) => cell.source),
    before.cells.map((cell) => cell.source),
  );
  assert.equal(
    saved.cells.map((cell) => cell.execution_count ?? null),
    [null, null, null],
  );
  assert.equal(saved.cells[1].outputs, [
    {
      output_type: "stream",
      name: "stdout",
      text: 'The outputs in this file were made with the profile "full":\nwidth  number  99\n',
    },
  ]);
  assert.equal(saved.cells[2].outputs?.map((output) => (output.output_type === "stream" ? output.text : "data" in output && output.data)), [
    "width 99 1\n", { "text/html": "<b>99</b>" },
  ]); // prettier-ignore
  assert.is((await report(root, "1", "--save", "--profile", "full")).result, 0);
  assert.is(fs.readFileSync(fileOf(root), "utf8"), text);
  assert.equal(
    fs.readdirSync(path.join(root, "notebooks")).sort(),
    ["01-one.ipynb", "02-two.ipynb"],
    "something is left behind",
  );
});

test("--check tells fresh from stale, and why", async () => {
  const root = repository();
  await report(root, "1", "--save", "--profile", "full");
  const fresh = await notebooks(root, "--check", "1");
  assert.is(fresh.result, 0, fresh.text);
  assert.match(fresh.text, /^fresh {2}01-one\n0 of 1 notebooks have stale outputs/);
  const both = await notebooks(root, "--check");
  assert.is(both.result, 1);
  assert.match(
    both.text,
    /stale {2}02-two: it has no outputs\n1 of 2[^]*npm run report -- 02 --profile full --save/,
  );
  assert.match(
    (await notebooks(root, "--check", "1", "--profile", "quick")).text,
    'of the profile "full", not "quick"',
  );

  const saved = fs.readFileSync(fileOf(root), "utf8");
  for (const [from, to, reason] of [
    ["<b>99</b>", "<b>98</b>", "its outputs are no longer the saved ones"],
    ["# One", "# Uno", "its cells have been edited since"],
    ['"width": 99', '"width": 98', "its cells have been edited since"],
    ['"saved"', '"sawed"', "its outputs were not written by --save"],
    [/"code": "\w+"/.exec(saved)?.[0] ?? "", '"code": "0"', "the code that it runs has changed since"],
  ]) {
    edit(fileOf(root), from, to);
    const { result, text } = await notebooks(root, "--check", "1");
    assert.is(result, 1, to);
    assert.match(text, `stale  01-one: ${reason}\n`);
    fs.writeFileSync(fileOf(root), saved);
  }
});

test("--check and a run without --save leave every byte", async () => {
  const root = repository();
  const before = fs.readFileSync(fileOf(root), "utf8");
  await notebooks(root, "--check");
  await report(root, "1");
  assert.is(fs.readFileSync(fileOf(root), "utf8"), before);
});

test("a notebook that fails is not saved, nor with --set", async () => {
  const root = repositoryWith({ "01-bad": notebookOf(["# Bad", "1", 'throw new Error("no")']) });
  const before = fs.readFileSync(fileOf(root, "01-bad"), "utf8");
  assert.is((await report(root, "--save")).result, 1);
  assert.is(fs.readFileSync(fileOf(root, "01-bad"), "utf8"), before);
  const refused = await report(repository(), "1", "--save", "--set", "width=3");
  assert.is(refused.result, 2);
  assert.match(refused.text, "leave --set away");
});

test("saved outputs pass the lint, touched ones do not; --clear takes them away", async () => {
  const root = repository();
  const before = fs.readFileSync(fileOf(root), "utf8");
  await report(root, "1", "--save");
  const rules = () => lintNotebook(fs.readFileSync(fileOf(root), "utf8"), "x").map(({ rule }) => rule);
  assert.not.ok(rules().includes("outputs"), "saved outputs are refused");
  edit(fileOf(root), "<b>10</b>", "<b>11</b>");
  assert.ok(rules().includes("outputs"), "touched outputs pass");
  assert.is((await notebooks(root, "--clear", "1")).result, 0);
  assert.is(fs.readFileSync(fileOf(root), "utf8"), before);
});

test("a page is made from the run, not from what was saved", async () => {
  const root = repository();
  await report(root, "1", "--save", "--profile", "full");
  await report(root, "1");
  const executed = readNotebook(path.join(root, "report", "01-one.ipynb"));
  assert.not.match(JSON.stringify(executed), "The outputs in this file");
  assert.is((executed.metadata.relu_lab as { saved?: unknown }).saved, undefined);
});

for (const [what, words, expected] of [
  ["neither", [], /one of --check, --clear and --new/],
  ["both", ["--check", "--clear"], /one of --check, --clear and --new/],
  ["an unknown section", ["--check", "9"], /no section is called "9"/],
  ["an unknown option", ["--chekc"], /--chekc/],
] as const) {
  test(`npm run notebooks with ${what} is refused with code 2`, async () => {
    const { result, text } = await notebooks(repository(), ...words);
    assert.is(result, 2);
    assert.match(text, expected);
  });
}

test.run();
