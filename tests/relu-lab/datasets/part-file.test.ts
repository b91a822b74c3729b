import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import path from "node:path";
import { claimPartFile } from "../../../packages/relu-lab/dist/datasets/part-file";
import { temporaryFolder } from "./fixture";

const folder = temporaryFolder();
test.after(() => fs.rmSync(folder, { recursive: true, force: true }));
const target = path.join(folder, "images.gz");
const lock = `${target}.part.lock`;

test("the part file belongs to one download at a time, and is given up again", () => {
  const first = claimPartFile(target);
  const second = claimPartFile(target);
  assert.is(first.path, `${target}.part`);
  assert.is.not(second.path, first.path);
  second.release();
  first.release();
  const third = claimPartFile(target);
  assert.is(third.path, first.path);
  third.release();
  assert.equal(fs.readdirSync(folder), []);
});

test("a lock whose owner is gone is taken over", () => {
  fs.writeFileSync(lock, String(2 ** 22 + 1)); // beyond the largest number of a process
  const part = claimPartFile(target);
  assert.is(part.path, `${target}.part`);
  part.release();
});

test("a lock that says nothing yet is another process's; one that never will is taken over", () => {
  fs.writeFileSync(lock, "");
  const own = claimPartFile(target);
  assert.is.not(own.path, `${target}.part`, "its owner is about to write its number");
  own.release();
  const old = new Date(Date.now() - 60_000);
  fs.utimesSync(lock, old, old);
  const part = claimPartFile(target);
  assert.is(part.path, `${target}.part`);
  part.release();
});

test.run();
