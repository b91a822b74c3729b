import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { commitOf } from "../../../packages/report/src/run/commit";
import { temporaryFolder } from "../fixtures";

const hasGit = spawnSync("git", ["--version"]).status === 0;

test("a checkout's commit is told, and whether tracked files have been changed", () => {
  if (!hasGit) return void console.log("skipped: the commit of a checkout, because git is not installed");
  const folder = temporaryFolder();
  const git = (...words: string[]) => {
    const who = ["-c", "user.name=t", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false"];
    const { status, stdout, stderr } = spawnSync("git", [...who, ...words], {
      cwd: folder,
      encoding: "utf8",
    });
    assert.is(status, 0, stderr);
    return stdout.trim();
  };
  git("init", "-q");
  assert.is(commitOf(folder), null, "there is no commit yet");
  fs.writeFileSync(path.join(folder, "a"), "1");
  git("add", "a");
  git("commit", "-q", "-m", "first");
  const commit = git("rev-parse", "HEAD").slice(0, 12);
  fs.writeFileSync(path.join(folder, "untracked"), "1");
  assert.is(commitOf(folder), commit);
  fs.writeFileSync(path.join(folder, "a"), "2");
  assert.is(commitOf(folder), `${commit} with changes`);
});

test("outside of a checkout there is none", () => assert.is(commitOf(temporaryFolder()), null));

test.run();
