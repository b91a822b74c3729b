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
  const below = path.join(folder, "a", "where");
  assert.throws(() => writeWhole(below, "text"), /ENOTDIR|EEXIST/);
  assert.throws(
    () => writeWhole(below, "text", { remedy: "name another" }),
    /^where cannot be written to .*a: it is no folder \(\w+\); make it writable, or name another$/,
  );
  assert.equal(fs.readdirSync(folder).sort(), ["a", "taken"]);
});

test("the folder is made, and what a process that is no more had begun is removed", () => {
  const file = path.join(folder, "new", "b");
  writeWhole(file, "one");
  const name = (pid: number) => `${file}.${os.hostname()}-${pid}-0123abcd.part`;
  const dead = 2 ** 22 + 1; // beyond the largest number of a process
  for (const pid of [dead, process.ppid]) fs.writeFileSync(name(pid), "half");
  writeWhole(file, "two");
  assert.is(fs.readFileSync(file, "utf8"), "two");
  assert.equal(fs.readdirSync(path.dirname(file)), ["b", path.basename(name(process.ppid))]);
});

test.run();
