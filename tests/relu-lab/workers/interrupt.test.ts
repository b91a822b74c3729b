import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawn, spawnSync } from "node:child_process";
import * as path from "node:path";
import { heNetwork } from "relu-lab/network";
import { generator } from "relu-lab/random";
import { countPlane } from "relu-lab/regions";
import { run } from "relu-lab/results";
import { withWorkers } from "relu-lab/runtime";
import { interruptible } from "relu-lab/workers";

const fixtures = path.join(__dirname, "../../fixtures/results");
const survives = () => {};
const awake = setInterval(() => {}, 1000); // a signal alone keeps no process waiting
// A kernel listens too; the process goes on.
test.before(() => void process.on("SIGINT", survives));
test.after(() => {
  clearInterval(awake);
  process.off("SIGINT", survives);
});
test.after.each(() => assert.is(process.listenerCount("SIGINT"), 1, "a listener is left behind"));

/** Interrupts this process after some ms, and gives what became of `work`. */
async function interrupted(work: Promise<unknown>, after = 300): Promise<string> {
  setTimeout(() => process.kill(process.pid, "SIGINT"), after);
  try {
    await work;
    return "finished";
  } catch (error) {
    return (error as Error).message;
  }
}

test("the signal aborts, and that of the caller is used instead when there is one", async () => {
  const wait = (signal: AbortSignal) =>
    new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason)));
  assert.is(await interrupted(interruptible(wait)), "interrupted");
  const own = new AbortController();
  const waiting = interruptible(wait, own.signal);
  setTimeout(() => own.abort(new Error("by the caller")), 400);
  assert.is(await interrupted(waiting), "by the caller");
});

test("threads of a pool end", async () => {
  const endless = path.join(fixtures, "endless.cjs");
  const work = withWorkers(endless, { forever: () => {} }, (call) => call("forever", undefined as never), 2);
  assert.is(await interrupted(work, 1000), "interrupted");
});

test("threads that walk regions end, and new ones count as before", async () => {
  const square = { lo: [-1, -1], hi: [1, 1] };
  const large = heNetwork([2, 512, 512, 512, 512, 1], generator(1), 0.1); // half a minute
  assert.is(await interrupted(countPlane(large, square, { workers: 2 }), 1000), "interrupted");
  const small = heNetwork([2, 32, 32, 1], generator(1), 0.1);
  const [two, one] = [2, 1].map((workers) => countPlane(small, square, { workers }));
  assert.is((await two).regions, (await one).regions);
});

test("an experiment stops, in this thread and in others", async () => {
  const { slow: experiment } = require("../../fixtures/results/endless.cjs"); // eslint-disable-line @typescript-eslint/no-require-imports
  for (const workers of [1, 2]) {
    const work = run(experiment, {}, { trials: 10_000, workers, keep: false, say: () => {} });
    assert.is(await interrupted(work, 1000), "interrupted");
  }
});

test("work that a watched piece of code starts, as a notebook's cell is, leaves the signal alone", async () => {
  const program = `process.on("SIGINT", () => process.stdout.write("heard,"));
    const { interruptible } = require("relu-lab/workers");
    globalThis.start = () => interruptible((signal) => new Promise((_, fail) =>
      signal.addEventListener("abort", () => fail(signal.reason)))).catch((error) => process.stdout.write(error.message));
    require("node:vm").runInThisContext("start()", { breakOnSigint: true });
    setTimeout(() => process.kill(process.pid, "SIGINT"), 100);
    setTimeout(() => {}, 500);`;
  const { stdout, signal } = spawnSync(process.execPath, ["-e", program], { encoding: "utf8" });
  assert.equal([stdout, signal], ["heard,interrupted", null]);
});

test("a plain program still ends by the interrupt", async () => {
  const program = `require("relu-lab/workers").interruptible(() => new Promise((done) => setTimeout(done, 20000)));
    process.stdout.write("ready");`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.once("data", () => child.kill("SIGINT"));
  const signal = await new Promise((done) => child.once("exit", (_, name) => done(name)));
  assert.is(signal, "SIGINT");
});

test.run();
