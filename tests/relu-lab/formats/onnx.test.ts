import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { formats } from "relu-lab";

const folder = path.join(__dirname, "../../fixtures/formats");
const read = (name: string) => fs.readFileSync(path.join(folder, `${name}.onnx`));
/** Inputs, and what onnxruntime answered. */
const expected = JSON.parse(fs.readFileSync(path.join(folder, "expected.json"), "utf8"));

function softmax(logits: Float64Array, classes: number): Float64Array {
  return logits.map((_, i) => {
    const row = logits.subarray(i - (i % classes), i - (i % classes) + classes);
    return Math.exp(logits[i]) / row.reduce((sum, v) => sum + Math.exp(v), 0);
  });
}

for (const name of Object.keys(expected)) {
  test(`${name}.onnx gives onnxruntime's outputs`, () => {
    const { network } = formats.networkFromOnnx(read(name));
    const outputs = network.forwardBatch(Float64Array.from(expected[name].inputs));
    const answer = name === "mlp" ? softmax(outputs, 3) : outputs;
    assert.is(answer.length, expected[name].outputs.length);
    answer.forEach((v, i) => assert.ok(Math.abs(v - expected[name].outputs[i]) < 1e-6, `${i}: ${v}`));
  });
}

test("a bias that is added after a product joins its layer; a leaky slope joins the next where no bit is lost", () => {
  assert.equal(formats.networkFromOnnx(read("mlp")).network.sizes, [2, 6, 10, 3]);
});

test("notes say what was left out or rounded", () => {
  assert.match(formats.networkFromOnnx(read("mlp")).notes[0], /Softmax at the end is left out/);
  assert.match(formats.networkFromOnnx(read("cnn")).notes[0], /\(BatchNormalization\) .* rounded to doubles/);
});

test("a sigmoid at the end is left out, and said so", () => {
  assert.match(formats.networkFromOnnx(read("sigmoid")).notes[0], /the Sigmoid at the end is left out/);
});

test("what is no model is refused", () => {
  assert.throws(() => formats.networkFromOnnx(new Uint8Array()), /no graph/);
  assert.throws(() => formats.networkFromOnnx(Buffer.from("# not ONNX at all")), /ONNX/);
  const whole = read("cnn");
  assert.throws(() => formats.networkFromOnnx(whole.subarray(0, whole.length - 100)), /ONNX/);
});

test.run();
