// kill -9 at random moments, RELU_LAB_KILLS of each (50): the next run gives what an undisturbed one gives.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { formatNotebook, parseNotebook } from "@relu-lab/report";
import { random } from "relu-lab";
import { serve, tinyDataset } from "../relu-lab/datasets/fixture";
import { notebookOf, temporaryFolder } from "../report/fixtures";
import { allGone, run, type Command } from "./killed";

const kills = Number(process.env.RELU_LAB_KILLS ?? 50);
const root = path.join(__dirname, "../..");
const fixture = (name: string) => path.join(__dirname, "../fixtures", name);
const moments = random.generator("moments of death");

/** One kind of work: its command in a folder, and what must be the same after a kill. */
interface Work {
  readonly name: string;
  prepare(folder: string): Command;
  /** What counts of a run that ended, as text. */
  outcome(folder: string, stdout: string): string;
  /** Asserts that nothing that stands in the folder right after a kill is half of a thing. */
  whole?(folder: string): void;
}

async function survives(work: Work): Promise<void> {
  const scratch = temporaryFolder();
  const folderOf = (i: number) => path.join(scratch, `${work.name}-${i}`);
  const reference = folderOf(0);
  fs.mkdirSync(reference);
  const whole = await run(work.prepare(reference), `${process.pid}-whole`);
  assert.is(whole.code, 0, whole.stderr);
  const expected = work.outcome(reference, whole.stdout);
  let struck = 0;
  for (let i = 1; i <= kills; i++) {
    const folder = folderOf(i);
    fs.mkdirSync(folder);
    const command = work.prepare(folder);
    const mark = `${process.pid}-${work.name}-${i}`;
    const killed = await run(command, mark, (0.05 + 0.95 * moments.uniform()) * whole.ms);
    if (killed.code === null) struck++;
    await allGone(mark);
    work.whole?.(folder);
    const next = await run(command, mark);
    assert.is(next.code, 0, `${mark}: ${next.stderr}`);
    assert.is(work.outcome(folder, next.stdout), expected, mark);
    await allGone(mark);
    fs.rmSync(folder, { recursive: true });
  }
  console.log(
    `note: ${work.name}: ${struck} of ${kills} runs killed before their end, each followed by the same rows`,
  );
}

test("a download", async () => {
  const { names, packed, dataset } = tinyDataset();
  const server = await serve((request, response) => {
    const bytes = packed[names.findIndex((name) => request.url === `/${name}.gz`)];
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (from >= bytes.length) return void response.writeHead(416).end();
    response.writeHead(from > 0 ? 206 : 200, { "content-length": bytes.length - from });
    let at = from;
    const drip = () => {
      if (response.destroyed) return;
      response.write(bytes.subarray(at, (at += 1000)));
      if (at < bytes.length) setTimeout(drip, 25);
      else response.end();
    };
    drip();
  });
  const description = JSON.stringify(dataset([server.address]));
  const survived = survives({
    name: "download",
    prepare: (folder) => ({ args: [fixture("faults/download.cjs"), folder, description], cwd: root }),
    outcome: (folder, stdout) => stdout + fs.readdirSync(path.join(folder, "tiny")).sort().join(" "),
    whole(folder) {
      const kept = fs.existsSync(path.join(folder, "tiny")) ? fs.readdirSync(path.join(folder, "tiny")) : [];
      for (const name of kept.filter((file) => file.endsWith(".gz")))
        assert.ok(
          fs.readFileSync(path.join(folder, "tiny", name)).equals(packed[names.indexOf(name.slice(0, -3))]),
          `${name} is half a file`,
        );
    },
  });
  // A server that stays open would keep this process from ending.
  await survived.finally(() => server.close());
});

test("a training with checkpoints", () =>
  survives({
    name: "training",
    prepare: (folder) => ({ args: [fixture("faults/train.cjs"), path.join(folder, "run.json")], cwd: root }),
    outcome: (_folder, stdout) => stdout,
    whole(folder) {
      const file = path.join(folder, "run.json");
      if (fs.existsSync(file)) JSON.parse(fs.readFileSync(file, "utf8"));
    },
  }));

test("an experiment in the result store", () =>
  survives({
    name: "experiment",
    prepare: (folder) => ({ args: [fixture("results/run-draws.cjs"), folder, "60", "20"], cwd: root }),
    outcome: (_folder, stdout) => JSON.stringify(JSON.parse(stdout).rows),
  }));

const cells = [
  "# 1. Killed\n\nA paper.",
  { source: "const width = 10;", tags: ["parameters"] },
  "const waited = await new Promise((done) => setTimeout(() => done(width * 2), 500));",
  "console.log(waited, [1, 2, 3].map((n) => n * width));",
];
const section = notebookOf(cells, { relu_lab: { profiles: { full: { width: 99 } } } });
const reportOf = (words: string[]) => (folder: string) => {
  fs.mkdirSync(path.join(folder, "notebooks"), { recursive: true });
  const file = path.join(folder, "notebooks", "01-killed.ipynb");
  if (!fs.existsSync(file)) fs.writeFileSync(file, formatNotebook(section));
  const main = path.join(root, "packages/report/dist/cli/main.js");
  return { args: [main, ...words], cwd: folder, env: { TMPDIR: folder } };
};
const read = (folder: string, file: string) =>
  parseNotebook(fs.readFileSync(path.join(folder, file), "utf8"), file);
const outputs = (folder: string, file: string) =>
  JSON.stringify(read(folder, file).cells.map((cell) => cell.outputs));
const wholeNotebooks = (folder: string) => {
  for (const file of ["notebooks/01-killed.ipynb", "report/01-killed.ipynb"])
    if (fs.existsSync(path.join(folder, file))) read(folder, file);
  const page = path.join(folder, "report/01-killed.html");
  if (fs.existsSync(page)) assert.match(fs.readFileSync(page, "utf8"), /<\/html>\n$/);
};

test("a report", () =>
  survives({
    name: "report",
    prepare: reportOf([]),
    outcome: (folder) => outputs(folder, "report/01-killed.ipynb"),
    whole: wholeNotebooks,
  }));

test("--save", () =>
  survives({
    name: "save",
    prepare: reportOf(["--save", "--profile", "full"]),
    outcome: (folder) => fs.readFileSync(path.join(folder, "notebooks/01-killed.ipynb"), "utf8"),
    whole: wholeNotebooks,
  }));

test.run();
