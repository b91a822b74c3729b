// A full disk and a read-only one, end to end: one clear line that names folder and remedy, a failure's exit code, what
// stood there untouched and nothing half-written; with room made, the next run gives what an undisturbed one gives.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { formatNotebook, parseNotebook } from "@relu-lab/report";
import { random } from "relu-lab";
import { bucket, serve, tinyDataset } from "../relu-lab/datasets/fixture";
import { notebookOf, temporaryFolder } from "../report/fixtures";
import { allGone, run, type Command, type Ended } from "./killed";
import { SmallDisk } from "./small-disk";

const disk = SmallDisk.make(4096);
const onDisk = disk ? test : test.skip;
const root = path.join(__dirname, "../..");
const fixture = (name: string) => path.join(__dirname, "../fixtures", name);
const rooms = random.generator("rooms");

interface Work {
  readonly name: string;
  /** Puts what is needed into the folder; the command that works there. */
  prepare(folder: string): Command;
  /** What it says when its folder cannot be written. */
  readonly refusal: RegExp;
  /** What counts of a run that ended. */
  outcome(folder: string, ended: Ended): unknown;
  /** KiB that are left on the full disk. */
  readonly leave: readonly number[];
}

async function ended(work: Work, command: Command, mark: string): Promise<Ended> {
  const result = await run(command, `${process.pid}-${work.name}-${mark}`);
  await allGone(`${process.pid}-${work.name}-${mark}`);
  return result;
}

/** Nothing that was there has changed, and what is new is whole. */
function untouched(before: Record<string, string>): void {
  const after = disk!.files();
  for (const [name, content] of Object.entries(before)) assert.is(after[name], content, name);
  for (const [name, content] of Object.entries(after)) {
    assert.not.match(name, /\.(tmp|part|lock)$|unfinished/);
    if (name.endsWith(".html")) assert.match(content, /<\/html>\n$/);
    if (/\.(ipynb|json)$/.test(name)) JSON.parse(content);
  }
}

function refused({ code, stderr, stdout }: Ended, { refusal, name }: Work): void {
  assert.is(code, 1, `${name}: ${stdout}${stderr}`);
  const lines = stderr.trim().split("\n");
  assert.match(lines.at(-1)!, refusal);
  assert.not.match(stderr, /^\s+at /m, "no trace");
}

async function survives(work: Work): Promise<void> {
  const elsewhere = path.join(temporaryFolder(), "work");
  fs.mkdirSync(elsewhere);
  const whole = await ended(work, work.prepare(elsewhere), "whole");
  assert.is(whole.code, 0, whole.stderr);
  const expected = work.outcome(elsewhere, whole);
  for (const leave of [...work.leave, "read-only"] as const) {
    const folder = path.join(disk!.folder, "work");
    fs.mkdirSync(folder);
    const command = work.prepare(folder);
    const before = disk!.files();
    if (leave === "read-only") disk!.readOnly(true);
    else disk!.fill(leave);
    try {
      refused(await ended(work, command, `${leave}`), work);
      untouched(before);
    } finally {
      if (leave === "read-only") disk!.readOnly(false);
      disk!.makeRoom();
    }
    const next = await ended(work, command, `${leave}-next`);
    assert.is(next.code, 0, `${leave}: ${next.stderr}`);
    assert.equal(work.outcome(folder, next), expected, `${leave}`);
    fs.rmSync(folder, { recursive: true });
  }
  console.log(`note: ${work.name}: full with ${work.leave.join(", ")} KiB left, and read-only`);
}

const cannot = (remedy: string) =>
  new RegExp(`cannot (be written|write) to .*/work.*(ENOSPC|EROFS|ENOENT)\\).*${remedy}`);

onDisk("a download", async () => {
  const { names, packed, dataset } = tinyDataset(60_000);
  const server = await serve(bucket(names, packed));
  const description = JSON.stringify(dataset([server.address]));
  const survived = survives({
    name: "download",
    prepare: (folder) => ({
      args: [fixture("faults/download.cjs"), path.join(folder, "cache"), description],
      cwd: root,
    }),
    refusal: cannot("RELU_LAB_CACHE"),
    outcome: (folder, { stdout }) => [stdout, fs.readdirSync(path.join(folder, "cache/tiny")).sort()],
    leave: [0, 20 + rooms.integer(100), 200],
  });
  await survived.finally(() => server.close());
});

