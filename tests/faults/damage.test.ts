// Files that changed behind the lab's back: a flipped bit, a half, a clock set back, a folder that cannot be written.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { formatNotebook, parseNotebook, type Notebook } from "@relu-lab/report";
import { datasets, random, results } from "relu-lab";
import { writeWhole } from "../../packages/report/src/notebook/write-whole";
import { sectionState } from "../../packages/report/src/run/record";
import { codeDigest } from "../../packages/report/src/saved/code-digest";
import { withSavedOutputs } from "../../packages/report/src/saved/saved-notebook";
import { staleness } from "../../packages/report/src/saved/staleness";
import { readCheckpoint, writeCheckpoint } from "../../packages/relu-lab/src/models/checkpoint";
import { bucket, serve, tinyDataset } from "../relu-lab/datasets/fixture";
import { executedText, notebookOf, temporaryFolder } from "../report/fixtures";
import { SmallDisk } from "./small-disk";

const { draws } = createRequire(__filename)("../fixtures/results/experiments.cjs") as {
  draws: results.Experiment<{ count: number }, { value: number }>;
};
const g = random.generator("damage");

function flipBit(file: string): void {
  const bytes = fs.readFileSync(file);
  bytes[g.integer(bytes.length)] ^= 1 << g.integer(8);
  fs.writeFileSync(file, bytes);
}
const filesBelow = (folder: string) =>
  (fs.readdirSync(folder, { recursive: true }) as string[])
    .map((name) => path.join(folder, name))
    .filter((file) => fs.statSync(file).isFile());
const stored = (folder: string, say: (line: string) => void = () => {}) =>
  results.run(draws, { count: 3 }, { trials: 6, workers: 1, folder, say });

test("one flipped bit in a kept result: its trials are made again, the rows are the same", async () => {
  const folder = temporaryFolder();
  const { rows } = await stored(folder);
  for (let i = 0; i < 40; i++) {
    const files = filesBelow(folder);
    flipBit(files[g.integer(files.length)]);
    assert.equal((await stored(folder)).rows, rows);
  }
});

test("one flipped bit in a file of the data cache: it is fetched again, never read", async () => {
  delete process.env.RELU_LAB_DATA;
  delete process.env.RELU_LAB_OFFLINE;
  const { names, packed, dataset } = tinyDataset(300, 20);
  const server = await serve(bucket(names, packed));
  const cache = temporaryFolder();
  const load = () => datasets.loadIdxDataset(dataset([server.address]), { cache, log: () => {} });
  const { provenance } = await load();
  for (let i = 0; i < 20; i++) {
    const files = filesBelow(cache);
    flipBit(files[g.integer(files.length)]);
    assert.is((await load()).provenance.digest, provenance.digest);
  }
  await server.close();
});

test("one flipped bit in a checkpoint, or half of one: refused, never trained on", () => {
  const file = path.join(temporaryFolder(), "run.json");
  const set = { images: new Uint8Array(8), labels: new Uint8Array(2), count: 2 };
  const state = {
    weights: [Float32Array.of(1, 2, 3)],
    optimiser: { steps: 4, moments: [[Float32Array.of(5)]] },
    history: [],
  };
  for (let i = 0; i < 200; i++) {
    writeCheckpoint(file, { architecture: "a" }, set, state);
    if (i < 100) flipBit(file);
    else fs.truncateSync(file, g.integer(fs.statSync(file).size));
    assert.throws(() => readCheckpoint(file, { architecture: "a" }, set), /is no checkpoint .* remove it/);
  }
  writeCheckpoint(file, { architecture: "a" }, set, state);
  assert.equal(readCheckpoint(file, { architecture: "a" }, set)?.weights, state.weights);
});

test("a notebook cut anywhere is refused by name", () => {
  const text = formatNotebook(notebookOf(["# One", "const a = 1;"]));
  for (let at = 0; at < text.trimEnd().length; at++)
    assert.throws(() => parseNotebook(text.slice(0, at), "01-one.ipynb"), /^01-one\.ipynb is not JSON/);
});

const section = (folder: string) => ({
  name: "01-one",
  number: "01",
  file: path.join(folder, "01-one.ipynb"),
});
const ran = () => {
  const notebook = notebookOf(["# 1. One", "1 + 1"]);
  notebook.cells[1].outputs = [{ output_type: "stream", name: "stdout", text: "2\n" }];
  return notebook;
};
/** What a reader sees of a notebook. */
const seen = (notebook: Notebook) =>
  notebook.cells.map(({ source, outputs }) => ({ source, outputs: outputs ?? [] }));

