// A JupyterLab session, two reports and two sweeps at once on one checkout; and a notebook edited in JupyterLab while
// `--save` runs it: right results, nothing overwritten.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import {
  findTrace,
  formatNotebook,
  OutputCollector,
  parseNotebook,
  type Notebook,
  type Output,
} from "@relu-lab/report";
import { haveDebian } from "../jupyter/debian";
import { LabKernel } from "../jupyter/lab-kernel";
import { jupyterLabParts } from "../jupyter/parts";
import { folderOfNotebooks, startServer, type Server } from "../jupyter/server";
import { eventually, notebookOf, temporaryFolder } from "../report/fixtures";
import { claimCell } from "../report/site/example";
import { allGone, run, type Command } from "./killed";

const root = path.join(__dirname, "../..");
const main = path.join(root, "packages/report/dist/cli/main.js");
const fixture = path.join(__dirname, "../fixtures/results/experiments.cjs");
const parts = haveDebian("jupyter-server", "jupyter-kernelspec") ? jupyterLabParts() : null;
const inSession = parts ? test : test.skip;

const checkout = folderOfNotebooks(); // below node_modules, so that a kernel finds the packages
const notebooks = path.join(checkout, "notebooks");
const store = path.join(checkout, "store");
const started = path.join(checkout, "started");
const file = (name: string) => path.join(notebooks, `${name}.ipynb`);
const section = (title: string, id: string) =>
  notebookOf([
    `# ${title}`,
    { source: "const trials = 20;", tags: ["parameters"] },
    'import { results } from "relu-lab";',
    `
const { experiment, configuration, seed } = require(${JSON.stringify(fixture)}).studies.small;
const found = await results.run(experiment, configuration, { trials: trials, seed: seed, workers: 1, folder: ${JSON.stringify(store)}, say: () => {} });`,
    "console.log(JSON.stringify(found.rows));",
    `require("fs").writeFileSync(${JSON.stringify(started)}, "");
await new Promise((done) => setTimeout(done, 3000));`,
    claimCell(id, "It holds"),
  ]);

let server: Server;
test.before(async () => {
  if (!parts) return;
  fs.mkdirSync(notebooks);
  fs.writeFileSync(file("01-one"), formatNotebook(section("1. One", "a/one")));
  fs.writeFileSync(file("02-two"), formatNotebook(section("2. Two", "a/two")));
  server = await startServer("jupyter-server", checkout);
});
test.after(async () => {
  await server?.stop();
  setTimeout(() => process.exit(), 1000).unref(); // JupyterLab's services keep timers
});

/** What JupyterLab does with a notebook's file: opens and saves it through the server. */
function documents() {
  const services = parts!.require("@jupyterlab/services");
  const serverSettings = services.ServerConnection.makeSettings({
    baseUrl: server.url,
    wsUrl: server.url.replace("http", "ws"),
    token: server.token,
  });
  const contents = new services.ContentsManager({ serverSettings });
  return {
    open: async (name: string): Promise<Notebook> => (await contents.get(`notebooks/${name}.ipynb`)).content,
    save: (name: string, content: object): Promise<unknown> =>
      contents.save(`notebooks/${name}.ipynb`, { type: "notebook", format: "json", content }),
  };
}

const sweep = (out: string): Command => ({
  args: [path.join(root, "scripts/sweep.mjs"), fixture, "--folder", store, "--workers", "1", "--out", out],
  cwd: root,
});
const outputs = (text: string) => parseNotebook(text, "a").cells.map((cell) => cell.outputs ?? []);
const rowsOf = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => {
      const row = JSON.parse(line) as { trial?: number };
      delete row.trial;
      return row;
    });

inSession("two reports, two sweeps and a session in which a notebook runs and is saved", async () => {
  const folder = temporaryFolder();
  const kernel = await LabKernel.open(
    parts!.require("@jupyterlab/services"),
    server,
    "notebooks/01-one.ipynb",
  );
  const session = async () => {
    const { open, save } = documents();
    const notebook = await open("01-one");
    const collector = new OutputCollector();
    for (const cell of notebook.cells.filter(({ cell_type }) => cell_type === "code")) {
      const found: Output[] = [];
      const { status, count } = await kernel.execute(String(cell.source), (message) =>
        collector.take(message, found),
      );
      assert.is(findTrace(status, { ...cell, source: String(cell.source) }, found), null);
      Object.assign(cell, { outputs: found, execution_count: count });
      await save("01-one", notebook); // as one does all the time
    }
    await kernel.close();
    return fs.readFileSync(file("01-one"), "utf8");
  };
  const mark = `${process.pid}-session`;
  const report: Command = { args: [main], cwd: checkout };
  const [saved, ...ended] = await Promise.all([
    session(),
    run(report, mark),
    run(report, mark),
    run(sweep(path.join(folder, "first")), mark),
    run(sweep(path.join(folder, "second")), mark),
  ]);
  for (const { code, stdout, stderr } of ended) assert.is(code, 0, stdout + stderr);
  await allGone(mark);

  const alone = await run(
    { ...sweep(path.join(folder, "alone")), args: [...sweep(path.join(folder, "alone")).args, "--fresh"] },
    mark,
  );
  assert.is(alone.code, 0, alone.stderr);
  const [expected, first, second] = ["alone", "first", "second"].map((name) =>
    fs.readFileSync(path.join(folder, name), "utf8"),
  );
  assert.is(first, expected);
  assert.is(second, expected);
  const printed = JSON.stringify(rowsOf(expected));
  for (const name of ["01-one", "02-two"]) {
    const text = fs.readFileSync(path.join(checkout, "report", `${name}.ipynb`), "utf8");
    const [shown] = outputs(text)[4] as { text: string }[];
    assert.is(JSON.stringify(JSON.parse(shown.text)), printed, name);
    assert.match(fs.readFileSync(path.join(checkout, "report", `${name}.html`), "utf8"), /<\/html>\n$/);
  }
  const claims = JSON.parse(fs.readFileSync(path.join(checkout, "report/claims.json"), "utf8")) as {
    id: string;
  }[];
  assert.equal(
    claims.map(({ id }) => id),
    ["a/one", "a/two"],
  );
  assert.is(fs.readFileSync(file("01-one"), "utf8"), saved, "what JupyterLab saved stands");
  assert.is(JSON.stringify(JSON.parse((outputs(saved)[4] as { text: string }[])[0].text)), printed);
  assert.equal(
    fs
      .readdirSync(notebooks)
      .filter((name) => !name.startsWith("."))
      .sort(),
    ["01-one.ipynb", "02-two.ipynb"],
  );
});

inSession("what is edited in JupyterLab while --save runs it is not overwritten", async () => {
  const { open, save } = documents();
  const mark = `${process.pid}-edited`;
  fs.rmSync(started, { force: true });
  const running = run({ args: [main, "2", "--save", "--profile", "quick"], cwd: checkout }, mark);
  const edited = await open("02-two");
  edited.cells[0].source = "# 2. Two, edited";
  await eventually("the notebook runs", () => fs.existsSync(started), 120_000);
  await save("02-two", edited);
  const saved = fs.readFileSync(file("02-two"), "utf8");
  const { code, stderr } = await running;
  assert.is(code, 0, stderr);
  assert.match(stderr, /02-two: edited while it ran, so its outputs are not saved/);
  assert.is(fs.readFileSync(file("02-two"), "utf8"), saved);
  await allGone(mark);
});

test.run();
