import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";

// A real Slurm on this machine runs the job array that the documentation tells a cluster's user to run.
interface Cluster {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  stop(): Promise<void>;
}
interface Local {
  whyNoSlurm(options: { install: boolean }): string;
  startSlurm(): Promise<Cluster>;
}

const root = path.join(__dirname, "../../..");
const fixture = path.join(root, "tests/fixtures/results/experiments.cjs");
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-slurm-test-"));
process.on("exit", () => fs.rmSync(scratch, { recursive: true, force: true }));
const file = (name: string) => path.join(scratch, name);
let cluster: Cluster;

function command(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const result = spawnSync(program, args, { cwd: root, env: { ...cluster.env, ...env }, encoding: "utf8" });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

/** Submits the array and waits for it; the exit code is that of the worst task. */
function array(tasks: string, shards: number, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const log = file(`log-${Math.random().toString(36).slice(2)}-%a.txt`);
  const given = [
    "--wait",
    `--array=${tasks}`,
    "-o",
    log,
    "scripts/slurm/sweep.sbatch",
    String(shards),
    ...args,
  ];
  const { code } = command("sbatch", given, env);
  const logs = fs.readdirSync(scratch).filter((name) => name.startsWith(path.basename(log).split("%")[0]));
  return { code, logs: logs.map((name) => fs.readFileSync(file(name), "utf8")).join("") };
}

const sweep = (...args: string[]) => command(process.execPath, ["scripts/sweep.mjs", "--built", ...args]);

async function main() {
  const local = (await import(pathToFileURL(path.join(root, "scripts/slurm/local.mjs")).href)) as Local;
  const reason = local.whyNoSlurm({ install: true });
  if (reason) console.log(`skipped: the job array, because ${reason}`);
  const onSlurm = reason ? test.skip : test;

  test.before(async () => {
    if (!reason) cluster = await local.startSlurm();
  });
  test.after(async () => {
    if (!cluster) return;
    await cluster.stop();
    assert.not.ok(fs.existsSync(cluster.folder), "nothing is left of the cluster");
  });

  onSlurm(
    "a job array and a merge give byte for byte the rows of one machine; a failed shard runs again alone",
    () => {
      const store = ["--folder", file("store")];
      fs.writeFileSync(file("fail"), "");
      const first = array("1-8", 8, [fixture, ...store], { RELU_LAB_TEST_FAIL: file("fail") });
      assert.is.not(first.code, 0, "one task fails, and sbatch says so");
      assert.match(first.logs, /fragile, trial 5: out of memory/);

      const merge = [fixture, ...store, "--merge", "--shards", "8", "--out", file("merged.jsonl")];
      const early = sweep(...merge);
      assert.is(early.code, 1);
      assert.match(early.err, /trials are missing \(5.*run shard 6\/8 again/);

      const parts = () => fs.readdirSync(file("store"), { recursive: true }).sort() as string[];
      const before = parts();
      fs.rmSync(file("fail"));
      const again = array("6", 8, [fixture, ...store]);
      assert.is(again.code, 0, again.logs);
      assert.is(
        parts().filter((name) => !before.includes(name)).length,
        1,
        "the other shards were left alone",
      );

      assert.is(sweep(...merge).code, 0);
      assert.is(sweep(fixture, "--folder", file("alone"), "--out", file("alone.jsonl")).code, 0);
      assert.equal(fs.readFileSync(file("merged.jsonl")), fs.readFileSync(file("alone.jsonl")));
    },
  );

  for (const [name, ...options] of [
    ["perturbation", "--trials", "12"],
    ["relearning", "--trials", "6"],
  ]) {
    onSlurm(`${name}: three shards on the cluster are one machine's rows`, () => {
      const store = ["--folder", file(`${name}-store`)];
      const ran = array("1-3", 3, [name, ...options, ...store]);
      assert.is(ran.code, 0, ran.logs);
      assert.is(sweep(name, ...options, ...store, "--merge", "--out", file(`${name}-merged`)).code, 0);
      const alone = ["--folder", file(`${name}-alone`), "--out", file(`${name}-rows`)];
      assert.is(sweep(name, ...options, ...alone).code, 0);
      assert.equal(fs.readFileSync(file(`${name}-merged`)), fs.readFileSync(file(`${name}-rows`)));
      assert.ok(fs.statSync(file(`${name}-rows`)).size > 1000);
    });
  }

  test.run();
}

void main();
