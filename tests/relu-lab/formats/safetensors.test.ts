import { test } from "uvu";
import * as assert from "uvu/assert";
import { formats } from "relu-lab";

type Entry = { dtype: string; shape: number[]; bytes: Buffer };

function file(
  entries: Record<string, Entry>,
  change: (header: Record<string, unknown>) => void = () => {},
): Buffer {
  let at = 0;
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  for (const [name, { dtype, shape, bytes }] of Object.entries(entries)) {
    header[name] = { dtype, shape, data_offsets: [at, (at += bytes.length)] };
  }
  change(header);
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...Object.values(entries).map(({ bytes }) => bytes)]);
}

const f32 = (shape: number[], ...values: number[]): Entry => ({
  dtype: "F32",
  shape,
  bytes: Buffer.from(Float32Array.from(values).buffer),
});

const mirror = {
  // Out of order on purpose: names, not places, order the layers.
  "10.weight": f32([1, 2], 2, -4),
  "2.bias": f32([2], 0, -0.5),
  "2.weight": f32([2, 1], 1, 1),
};

test("dense layers in the order of their numbers, ReLU between them, a missing bias is zero", () => {
  const network = formats.networkFromSafetensors(file(mirror));
  assert.equal(network.sizes, [1, 2, 1]);
  assert.equal([...network.forwardBatch(Float64Array.of(0.25, 0.5, 1))], [0.5, 1, 0]);
});

test("every type of number is read exactly", () => {
  const entry = (dtype: string, bytes: ArrayBufferView): Entry => ({
    dtype,
    shape: [2],
    bytes: Buffer.from(bytes.buffer),
  });
  const tensors = formats.readSafetensors(
    file(
      {
        d: entry("F64", Float64Array.of(0.1, -5e-324)),
        h: entry("F16", Uint16Array.of(0x3c01, 0x8001)),
        b: entry("BF16", Uint16Array.of(0x3f81, 0xff80)),
        i: entry("I64", BigInt64Array.of(-3n, 1n << 53n)),
        u: entry("U8", Uint8Array.of(0, 255)),
      },
      (header) => delete header.i,
    ),
  );
  assert.equal([...tensors.get("d")!.values], [0.1, -5e-324]);
  assert.equal([...tensors.get("h")!.values], [1 + 2 ** -10, -(2 ** -24)]);
  assert.equal([...tensors.get("b")!.values], [1 + 2 ** -7, -Infinity]);
  assert.equal([...tensors.get("u")!.values], [0, 255]);
});

test("what does not fit is named", () => {
  const cases: [Buffer, RegExp][] = [
    [Buffer.alloc(3), /3 bytes are too few/],
    [Buffer.from([255, 255, 255, 255, 255, 255, 255, 255, 1]), /header claims/],
    [file(mirror).subarray(0, -1), /"2\.weight".* does not fill/],
    [file(mirror, (h) => ((h["2.bias"] as Entry).dtype = "C64")), /"2\.bias" has the type "C64"/],
    [file(mirror, (h) => ((h["2.bias"] as Entry).shape = [-2])), /"2\.bias": shape holds -2/],
    [file({ "0.weight": f32([1, 1, 1, 1], 1) }), /is a convolution.*export ONNX/],
    [file({ "0.weight": f32([1], 1) }), /not the weight of a dense layer/],
    [file({ ...mirror, "2.running_mean": f32([1], 1) }), /"2\.running_mean" belongs to no dense layer/],
    [file({ ...mirror, "2.bias": f32([1], 1) }), /"2\.bias" has the shape \[1\]/],
    [file({ "0.weight": f32([1, 1], NaN) }), /is NaN/],
    [file({ x: f32([1], 1) }), /no tensor is called weight/],
  ];
  for (const [bytes, message] of cases) assert.throws(() => formats.networkFromSafetensors(bytes), message);
});

test.run();
