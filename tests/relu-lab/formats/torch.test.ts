// PyTorch files: what state dicts hold is read exactly, and what a pickle asks for beyond that is refused by its name.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { networkFromTorch } from "relu-lab/formats";
import { counting, type Written } from "./tensor-writers";
import { Name, Reduce, Storages, orderedDict, pickle, torchFile } from "./torch-writer";
import { zipFile } from "./archive-writers";

const layers: Record<string, Written> = {
  "0.weight": counting(3, 2),
  "0.bias": counting(3),
  "2.weight": counting(1, 3),
  "2.bias": counting(1),
};
const dict = (storages: Storages, of = layers) =>
  orderedDict(
    new Map(Object.entries(of).map(([name, { shape, values }]) => [name, storages.floats(shape, values)])),
  );
const file = (make: (storages: Storages) => unknown, more = {}, options = {}) => {
  const storages = new Storages();
  return torchFile(make(storages), storages, more, options);
};

test("a state dict, stored or deflated, is its layers number by number", () => {
  for (const deflated of [false, true]) {
    const { network, notes } = networkFromTorch(file(dict, {}, { deflated }));
    assert.equal(network.sizes, [2, 3, 1]);
    assert.equal([...network.layers[0].weights], layers["0.weight"].values);
    assert.equal([...network.layers[1].biases], layers["2.bias"].values);
    assert.is(notes.length, 1);
  }
});

test("a checkpoint's one state dict is found; of several, one is asked for", () => {
  const optimiser = (storages: Storages) =>
    new Map<string, unknown>([
      [
        "state",
        new Map<unknown, unknown>([
          [0, new Map([["exp_avg", storages.floats([3, 2], counting(3, 2).values)]])],
        ]),
      ],
      ["param_groups", new Set([new Map([["lr", 0.1]])])],
    ]);
  const one = networkFromTorch(
    file(
      (s) =>
        new Map<string, unknown>([
          ["epoch", 3],
          ["loss", 0.25],
          ["model_state_dict", dict(s)],
          ["optimizer_state_dict", optimiser(s)],
          ["best", null],
          ["done", true],
        ]),
    ),
  );
  assert.equal(one.network.sizes, [2, 3, 1]);
  assert.match(one.notes[0], /those of "model_state_dict" in the checkpoint/);
  const two = file(
    (s) =>
      new Map([
        ["actor", dict(s)],
        ["critic", dict(s, { weight: counting(4, 2) })],
      ]),
  );
  assert.throws(
    () => networkFromTorch(two),
    /holds 2 state dicts, "actor", "critic": choose .* --layers actor/,
  );
  assert.equal(networkFromTorch(two, { layers: ["actor"] }).network.sizes, [2, 3, 1]);
  assert.equal(networkFromTorch(two, { layers: ["critic"] }).network.sizes, [2, 4]);
  assert.throws(() => networkFromTorch(two, { layers: ["policy"] }), /none of the layers policy is in/);
});

test("strides, offsets, shared storages, parameters and every type of number", () => {
  const s = new Storages();
  const numbers = Float64Array.from({ length: 12 }, (_, i) => i + 0.5);
  const shared = s.add(new Uint8Array(numbers.buffer));
  const turned = Storages.tensor(shared, "DoubleStorage", 1, [3, 2], [1, 3]); // a transposed view from number 1 on
  const bias = Storages.tensor(shared, "DoubleStorage", 9, [3], [1]);
  const parameter = new Reduce(new Name("torch._utils", "_rebuild_parameter"), [
    turned,
    true,
    orderedDict(new Map()),
  ]);
  const state = orderedDict(
    new Map<string, unknown>([
      ["0.weight", parameter],
      ["0.bias", bias],
    ]),
  );
  const { network } = networkFromTorch(
    torchFile(new Reduce(state.name, state.args, new Map([["_metadata", null]])), s),
  );
  assert.equal([...network.layers[0].weights], [1.5, 4.5, 2.5, 5.5, 3.5, 6.5]);
  assert.equal([...network.layers[0].biases], [9.5, 10.5, 11.5]);
  for (const [type, bytes] of [
    ["HalfStorage", Uint16Array.of(0x3c01, 0xc000)],
    ["BFloat16Storage", Uint16Array.of(0x3f81, 0xc000)],
    ["CharStorage", Int8Array.of(1, -2)],
    ["ByteStorage", Uint8Array.of(1, 254)],
    ["LongStorage", BigInt64Array.of(1n, -2n)],
    ["ShortStorage", Int16Array.of(1, -2)],
  ] as [string, Uint8Array][]) {
    const own = new Storages();
    const key = own.add(new Uint8Array(bytes.buffer));
    const tensor = new Map([["weight", Storages.tensor(key, type, 0, [1, 2], [2, 1])]]);
    const [a, b] = networkFromTorch(torchFile(tensor, own)).network.layers[0].weights;
    assert.equal(
      [a, b],
      [
        type === "HalfStorage" ? 1 + 2 ** -10 : type === "BFloat16Storage" ? 1 + 2 ** -7 : 1,
        type === "ByteStorage" ? 254 : -2,
      ],
      type,
    );
  }
});

