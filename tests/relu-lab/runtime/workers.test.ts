import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { models, results, runtime } from "relu-lab";

test("the same work gives the same in threads and in this thread, and errors come back", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-workers-"));
  const file = path.join(folder, "work.cjs");
  fs.writeFileSync(
    file,
    `exports.square = (x) => { if (x < 0) throw new RangeError("negative: " + x); return x * x; };
     exports.thread = () => require("node:worker_threads").threadId;`,
  );
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const functions = require(file) as { square: (x: number) => number; thread: () => number };
  for (const workers of [0, 1, 2]) {
    const squares = await runtime.withWorkers(
      file,
      functions,
      (call) => Promise.all([1, 2, 3].map((x) => call("square", x))),
      workers,
    );
    assert.equal(squares, [1, 4, 9]);
    const thread = await runtime.withWorkers(
      file,
      functions,
      (call) => call("thread", undefined as never),
      workers,
    );
    assert.is(thread > 0, workers > 1);
    const error = await runtime
      .withWorkers(file, functions, (call) => call("square", -1), workers)
      .then(
        () => undefined,
        (thrown: Error) => thrown,
      );
    assert.match(error?.message ?? "", /negative: -1/);
  }
  fs.rmSync(folder, { recursive: true });
});

test("what is no number of workers is refused wherever it is asked for", async () => {
  const nothing = { images: new Uint8Array(0), labels: new Uint8Array(0), count: 0 };
  const experiment = { name: "none", version: "1", module: __filename, trial: () => [] };
  for (const workers of [NaN, -1, 1.5, Infinity, 1000]) {
    for (const work of [
      runtime.withWorkers("none.js", {}, async () => 0, workers),
      models.sweep([], nothing, nothing, { workers }),
      results.run(experiment, {}, { trials: 1, workers, keep: false }),
    ]) {
      const error = await work.then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      assert.instance(error, RangeError);
      assert.is(
        error?.message,
        `workers is ${workers}: give a whole number up to 256 (0 computes in this thread)`,
      );
    }
  }
});

test("RELU_LAB_WORKERS sets the number of workers", () => {
  const before = process.env.RELU_LAB_WORKERS;
  try {
    delete process.env.RELU_LAB_WORKERS;
    assert.is(runtime.workerCount(), os.availableParallelism());
    process.env.RELU_LAB_WORKERS = "3";
    assert.is(runtime.workerCount(), 3);
    process.env.RELU_LAB_WORKERS = "many";
    assert.throws(() => runtime.workerCount(), /RELU_LAB_WORKERS is "many"/);
  } finally {
    if (before === undefined) delete process.env.RELU_LAB_WORKERS;
    else process.env.RELU_LAB_WORKERS = before;
  }
});

test.run();
