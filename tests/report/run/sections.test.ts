import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { findSections, selectSections } from "@relu-lab/report";
import { temporaryFolder } from "../fixtures";

const folder = temporaryFolder();
for (const name of ["07-sawtooth", "02-mnist-baselines", "12-mnist-cnn", "appendix", ".hidden", "_draft"]) {
  fs.writeFileSync(path.join(folder, `${name}.ipynb`), "{}");
}
const sections = findSections(folder);
const select = (...wanted: string[]) => selectSections(sections, wanted).map((section) => section.name);

test("sections come in the order of their names, hidden ones left out", () => {
  assert.equal(select(), ["02-mnist-baselines", "07-sawtooth", "12-mnist-cnn", "appendix"]);
});

test("a number, a name, a path or a glob selects", () => {
  assert.equal(select("7"), ["07-sawtooth"]);
  assert.equal(select("07"), ["07-sawtooth"]);
  assert.equal(select("2"), ["02-mnist-baselines"]);
  assert.equal(select("sawtooth"), ["07-sawtooth"]);
  assert.equal(select("notebooks/07-sawtooth.ipynb"), ["07-sawtooth"]);
  assert.equal(select("*mnist*"), ["02-mnist-baselines", "12-mnist-cnn"]);
  assert.equal(select("mnist-???"), ["12-mnist-cnn"]);
  assert.equal(select("appendix", "07", "0*"), ["02-mnist-baselines", "07-sawtooth", "appendix"]);
});

test("what selects nothing is refused with the list", () => {
  assert.throws(() => select("07", "99"), /no section is called "99"[^]*07-sawtooth/);
  assert.throws(() => select("x*"), /"x\*"/);
});

test("a folder that is not there is refused", () =>
  assert.throws(() => findSections("/no/such"), /\/no\/such/));

test.run();