onDisk("a training with checkpoints", () =>
  survives({
    name: "training",
    prepare: (folder) => ({
      args: [fixture("faults/train.cjs"), path.join(folder, "kept/run.json")],
      cwd: root,
    }),
    refusal: cannot("name another file for the checkpoint"),
    outcome: (folder, { stdout }) => [stdout, fs.readdirSync(path.join(folder, "kept"))],
    leave: [0, 4],
  }),
);

const sweep = (folder: string): Command => ({
  args: [
    path.join(root, "scripts/sweep.mjs"),
    fixture("results/experiments.cjs"),
    "--workers",
    "1",
    "--folder",
    path.join(folder, "store"),
  ],
  cwd: root,
});

onDisk("an experiment whose rows would be kept nowhere", async () => {
  const merged = async (folder: string) => {
    const command = sweep(folder);
    return (await run({ ...command, args: [...command.args, "--merge", "--out", "-"] }, "merge")).stdout;
  };
  const store = temporaryFolder();
  assert.is((await run(sweep(store), "whole")).code, 0);
  const expected = await merged(store);
  const folder = path.join(disk!.folder, "work");
  for (const leave of [0, 4, "read-only"] as const) {
    fs.mkdirSync(folder);
    const before = disk!.files();
    if (leave === "read-only") disk!.readOnly(true);
    else disk!.fill(leave);
    const { code, stderr } = await run(sweep(folder), "full");
    assert.is(code, 1, stderr);
    assert.is(
      stderr.match(/not kept: .*cannot be written to .*\/work\/store.*RELU_LAB_RESULTS/g)?.length,
      1,
      stderr,
    );
    untouched(before);
    if (leave === "read-only") disk!.readOnly(false);
    disk!.makeRoom();
    assert.is((await run(sweep(folder), "next")).code, 0);
    assert.is(await merged(folder), expected);
    fs.rmSync(folder, { recursive: true });
  }
});

const long = 'console.log("x".repeat(30_000));';
const section = notebookOf(
  [
    "# 1. Short of room\n\nA paper.",
    { source: "const width = 10;", tags: ["parameters"] },
    "console.log(width * 2);",
    long,
  ],
  { relu_lab: { profiles: { full: { width: 99 } } } },
);
const reportOf = (words: string[]) => (folder: string) => {
  fs.mkdirSync(path.join(folder, "notebooks"));
  fs.writeFileSync(path.join(folder, "notebooks/01-short.ipynb"), formatNotebook(section));
  const main = path.join(root, "packages/report/dist/cli/main.js");
  return { args: [main, ...words], cwd: folder };
};

onDisk("npm run report", () =>
  survives({
    name: "report",
    prepare: reportOf([]),
    refusal: cannot("choose another folder with --out"),
    outcome: (folder) =>
      parseNotebook(fs.readFileSync(path.join(folder, "report/01-short.ipynb"), "utf8"), "a").cells.map(
        ({ outputs }) => JSON.stringify(outputs),
      ),
    leave: [16, 120], // the executed notebook does not fit; the second of two pages does not fit
  }),
);

onDisk("--save", () => {
  const out = temporaryFolder();
  return survives({
    name: "save",
    prepare: reportOf(["--save", "--profile", "full", "--out", out]),
    refusal: cannot("leave --save away"),
    outcome: (folder) => fs.readFileSync(path.join(folder, "notebooks/01-short.ipynb"), "utf8"),
    leave: [0],
  });
});

onDisk("no room for the kernel's own files", async () => {
  const folder = path.join(temporaryFolder(), "work");
  fs.mkdirSync(folder);
  disk!.fill();
  const command = { ...reportOf([])(folder), env: { TMPDIR: disk!.folder } };
  const { code, stdout, stderr } = await run(command, "tmp");
  disk!.makeRoom();
  assert.is(code, 1);
  assert.match(
    stdout + stderr,
    /kernel did not start.*[^]*cannot be written to .*ENOSPC.*set TMPDIR to another folder/,
  );
  assert.equal(disk!.files(), {});
});

test.run();
