import { test } from "uvu";
import * as assert from "uvu/assert";
import { createRequire } from "node:module";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { experiments, results } from "relu-lab";
import { sweepCommand } from "../../../packages/relu-lab/dist/cli/sweep";
import { capturing } from "../cli/run-command";

const fixture = path.join(__dirname, "../../fixtures/results/experiments.cjs");
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-sweep-"));
process.on("exit", () => fs.rmSync(scratch, { recursive: true, force: true }));
const file = (name: string) => path.join(scratch, name);
const failing = file("fail");

const run = capturing(sweepCommand);
async function sweep(...args: string[]) {
  const { err, ...rest } = await run(...args);
  return { ...rest, err: err.join("\n") };
}

test("the trials of all shards are all trials, once", () => {
  for (const [trials, of] of [
    [200, 64],
    [10, 3],
    [3, 5],
    [0, 2],
  ]) {
    const all = Array.from({ length: of }, (_, i) =>
      results.shardTrials(trials, { number: i + 1, of }),
    ).flat();
    assert.equal(
      all.sort((a, b) => a - b),
      [...Array(trials).keys()],
    );
  }
  assert.throws(() => results.shardTrials(10, { number: 4, of: 3 }), /shard 4\/3: write e\.g\. 3\/64/);
});

test("shards and a merge give byte for byte the rows of one run; a failed shard is run again alone", async () => {
  const [alone, parts] = [file("alone"), file("parts")];
  const whole = await sweep(fixture, "--folder", alone, "--workers", "1", "--out", file("alone.jsonl"));
  assert.is(whole.code, 0, whole.err);
  assert.is(fs.readFileSync(file("alone.jsonl"), "utf8").split("\n").length, 61);

  fs.writeFileSync(failing, "");
  process.env.RELU_LAB_TEST_FAIL = failing;
  for (const shard of [4, 2, 1, 3]) {
    const { code, err } = await sweep(fixture, "--folder", parts, "--workers", "1", "--shard", `${shard}/4`);
    assert.is(code, shard === 2 ? 1 : 0);
    if (shard === 2) assert.match(err, /fragile, trial 5: out of memory/);
    else assert.match(err, new RegExp(`shard ${shard}/4, 5 trials made, 0 from the store, 15 rows`));
  }
  const merge = ["--folder", parts, "--merge", "--shards", "4", "--out", file("parts.jsonl")];
  const early = await sweep(fixture, ...merge);
  assert.is(early.code, 1);
  assert.match(early.err, /of 20 trials are missing \(5.*\); run shard 2\/4 again/);
  assert.not.ok(fs.existsSync(file("parts.jsonl")));
  const status = await sweep(fixture, "--folder", parts, "--status", "--shards", "4", "--json");
  assert.equal(JSON.parse(status.out).missingShards, [2]);

  fs.rmSync(failing);
  const again = await sweep(fixture, "--folder", parts, "--workers", "2", "--shard", "2/4");
  assert.match(again.err, /trials? from the result store/, "trial 1 had finished");
  assert.is((await sweep(fixture, ...merge)).code, 0);
  assert.equal(fs.readFileSync(file("parts.jsonl")), fs.readFileSync(file("alone.jsonl")));
  assert.match((await sweep(fixture, "--folder", parts, "--status")).out, /all 20 trials are there/);
});

test("without a shared file system the merge takes trials from several stores", async () => {
  const stores = [1, 2, 3].map((i) => file(`node-${i}`));
  for (const [i, store] of stores.entries()) {
    assert.is((await sweep(fixture, "--folder", store, "--workers", "1", "--shard", `${i + 1}/3`)).code, 0);
  }
  const from = stores.slice(1).flatMap((store) => ["--from", store]);
  const merged = await sweep(
    fixture,
    "--folder",
    stores[0],
    "--merge",
    ...from,
    "--out",
    file("nodes.jsonl"),
  );
  assert.is(merged.code, 0, merged.err);
  assert.match(merged.err, /13 trials taken from/);
  assert.equal(fs.readFileSync(file("nodes.jsonl")), fs.readFileSync(file("alone.jsonl")));
});

test("what a sweep made is what a notebook takes from the store", async () => {
  const study = (await experiments.studiesOf("perturbation")).deviation;
  const folder = file("shared");
  assert.is((await sweep("perturbation", "--trials", "4", "--folder", folder, "--workers", "1")).code, 0);
  const options = { trials: 4, seed: study.seed, folder, workers: 1, say: () => {} };
  const run = await results.run(study.experiment, study.configuration, options);
  assert.equal([run.reused, run.made], [4, 0]);
  const own = await results.run(study.experiment, study.configuration, {
    ...options,
    keep: false,
    workers: 2,
  });
  assert.equal(own.rows, run.rows);
});

test("every registered study can be sent to a worker and runs", async () => {
  for (const name of experiments.experimentNames) {
    for (const [key, study] of Object.entries(await experiments.studiesOf(name))) {
      assert.is(study.experiment.name, name, key);
      const exported = Object.values(createRequire(__filename)(study.experiment.module) as object);
      assert.ok(exported.includes(study.experiment), `${study.experiment.module} exports ${name}`);
      assert.ok(study.trials >= 10 && study.about.endsWith("."), `${name}, ${key}`);
      structuredClone(study.configuration);
    }
  }
});

test("--set changes the configuration, --out - writes to the terminal", async () => {
  const base = [fixture, "--folder", file("set"), "--workers", "1", "--trials", "2", "--out", "-"];
  const { out } = await sweep(...base, "--set", "count=1");
  assert.is(out.split("\n").length, 2);
  assert.equal(Object.keys(JSON.parse(out.split("\n")[0])), ["trial", "i", "value", "odd"]);
  assert.is((await sweep(...base, "--set", "names=b,c")).code, 0);
});

test("a wrong command line ends with 2 and says what would be right", async () => {
  for (const [args, message] of [
    [["no-such"], /there is no experiment "no-such": there are .*perturbation/],
    [["./no-such.js"], /there is no module/],
    [[fixture, "--study", "huge"], /has no study "huge": there are small, large/],
    [[fixture, "--shard", "5/4"], /--shard 5\/4: write e\.g\. 3\/64/],
    [[fixture, "--shard", "three"], /--shard three/],
    [[fixture, "--set", "colour=1"], /the configuration has count, names/],
    [[fixture, "--set", "count=many"], /count is number, not string/],
    [[fixture, "--trials", "0"], /--trials 0: a whole number from 1/],
    [[fixture, "--out", "x", "--shard", "1/2"], /--out wants all trials/],
    [[fixture, "--from", "x"], /--from belongs to --merge/],
    [[fixture, fixture], /one experiment/],
    [[fixture, "--no-such"], /no-such/],
  ] as [string[], RegExp][]) {
    const { code, err } = await sweep(...args);
    assert.is(code, 2, args.join(" "));
    assert.match(err, message);
  }
  assert.match((await sweep("--help")).out, /--shard 3\/64/);
  const listed = (await sweep("--list")).out;
  assert.match(listed, /perturbation\n {2}deviation: .*1000 trials\./);
  assert.ok(listed.split("\n").every((line) => line.length < 160));
});

test.run();