test("one flipped bit in a report's executed notebook, or half of it: what is shown is what was written, or nothing", () => {
  const [folder, out] = [temporaryFolder(), temporaryFolder()];
  const notebook = ran();
  fs.writeFileSync(section(folder).file, formatNotebook(notebook));
  const file = path.join(out, "01-one.ipynb");
  let noticed = 0;
  for (let i = 0; i < 300; i++) {
    fs.writeFileSync(file, executedText(notebook));
    const whole = sectionState(section(folder), out);
    assert.is(whole.damaged, false);
    if (i < 200) flipBit(file);
    else fs.truncateSync(file, g.integer(fs.statSync(file).size));
    const { executed, run: kept, damaged } = sectionState(section(folder), out);
    assert.is(damaged, executed === null);
    if (executed) assert.equal([seen(executed), kept], [seen(notebook), whole.run]);
    else noticed++;
  }
  assert.ok(noticed > 200, `${noticed} of 300`);
});

test("one flipped bit in saved outputs: the notebook is refused, or told to be stale, or shows what was saved", () => {
  const folder = temporaryFolder();
  const notebook = ran();
  const saved = withSavedOutputs(notebook, notebook, { profile: "full", code: codeDigest(notebook, folder) });
  let noticed = 0;
  for (let i = 0; i < 200; i++) {
    fs.writeFileSync(section(folder).file, formatNotebook(saved));
    assert.equal(staleness(section(folder), "full").reasons, []);
    flipBit(section(folder).file);
    try {
      const { reasons } = staleness(section(folder), "full");
      if (reasons.length > 0) noticed++;
      else assert.equal(seen(parseNotebook(fs.readFileSync(section(folder).file, "utf8"), "a")), seen(saved));
    } catch (error) {
      assert.match(String(error), /01-one\.ipynb/);
      noticed++;
    }
  }
  assert.ok(noticed > 100, `${noticed} of 200`);
});

test("a clock set back: what was kept in the future is kept still", async () => {
  const folder = temporaryFolder();
  const { rows } = await stored(folder);
  const later = new Date(Date.now() + 1e11);
  for (const file of filesBelow(folder)) fs.utimesSync(file, later, later);
  const now = Date.now;
  Date.now = () => now() - 1e11;
  try {
    const again = await stored(folder);
    assert.equal([again.rows, again.made], [rows, 0]);
  } finally {
    Date.now = now;
  }
});

const [readOnly, full] = [SmallDisk.make(1024), SmallDisk.make(32)];

(readOnly ? test : test.skip)(
  "a read-only folder: the rows come, with one line that they are not kept",
  async () => {
    const folder = (name: string) => path.join(readOnly!.folder, name);
    const { rows } = await stored(folder("kept"));
    readOnly!.readOnly(true);
    const said: string[] = [];
    assert.equal((await stored(folder("new"), (line) => said.push(line))).rows, rows);
    assert.is(said.length, 1, said.join("\n"));
    assert.match(said[0], /draws: results are not kept: .* cannot be written to .*new.* \((EROFS|ENOENT)\)/); // Node says the latter of mkdir
    const kept = await stored(folder("kept"));
    assert.equal([kept.rows, kept.made], [rows, 0], "what was kept before can be read");
  },
);

(full ? test : test.skip)(
  "a full disk: the checkpoint and the notebook before stay, no half lies beside them",
  () => {
    const [checkpoint, notebook] = ["run.json", "01-one.ipynb"].map((name) => path.join(full!.folder, name));
    const set = { images: new Uint8Array(8), labels: new Uint8Array(2), count: 2 };
    const state = (size: number) => ({
      weights: [new Float32Array(size).fill(1)],
      optimiser: { steps: 1, moments: [] },
      history: [],
    });
    writeCheckpoint(checkpoint, {}, set, state(10));
    writeWhole(notebook, "before");
    assert.throws(() => writeCheckpoint(checkpoint, {}, set, state(100_000)), /ENOSPC/);
    assert.throws(() => writeWhole(notebook, "a".repeat(1e6)), /ENOSPC/);
    assert.equal(readCheckpoint(checkpoint, {}, set)?.weights, state(10).weights);
    assert.is(fs.readFileSync(notebook, "utf8"), "before");
    assert.equal(fs.readdirSync(full!.folder).sort(), ["01-one.ipynb", "run.json"]);
  },
);

test.run();