test("nothing is run: what a pickle asks for is refused by its name, and files of other kinds with what to do", () => {
  const asking = (module: string, name: string) =>
    file(() => new Map([["x", new Reduce(new Name(module, name), ["echo"])]]));
  const storages = new Storages();
  for (const [bytes, message] of [
    [asking("os", "system"), /the pickle asks for os\.system, which is not run/],
    [asking("builtins", "eval"), /asks for builtins\.eval/],
    [asking("__main__", "Net"), /asks for __main__\.Net.*torch\.save\(model\.state_dict\(\), FILE\)/],
    [asking("torch.nn.modules.linear", "Linear"), /asks for torch\.nn\.modules\.linear\.Linear/],
    [asking("torch", "FloatStorage"), /calls torch\.FloatStorage/],
    [
      file(
        (s) =>
          new Map([
            ["weight", Storages.tensor(s.add(new Uint8Array(16)), "ComplexFloatStorage", 0, [1, 2], [2, 1])],
          ]),
      ),
      /a tensor of torch\.ComplexFloatStorage/,
    ],
    [
      file(
        (s) =>
          new Map([
            ["weight", Storages.tensor(s.add(new Uint8Array(16)), "FloatStorage", 0, [3, 2], [2, 1])],
          ]),
      ),
      /reaches to number 6 of a storage of 4/,
    ],
    [
      file(
        (s) =>
          new Map([
            ["weight", Storages.tensor(s.add(new Uint8Array(16)), "FloatStorage", 0, [1e6, 1e6], [0, 0])],
          ]),
      ),
      /repeats the numbers of its storage/,
    ],
    [
      file(() => new Map([["weight", Storages.tensor("7", "FloatStorage", 0, [1, 2], [2, 1])]])),
      /holds no "model\/data\/7"/,
    ],
    [file(() => new Map([["epoch", 3]])), /holds no state dict with a matrix/],
    [
      file(dict, { "model/constants.pkl": "" }),
      /the file is TorchScript.*torch\.onnx\.export\(torch\.jit\.load\(FILE\)/,
    ],
    [file(dict, { "model/byteorder": "big" }), /big endian/],
    [zipFile({ "a/archive_format": "pt2" }), /exported program \(torch\.export\)/],
    [zipFile({ "a.txt": "" }), /holds no data\.pkl/],
    [zipFile({ "m/data.pkl": Buffer.from([0x80, 2, 0x49]) }), /the instruction 0x49/],
    [zipFile({ "m/data.pkl": pickle(new Map()).subarray(0, 3) }), /the pickle is cut off/],
    [torchFile(new Map([["weight", storages.floats([2, 2], [1, NaN, 3, 4])]]), storages), /NaN/],
  ] as [Buffer, RegExp][])
    assert.throws(() => networkFromTorch(bytes), message);
});

test("a dictionary that holds itself is followed once", () => {
  const inner = Buffer.concat([Buffer.from([0x80, 2]), Buffer.from("}q\0X\x01\0\0\0ah\0s.", "latin1")]);
  assert.throws(() => networkFromTorch(zipFile({ "m/data.pkl": inner })), /no state dict with a matrix/);
});

test.run();
