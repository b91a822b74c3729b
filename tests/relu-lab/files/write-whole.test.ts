import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { writeWhole } from "relu-lab/files";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-files-"));
test.after(() => fs.rmSync(folder, { recursive: true, force: true }));

test("text and bytes are put in place, over what was there", () => {
  const file = path.join(folder, "a");
  writeWhole(file, "before");
  writeWhole(file, Uint8Array.of(1, 2));
  assert.equal([...fs.readFileSync(file)], [1, 2]);
  assert.equal(fs.readdirSync(folder), ["a"]);
});

test("a write that fails leaves no half behind", () => {
  const file = path.join(folder, "taken");
  fs.mkdirSync(path.join(file, "inside"), { recursive: true });
  assert.throws(() => writeWhole(file, "text"), /EISDIR|ENOTEMPTY|EEXIST|EPERM/);
  assert.throws(() => writeWhole(path.join(folder, "no", "where"), "text"), /ENOENT/);
  assert.equal(fs.readdirSync(folder).sort(), ["a", "taken"]);
});

test.run();
