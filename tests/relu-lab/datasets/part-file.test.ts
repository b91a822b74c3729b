import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import path from "node:path";
import { claimPartFile } from "../../../packages/relu-lab/dist/datasets/part-file";
import { temporaryFolder } from "./fixture";

const folder = temporaryFolder();
test.after(() => fs.rmSync(folder, { recursive: true, force: true }));
const target = path.join(folder, "images.gz");

test("a part file belongs to one download; what it leaves is the next one's, the longest first", () => {
  const [first, second] = [claimPartFile(target), claimPartFile(target)];
  assert.is.not(second.path, first.path);
  fs.writeFileSync(first.path, "most");
  fs.writeFileSync(second.path, "less");
  first.release();
  second.release();
  assert.equal(fs.readdirSync(folder), ["images.gz.part"]);
  const third = claimPartFile(target);
  assert.is(fs.readFileSync(third.path, "utf8"), "most");
  fs.rmSync(third.path);
  third.release();
  assert.equal(fs.readdirSync(folder), []);
});

test.run();
