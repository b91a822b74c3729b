// When a walk has threads at all.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ALONE_REGIONS, chooseThreads } from "../../../../packages/relu-lab/src/regions/walk/threads";

test("a walk has threads of its own where several are asked for, or it must be heard of meanwhile", async () => {
  assert.is(await chooseThreads({ workers: 1 }), undefined);
  assert.is(await chooseThreads({ workers: 2 }), 2);
  assert.is(await chooseThreads({ workers: 1, signal: new AbortController().signal }), 1);
  assert.is(await chooseThreads({ workers: 1, onProgress: () => undefined }), 1);
  const before = process.env.RELU_LAB_WORKERS;
  try {
    process.env.RELU_LAB_WORKERS = "3";
    assert.is(await chooseThreads({}), 3);
    process.env.RELU_LAB_WORKERS = "1";
    assert.is(await chooseThreads({}), undefined);
  } finally {
    if (before === undefined) delete process.env.RELU_LAB_WORKERS;
    else process.env.RELU_LAB_WORKERS = before;
  }
  assert.is(ALONE_REGIONS, 40_000);
});

test("in a page there are no threads, whatever must be heard of meanwhile", async () => {
  const { process } = globalThis;
  let chosen: number | undefined = -1;
  try {
    Object.defineProperty(globalThis, "process", { value: undefined, configurable: true, writable: true });
    chosen = await chooseThreads({ workers: 2, signal: new AbortController().signal });
  } finally {
    Object.defineProperty(globalThis, "process", { value: process, configurable: true, writable: true });
  }
  assert.is(chosen, undefined);
});

test.run();
