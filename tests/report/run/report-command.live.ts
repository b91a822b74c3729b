import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { reportCommand } from "@relu-lab/report";
import { captured, notebookOf, repositoryWith } from "../fixtures";

const claim = (id: string, measured: string) => `
require("tslab").display.raw("application/vnd.relu-lab.claims+json", {
  claims: [{ id: "${id}", statement: "it is so", source: "somebody", expected: 10, measured: ${measured}, spread: null,
    trials: 1, rule: "equal", verdict: (${measured} as number) === 10 ? "reproduced" : "not reproduced" }],
  provenance: { seed: 1, data: "none", backend: "none", versions: { lab: "1" } },
} as any);`;
const first = notebookOf(
  ["# One\n\nAbout one.", { source: "const depth = 10;", tags: ["parameters"] }, claim("one/depth", "depth")],
  { relu_lab: { profiles: { full: { depth: 12 } } } },
);
const second = notebookOf([
  "# Two",
  { source: "const width = 10;", tags: ["parameters"] },
  claim("two/width", "width"),
]);
const broken = notebookOf(["# Broken", "1", "2", 'throw new Error("deliberate")']);

const root = repositoryWith({ "01-one": first, "02-two": second });
const report = (...words: string[]) => captured(() => reportCommand(words, root));
const read = (name: string) => fs.readFileSync(path.join(root, "report", name), "utf8");
const measured = () =>
  JSON.parse(read("claims.json")).map((c: Record<string, unknown>) => [
    c.id,
    c.measured,
    c.verdict,
    c.profile,
  ]);

test("all sections: pages, executed notebooks, the first page and the claims", async () => {
  const { result, text } = await report();
  assert.is(result, 0, text);
  assert.match(text, "2 of 2 notebooks passed");
  assert.match(text, /\d:\d\d 01-one: cell 1 of 2, One/);
  assert.equal(fs.readdirSync(path.join(root, "report")).sort(), [
    "01-one.html", "01-one.ipynb", "02-two.html", "02-two.ipynb", "claims.json", "index.html",
  ]); // prettier-ignore
  assert.equal(measured(), [
    ["one/depth", 10, "reproduced", "quick"],
    ["two/width", 10, "reproduced", "quick"],
  ]);
  const [record] = JSON.parse(read("claims.json"));
  assert.equal(
    [
      record.notebook,
      record.title,
      record.seed,
      record.data,
      record.backend,
      record.versions.lab,
      record.anchor,
    ],
    ["01-one", "One", 1, "none", "none", "1", "01-one.html#claim-one-depth"],
  );
  assert.match(record.versions.tslab, /^1\./);
  assert.match(read("01-one.html"), 'id="claim-one-depth"');
  assert.match(read("index.html"), 'href="01-one.html#claim-one-depth"');
});

test("one section with an override: its page shows the value, the other section stays", async () => {
  const before = read("02-two.ipynb");
  const { result } = await report("1", "--set", "depth=11");
  assert.is(result, 0);
  assert.equal(measured(), [
    ["one/depth", 11, "not reproduced", "quick"],
    ["two/width", 10, "reproduced", "quick"],
  ]);
  assert.match(read("01-one.ipynb"), "const depth = 11;");
  assert.match(read("01-one.html"), /depth = <span[^>]*>11<\/span>/);
  assert.is(read("02-two.ipynb"), before);
});

test("a profile's values are used, and --set wins over them", async () => {
  await report("one", "--profile", "full");
  assert.equal(measured()[0], ["one/depth", 12, "not reproduced", "full"]);
  await report("one", "--profile", "full", "--set", "depth=10");
  assert.equal(measured()[0], ["one/depth", 10, "reproduced", "full"]);
});

for (const [what, words, expected] of [
  ["an unknown parameter", ["1", "--set", "height=3"], /no parameter "height"[^]*depth +number +10/],
  [
    "an unknown parameter of all",
    ["--set", "height=3"],
    /01-one has no parameter[^]*02-two has no parameter/,
  ],
  ["a wrong type", ["1", "--set", "depth=deep"], /"depth" is a number[^]*depth +number +10/],
  ["an unknown section", ["99"], /no section is called "99"[^]*01-one/],
  ["an unknown option", ["--quick"], /--quick/],
  ["an unknown profile", ["--profile", "fast"], /no profile "fast"[^]*quick, full/],
  ["no assignment", ["--set", "depth"], /KEY=VALUE/],
  ["a wrong number of jobs", ["--jobs", "0"], /--jobs/],
] as const) {
  test(`${what} is refused with code 2, and nothing is touched`, async () => {
    const before = read("01-one.ipynb");
    const { result, text } = await report(...words);
    assert.is(result, 2);
    assert.match(text, expected);
    assert.is(read("01-one.ipynb"), before);
  });
}

test("--list tells sections, states and parameters", async () => {
  const { result, text } = await report("--list");
  assert.is(result, 0);
  assert.match(text, /01-one {2}One\n {2}passed, full[^]*profiles: full[^]*depth +number +10/);
});

test("--help explains every option", async () => {
  const { text } = await report("--help");
  for (const option of ["--set", "--profile", "--list", "--out", "--jobs", "--cell-timeout", "SECTION"]) {
    assert.match(text, option);
  }
});

test("an edited notebook's page is marked as older", async () => {
  const file = path.join(root, "notebooks", "02-two.ipynb");
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("# Two", "# Two, edited"));
  await report("1");
  assert.match(read("02-two.html"), "has been edited since");
  assert.match(read("index.html"), "edited since");
});

test("a failing notebook is told with cell, source and trace; the others run; the code is 1", async () => {
  const other = repositoryWith({ "01-broken": broken, "02-two": second });
  const { result, text } = await captured(() => reportCommand(["--jobs", "1"], other));
  assert.is(result, 1);
  assert.match(text, /01-broken: error in cell 4 \(c4\) of .*01-broken\.ipynb/);
  assert.match(text, '  | throw new Error("deliberate")');
  assert.match(text, /Error: deliberate\n\s+at /);
  assert.match(text, "1 of 2 notebooks passed");
  const page = fs.readFileSync(path.join(other, "report", "01-broken.html"), "utf8");
  assert.match(page, "This section failed");
  assert.match(page, "Error: deliberate");
  assert.match(fs.readFileSync(path.join(other, "report", "index.html"), "utf8"), "failed in cell 4");
});

test("claims that are none are a failure of their notebook", async () => {
  const wrong = notebookOf(["# Wrong", claim("one/depth", "10").replace('"reproduced"', '"perhaps"')]);
  const { result, text } = await captured(() => reportCommand([], repositoryWith({ "01-wrong": wrong })));
  assert.is(result, 1);
  assert.match(text, /verdict "perhaps" is none of/);
});

test.run();
