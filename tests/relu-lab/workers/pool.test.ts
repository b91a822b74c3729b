// Threads that call a module's functions: errors, lost threads, more calls than threads; and teams that tell of their progress.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { onTeam, requireWorkers, withPool } from "relu-lab/workers";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-pool-"));
const file = path.join(folder, "work.cjs");
const serve = path.join(__dirname, "../../../packages/relu-lab/dist/workers/serve.js");
const program = path.join(folder, "team.cjs");
fs.writeFileSync(
  file,
  `exports.later = (x) => new Promise((resolve) => setTimeout(() => resolve(2 * x), 20 * (x % 3)));
   exports.fail = () => { throw new TypeError("no"); };
   exports.leave = () => process.exit(3);
   exports.thread = () => require("node:worker_threads").threadId;`,
);
// Each member counts up in shared memory until it is told to stop.
fs.writeFileSync(
  program,
  `const { serve } = require(${JSON.stringify(serve)});
   serve(({ shared, upTo }) => {
     while (Atomics.load(shared, 0) === 0 && Atomics.load(shared, 1) < upTo) {
       Atomics.add(shared, 1, 1);
       Atomics.wait(shared, 2, 0, 5);
     }
     return { answer: Atomics.load(shared, 1) };
   });`,
);
test.after(() => fs.rmSync(folder, { recursive: true }));

/** What became of a promise. */
const outcome = (work: Promise<unknown>) =>
  work.then(
    (value) => value,
    (error: Error) => `${error.name}: ${error.message}`,
  );

test("more calls than threads: each has its answer, in whatever order they end", async () => {
  const numbers = Array.from({ length: 12 }, (_, i) => i);
  const answers = await withPool(file, 2, (call) => Promise.all(numbers.map((x) => call("later", x))));
  assert.equal(
    answers,
    numbers.map((x) => 2 * x),
  );
  const threads = await withPool(file, 2, (call) => Promise.all([0, 1].map(() => call("thread", 0))));
  assert.is(new Set(threads).size, 2);
});

test("what fails is one call: the pool goes on, also without a thread that has ended", async () => {
  const seen = await withPool(file, 2, async (call) => [
    await outcome(call("fail", 0)),
    await outcome(call("none", 0)),
    await outcome(call("later", 4)),
    await outcome(call("leave", 0)),
    // One of the two threads is left; whoever asks the other one is told.
    ...(await Promise.all([outcome(call("later", 1)), outcome(call("later", 1))])),
  ]);
  assert.equal(seen.slice(0, 1), ["TypeError: no"]);
  assert.match(String(seen[1]), /work\.cjs exports no function "none"/);
  assert.equal(seen.slice(2, 4), [8, "Error: a worker thread ended with code 3"]);
  assert.equal(seen.slice(4).sort(), [2, "Error: a worker thread has ended"].sort());
});

test("the caller's signal ends the threads", async () => {
  const controller = new AbortController();
  let answered = 0;
  const ended = withPool(
    file,
    2,
    (call) =>
      Promise.all(
        Array.from({ length: 1000 }, async () => {
          await call("later", 2); // 40 ms
          if (++answered === 3) controller.abort(new Error("by the caller"));
        }),
      ),
    controller.signal,
  );
  assert.is(await outcome(ended), "Error: by the caller");
  assert.ok(answered < 10, `${answered} of 1000`);
});

const counting = (upTo: number) => ({
  shared: new Int32Array(new SharedArrayBuffer(12)),
  upTo,
});

test("a team tells of its progress, at the end of all of it, and each number once", async () => {
  const task = counting(300);
  const told: number[] = [];
  const found = () => Atomics.load(task.shared, 1);
  const stop = () => void Atomics.store(task.shared, 0, 1);
  await onTeam({ file: program, workers: 2, stop, found, onProgress: (n) => told.push(n) }, (ask) =>
    ask(() => task),
  );
  assert.ok(told.length > 1, "while it works too");
  assert.is(told.at(-1), found());
  assert.equal(
    told,
    [...new Set(told)].sort((a, b) => a - b),
  );
});

test("a team is stopped by its signal, and by what its progress throws", async () => {
  for (const way of ["signal", "progress"]) {
    const task = counting(1e9);
    const controller = new AbortController();
    const stop = () => void Atomics.store(task.shared, 0, 1);
    const onProgress = () => {
      if (way === "progress") throw new RangeError("enough");
      controller.abort(new RangeError("enough"));
    };
    const { signal } = controller;
    const found = () => Atomics.load(task.shared, 1);
    const work = onTeam({ file: program, workers: 2, stop, signal, found, onProgress }, (ask) =>
      ask(() => task),
    );
    assert.is(await outcome(work), "RangeError: enough", way);
    const again = onTeam({ file: program, workers: 2, stop, signal }, (ask) => ask(() => counting(1)));
    assert.is(
      typeof (await outcome(again)),
      way === "signal" ? "string" : "object",
      "an aborted signal at once",
    );
  }
});

test("numbers of workers, where none may be asked for and where not", () => {
  for (const workers of [undefined, 1, 256])
    for (const least of [0, 1] as const) requireWorkers(workers, least);
  requireWorkers(0, 0);
  assert.throws(() => requireWorkers(0, 1), /workers is 0: give 1 to 256/);
  assert.throws(() => requireWorkers(257, 0), /workers is 257: give a whole number up to 256/);
  assert.throws(() => requireWorkers(1.5, 1), RangeError);
});

test.run();
