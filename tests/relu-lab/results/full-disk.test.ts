import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { createRequire } from "node:module";
import * as path from "node:path";
import { results } from "relu-lab";

const { draws } = createRequire(__filename)(
  path.join(__dirname, "../../fixtures/results/experiments.cjs"),
) as {
  draws: results.Experiment<{ count: number }, { value: number }>;
};
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-full-"));
const mounted =
  process.platform === "linux" &&
  spawnSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", folder], { stdio: "ignore" }).status === 0;
process.on("exit", () => {
  if (mounted) spawnSync("umount", [folder]);
  fs.rmSync(folder, { recursive: true, force: true });
});

if (!mounted) console.log("skipped: a full disk, because this user cannot mount a small one");
const onSmallDisk = mounted ? test : test.skip;

onSmallDisk("a full disk degrades to one line, and leaves no half of a file", async () => {
  const said: string[] = [];
  const run = () =>
    results.run(draws, { count: 500 }, { trials: 10, workers: 1, folder, say: (line) => said.push(line) });
  const first = await run();
  assert.is(first.rows.length, 5000);
  assert.is(said.length, 1);
  assert.match(
    said[0],
    /^draws: results are not kept: .* cannot be written to .*: no space is left there \(ENOSPC\); make room, or set RELU_LAB_RESULTS/,
  );
  const files = fs.readdirSync(folder, { recursive: true }) as string[];
  assert.not.ok(
    files.some((name) => name.includes("unfinished")),
    files.join(", "),
  );
  assert.equal((await run()).rows, first.rows);
});

test("data/results is git-ignored", () => {
  const ignored = fs.readFileSync(path.join(__dirname, "../../../.gitignore"), "utf8").split("\n");
  assert.ok(ignored.includes("data/results/"));
});

test.run();
