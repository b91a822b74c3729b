// The guide's tables of operators are those of the compiler: none is missing, none is made up.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { onnxOperators } from "../../packages/relu-lab/src/formats/graph/operators";
import { refused } from "../../packages/relu-lab/src/formats/graph/operators/refused";

const guide = fs.readFileSync(
  path.resolve(__dirname, "../../packages/relu-lab/docs/your-own-network.md"),
  "utf8",
);

/** The words in code of the first column of a section's first table of operators. */
function operatorsUnder(heading: string): string[] {
  const [, section] = guide.split(`\n${heading}\n`);
  const table = section.split("\n## ")[0].match(/^\| operators .*\n(\|.*\n)+/m)![0];
  const cells = table.split("\n").map((row) => row.split("|")[1] ?? "");
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name)).sort();
}

test("operators that are read", () => {
  const read = Object.keys(onnxOperators).filter((name) => !(name in refused));
  assert.equal(operatorsUnder("### Operators of ONNX"), read.sort());
});

test("operators that are refused by name", () => {
  assert.equal(operatorsUnder("## What is refused"), Object.keys(refused).sort());
});

test.run();
