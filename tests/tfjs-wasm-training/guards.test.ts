import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { dense, disableTraining, enableTraining, trainingActive, trainingStatus } from "tfjs-wasm-training";
import { randomTensor, start } from "./both-backends";

test.before(start);
test.after.each(async () => {
  await tf.setBackend("wasm");
  enableTraining();
});

const value = () =>
  tf.tidy(() =>
    dense(randomTensor([3, 5], 1), randomTensor([5, 4], 2), randomTensor([4], 3), "relu").dataSync(),
  );

test("on another backend it stays off, says so in one line, and the operations work", async () => {
  const wanted = value();
  disableTraining();
  await tf.setBackend("cpu");
  const lines: string[] = [];
  const status = enableTraining({ warn: (line) => lines.push(line) });
  assert.is(status.active, false);
  assert.equal(lines.length, 1);
  assert.match(
    lines[0],
    /^tfjs-wasm-training is off: the backend is cpu, not wasm .*; the stock kernels run$/,
  );
  for (const [i, v] of value().entries()) assert.ok(Math.abs(v - wanted[i]) < 1e-6);
});

test("a backend whose internals differ switches it off, and everything still works", () => {
  const backend = tf.backend() as unknown as { wasm: { asm: object } };
  const wanted = value();
  disableTraining();
  const wrapped = Object.create(backend, { wasm: { value: { ...backend.wasm, asm: {} } } }) as object;
  const engine = tf.engine() as unknown as { backendInstance: object };
  engine.backendInstance = wrapped;
  const lines: string[] = [];
  try {
    assert.is(enableTraining({ warn: (line) => lines.push(line) }).active, false);
  } finally {
    engine.backendInstance = backend;
  }
  assert.match(lines[0], /off: the backend shows no WebAssembly memory; the stock kernels run/);
  assert.is(trainingActive(), false);
  assert.is(trainingStatus().reason, "the backend shows no WebAssembly memory");
  for (const [i, v] of value().entries()) assert.ok(Math.abs(v - wanted[i]) < 1e-6);
});

test("a kernel that answers wrongly is found by the self-test", () => {
  disableTraining();
  const name = "MaxPoolGrad";
  const right = tf.getKernel(name, "cpu");
  tf.unregisterKernel(name, "cpu");
  tf.registerKernel({
    ...right,
    kernelFunc: (args) => {
      const out = right.kernelFunc(args) as tf.TensorInfo;
      const cpu = args.backend as { data: { get(id: object): { values: Float32Array } } };
      cpu.data.get(out.dataId).values[0] += 1;
      return out;
    },
  });
  const lines: string[] = [];
  const status = enableTraining({ warn: (line) => lines.push(line) });
  tf.unregisterKernel(name, "cpu");
  tf.registerKernel(right);
  assert.is(status.active, false);
  assert.match(lines[0], /MaxPoolGrad differs from the cpu backend/);
});

test("the self-test leaves nothing behind", () => {
  disableTraining();
  const before = tf.memory();
  const ids = (tf.backend() as unknown as { numDataIds(): number }).numDataIds();
  enableTraining();
  assert.is(tf.memory().numTensors, before.numTensors);
  assert.is((tf.backend() as unknown as { numDataIds(): number }).numDataIds(), ids);
});

test("the module has no data segment: it would overwrite the backend's memory", () => {
  const source = fs.readFileSync(
    path.join(__dirname, "../../packages/tfjs-wasm-training/src/training.generated.ts"),
    "utf8",
  );
  const bytes = Buffer.from(/"([^"]+)"/.exec(source)![1], "base64");
  const sections: number[] = [];
  for (let at = 8; at < bytes.length;) {
    sections.push(bytes[at++]);
    let [size, shift] = [0, 0];
    for (let more = true; more; shift += 7) {
      more = (bytes[at] & 128) !== 0;
      size |= (bytes[at++] & 127) << shift;
    }
    at += size;
  }
  assert.ok(sections.includes(10), "no code section found");
  assert.not.ok(sections.includes(11), "there is a data section");
});

test.run();
