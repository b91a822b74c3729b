// Two reports, two `--save`, two sweeps on one checkout at once: right results, nothing overwritten, nothing left.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseNotebook } from "@relu-lab/report";
import { notebookOf, repositoryWith, temporaryFolder } from "../report/fixtures";
import { claimCell } from "../report/site/example";
import { allGone, run, type Command } from "./killed";

const root = path.join(__dirname, "../..");
const main = path.join(root, "packages/report/dist/cli/main.js");
const profiles = { relu_lab: { profiles: { full: { width: 99 } } } };
const section = (title: string, id: string) =>
  notebookOf(
    [
      `# ${title}`,
      { source: "const width = 10;", tags: ["parameters"] },
      "await new Promise((done) => setTimeout(done, 300));",
      "console.log(width * 2);",
      claimCell(id, "It holds"),
    ],
    profiles,
  );
const repository = () =>
  repositoryWith({ "01-one": section("1. One", "a/one"), "02-two": section("2. Two", "a/two") });
const read = (folder: string, file: string) => fs.readFileSync(path.join(folder, file), "utf8");

async function both(first: Command, second: Command, name: string) {
  const mark = `${process.pid}-${name}`;
  const ended = await Promise.all([run(first, mark), run(second, mark)]);
  for (const { code, stderr, stdout } of ended) assert.is(code, 0, stdout + stderr);
  await allGone(mark);
  return ended;
}

/** Files of a report that must not depend on when it ran. */
function rows(folder: string): unknown {
  const claims = JSON.parse(read(folder, "report/claims.json")) as object[];
  const outputs = ["01-one", "02-two"].map((name) =>
    parseNotebook(read(folder, `report/${name}.ipynb`), name).cells.map((cell) => cell.outputs ?? []),
  );
  return JSON.parse(JSON.stringify({ claims, outputs }));
}

test("two reports", async () => {
  const [alone, shared] = [repository(), repository()];
  assert.is((await run({ args: [main], cwd: alone }, `${process.pid}-alone`)).code, 0);
  await both({ args: [main], cwd: shared }, { args: [main], cwd: shared }, "reports");
  assert.equal(rows(shared), rows(alone));
  for (const page of ["index", "01-one", "02-two"])
    assert.match(read(shared, `report/${page}.html`), /<\/html>\n$/);
  const left = (fs.readdirSync(shared, { recursive: true }) as string[]).filter((name) =>
    /\.tmp$|\.part$/.test(name),
  );
  assert.equal(left, []);
});

test("two reports of different sections: both stand, with the claims of both", async () => {
  const shared = repository();
  await both({ args: [main, "1"], cwd: shared }, { args: [main, "2"], cwd: shared }, "sections");
  const claims = JSON.parse(read(shared, "report/claims.json")) as { id: string }[];
  assert.equal(claims.map(({ id }) => id).sort(), ["a/one", "a/two"]);
  assert.match(read(shared, "report/index.html"), /02-two\.html/);
});

test("two --save of the same notebooks", async () => {
  const [alone, shared] = [repository(), repository()];
  const save = (cwd: string): Command => ({ args: [main, "--save", "--profile", "full"], cwd });
  assert.is((await run(save(alone), `${process.pid}-save`)).code, 0);
  await both(save(shared), save(shared), "saves");
  for (const name of ["01-one", "02-two"])
    assert.is(read(shared, `notebooks/${name}.ipynb`), read(alone, `notebooks/${name}.ipynb`));
  assert.equal(fs.readdirSync(path.join(shared, "notebooks")).sort(), ["01-one.ipynb", "02-two.ipynb"]);
});

test("two sweeps into one store", async () => {
  const folder = temporaryFolder();
  const fixture = path.join(__dirname, "../fixtures/results/experiments.cjs");
  const sweep = (store: string, out: string): Command => ({
    args: [
      path.join(root, "scripts/sweep.mjs"),
      fixture,
      "--folder",
      path.join(folder, store),
      "--workers",
      "1",
      "--out",
      path.join(folder, out),
    ],
    cwd: root,
  });
  assert.is((await run(sweep("alone", "alone.jsonl"), `${process.pid}-sweep`)).code, 0);
  await both(sweep("shared", "first.jsonl"), sweep("shared", "second.jsonl"), "sweeps");
  for (const out of ["first.jsonl", "second.jsonl"])
    assert.is(read(folder, out), read(folder, "alone.jsonl"));
});

test.run();
