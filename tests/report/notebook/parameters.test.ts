import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  applyParameters,
  notebookParameters,
  ParameterError,
  parseValue,
  readParameters,
} from "@relu-lab/report";
import { notebookOf } from "../fixtures";

const source = `// How often.
const trials = 10, scale = -0.5; // both
let name = 'sine';
const quick = true, depths: number[] = [1, 2, 3] as number[];
const labels = ["a", "b"], none = [];`;
const notebook = notebookOf(["# Title", { source, tags: ["parameters"] }, "console.log(trials)"], {
  relu_lab: { profiles: { full: { trials: 1000, depths: [8] } } },
});

test("declarations of literals are parameters with types", () => {
  const read = notebookParameters(notebook).map(({ name, type, value }) => [name, type, value]);
  assert.equal(read, [
    ["trials", "number", 10],
    ["scale", "number", -0.5],
    ["name", "string", "sine"],
    ["quick", "boolean", true],
    ["depths", "number[]", [1, 2, 3]],
    ["labels", "string[]", ["a", "b"]],
    ["none", "[]", []],
  ]);
});

test("values are replaced in place, comments and annotations stay, set wins over the profile", () => {
  const set = { trials: "7", name: 'it is "so"', quick: "false", labels: "x,y" };
  const changed = applyParameters(notebook, { profile: "full", set });
  assert.is(
    changed.cells[1].source,
    `// How often.
const trials = 7, scale = -0.5; // both
let name = "it is \\"so\\"";
const quick = false, depths: number[] = [8];
const labels = ["x", "y"], none = [];`,
  );
  assert.is(notebook.cells[1].source, source, "the notebook itself is not changed");
});

test("a profile that a notebook lacks leaves its own values", () => {
  assert.is(applyParameters(notebook, { profile: "quick" }).cells[1].source, source);
});

for (const [name, text] of [
  ["trials", "many"],
  ["trials", ""],
  ["trials", "Infinity"],
  ["quick", "1"],
  ["depths", "1,two"],
  ["depths", '["a"]'],
] as const) {
  test(`${name}=${text} is refused with the list of parameters`, () => {
    try {
      applyParameters(notebook, { profile: "quick", set: { [name]: text } });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, ParameterError);
      assert.match((error as Error).message, `"${name}" is a`);
      assert.match((error as Error).message, /scale +number +-0\.5/);
    }
  });
}

test("a profile that names an unknown parameter, or a wrong type, is refused", () => {
  const wrong = (full: object) => ({ ...notebook, metadata: { relu_lab: { profiles: { full } } } });
  assert.throws(() => applyParameters(wrong({ trails: 1 }), { profile: "full" }), /"trails"/);
  assert.throws(() => applyParameters(wrong({ trials: "1" }), { profile: "full" }), /"trials" is a number/);
});

test("anything but literals is refused by its line", () => {
  assert.throws(() => readParameters("const a = 1;\nconst b = a + 1;"), /line 2/);
  assert.throws(() => readParameters("console.log(1)"), /line 1/);
  assert.throws(() => readParameters("const { a } = x;"), /declarations/);
});

test("values of the command line by type", () => {
  assert.is(parseValue("1e-3", "number"), 1e-3);
  assert.is(parseValue("12", "string"), "12");
  assert.is(parseValue('"12"', "string"), "12");
  assert.equal(parseValue("[1, 2]", "number[]"), [1, 2]);
  assert.is(parseValue("0x", "number"), undefined);
});

test.run();
