// Dense chains from named tensors alone: order, orientation, normalisation, and what is refused rather than guessed.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { networkFromSafetensors, networkFromTensors, type NamedFormat } from "relu-lab/formats";
import { generator } from "relu-lab/random";
import { counting, safetensorsFile, type Written } from "./tensor-writers";

const format: NamedFormat = { format: "arrays", weightsAreRows: true, mayHoldOthers: false };
const tensors = (arrays: Record<string, Written>) =>
  new Map(
    Object.entries(arrays).map(([name, { shape, values }]) => [
      name,
      { shape, values: Float64Array.from(values) },
    ]),
  );
const read = (arrays: Record<string, Written>, options = {}, how = format) =>
  networkFromTensors(tensors(arrays), options, how);
/** Weights named so, of these shapes, each with its bias. */
const layers = (shapes: Record<string, [number, number]>) =>
  Object.fromEntries(
    Object.entries(shapes).flatMap(([name, shape]) => [
      [`${name}.weight`, counting(...shape)],
      [`${name}.bias`, counting(shape[0])],
    ]),
  );

test("layers stand in the order of their numbers, and the assumed activation is said", () => {
  const { network, notes } = read(layers({ fc10: [1, 4], fc2: [3, 2], fc3: [4, 3] }));
  assert.equal(network.sizes, [2, 3, 4, 1]);
  assert.is(notes.length, 1);
  assert.match(notes[0], /does not hold the activation: ReLU is taken/);
  assert.equal(read(layers({ "net.0": [3, 2] })).notes, []);
});

test("words have an order only where the shapes leave no other", () => {
  for (const [shapes, sizes] of [
    [{ "layers.0": [6, 2], head: [3, 6] }, [2, 6, 3]],
    [{ "layers.0": [6, 2], "layers.1": [6, 6], head: [6, 6] }, [2, 6, 6, 6]],
    [{ fc_out: [1, 5], fc1: [4, 2], fc2: [5, 4] }, [2, 4, 5, 1]],
    [{ classifier: [3, 5], backbone: [5, 7] }, [7, 5, 3]],
    [{ linear_1: [3, 5], linear: [5, 7] }, [7, 5, 3]],
  ] as [Record<string, [number, number]>, number[]][]) {
    const { network, notes } = read(layers(shapes));
    assert.equal(network.sizes, sizes);
    assert.match(notes[0], /order is not in the file: .* is the only one that fits/);
  }
});

test("several orders or several networks are refused with the way to choose", () => {
  const auto = layers({ "encoder.0": [3, 8], "decoder.0": [8, 3] });
  assert.throws(
    () => read(auto),
    /several fit: encoder\.0, decoder\.0 \(8-3-8\) or decoder\.0, encoder\.0 \(3-8-3\): choose one with --layers encoder\.0,decoder\.0/,
  );
  assert.equal(read(auto, { layers: ["encoder", "decoder"] }).network.sizes, [8, 3, 8]);
  assert.equal(read(auto, { layers: ["decoder.0.weight", "encoder.0"] }).network.sizes, [3, 8, 3]);
  // These two would fit behind each other, and are two networks nevertheless.
  const two = layers({ "actor.0": [6, 4], "actor.2": [4, 6], "critic.0": [6, 4], "critic.2": [1, 6] });
  assert.throws(
    () => read(two),
    /not make one chain, but 2: actor\.0, actor\.2 \(4-6-4\); critic\.0, critic\.2 \(4-6-1\).*--layers actor/,
  );
  const { network, notes } = read(two, { layers: ["critic"] });
  assert.equal(network.sizes, [4, 6, 1]);
  assert.match(notes[0], /left out, as they are not among the layers asked for: actor\.0, actor\.2/);
  const twins = layers({ "q1.0": [6, 4], "q1.2": [1, 6], "q2.0": [6, 4], "q2.2": [1, 6] });
  assert.throws(() => read(twins), /but 2: q1\.0, q1\.2 \(4-6-1\); q2\.0, q2\.2 \(4-6-1\)/);
  // Numbers order the layers of one network, but not networks.
  const nets = layers({ "net1.0": [6, 4], "net1.2": [4, 6], "net2.0": [6, 4], "net2.2": [1, 6] });
  assert.throws(() => read(nets), /but 2: net1\.0, net1\.2 \(4-6-4\); net2\.0, net2\.2 \(4-6-1\)/);
  assert.equal(read(nets, { layers: ["net2"] }).network.sizes, [4, 6, 1]);
  const heads = {
    ...layers({ trunk: [5, 2], mean: [3, 5], deviation: [3, 5] }),
    log_std: counting(3),
    "embed.weight": counting(9, 4),
  };
  assert.throws(
    () => read(heads),
    /"log_std" belongs to no dense layer|"embed\.weight" belongs to an embedding/,
  );
  assert.match(
    read(heads, { layers: ["trunk", "mean"] }).notes[0],
    /left out, .*: deviation, embed, log_std/,
  );
  assert.throws(
    () => read({ ...heads, "trunk.weight_mask": counting(5, 2) }, { layers: ["trunk", "mean"] }),
    /"trunk\.weight_mask" belongs to no/,
  );
  const plain = layers({ trunk: [5, 2], mean: [3, 5], deviation: [3, 5] });
  assert.throws(() => read(plain), /but 3: trunk \(2-5\); mean .* with --layers trunk,mean/);
  const unknown = layers({ "left.0": [6, 4], "left.2": [4, 6], "right.0": [6, 4], "right.2": [1, 6] });
  assert.throws(() => read(unknown), /left\.0, left\.2 \(4-6-4\); right\.0/);
  assert.throws(() => read(layers({ a: [5, 2], pi: [3, 5], v: [1, 5] })), /not make one chain/);
  assert.throws(() => read(two, { layers: ["actr"] }), /"actr" is none of its layers: there are actor\.0/);
  assert.throws(() => read(two, { layers: ["actor.2", "actor.0", "actor.2"] }), /one of them twice/);
  assert.throws(
    () => read(two, { layers: ["actor.0", "critic"] }),
    /"actor\.0" gives 6 values, but "critic\.0" behind it takes 4/,
  );
});

test("kernels lie the other way round; a bare W shows it by its bias or by what fits, or is refused", () => {
  const kernels = read({
    "params.Dense_0.kernel": counting(2, 6),
    "params.Dense_0.bias": counting(6),
    "params.Dense_1.kernel": counting(6, 1),
  });
  assert.equal(kernels.network.sizes, [2, 6, 1]);
  assert.is(kernels.network.layers[0].weights[1], counting(2, 6).values[6]);
  const open = { ...format, weightsAreRows: false, mayHoldOthers: true };
  for (const [arrays, sizes] of [
    [{ W1: counting(2, 6), b1: counting(6), W2: counting(6, 1) }, [2, 6, 1]],
    [{ W1: counting(6, 2), b1: counting(6), W2: counting(1, 6) }, [2, 6, 1]],
    [{ weight_0: counting(2, 6), weight_2: counting(6, 3), points: counting(3, 3) }, [2, 6, 3]],
    [{ coefs_0: counting(2, 2), intercepts_0: counting(2) }, [2, 2]],
  ] as [Record<string, Written>, number[]][])
    assert.equal(read(arrays, {}, open).network.sizes, sizes);
  assert.throws(
    () => read({ W1: counting(3, 3), W2: counting(3, 3) }, {}, open),
    /\[outputs\]\[inputs\] or \[inputs\]\[outputs\] is not in the file/,
  );
  assert.throws(
    () => read({ W1: counting(3, 2), input_mean: counting(2) }, {}, open),
    /"input_mean" belongs to no dense layer/,
  );
});

test("batch normalisation is that of inference, wherever its number puts it", () => {
  const random = generator(5);
  const list = (count: number, number: () => number): Written => ({
    shape: [count],
    values: Array.from({ length: count }, number),
  });
  const norm = (name: string, count: number): [string, Written][] => [
    [`${name}.weight`, list(count, () => random.normal())],
    [`${name}.bias`, list(count, () => random.normal())],
    [`${name}.running_mean`, list(count, () => random.normal())],
    [`${name}.running_var`, list(count, () => 0.5 + random.normal() ** 2)],
    [`${name}.num_batches_tracked`, { shape: [], values: [7] }],
  ];
  const matrix = (x: number[], W: Written, b: Written) =>
    b.values.map((bias, o) => x.reduce((sum, v, i) => sum + v * W.values[o * W.shape[1] + i], bias));
  const relu = (x: number[]) => x.map((v) => Math.max(0, v));
  const apply = (arrays: Record<string, Written>, x: number[], name: string) => {
    if (!arrays[`${name}.running_mean`]) return matrix(x, arrays[`${name}.weight`], arrays[`${name}.bias`]);
    const [g, b, m, v] = ["weight", "bias", "running_mean", "running_var"].map(
      (part) => arrays[`${name}.${part}`].values,
    );
    return x.map((one, c) => ((one - m[c]) / Math.sqrt(v[c] + 1e-5)) * g[c] + b[c]);
  };
  for (const order of ["0 1 R 3 R 5", "0 R 2 3 R 5", "-1 0 R 3 R 5 6", "fc1 bn1 R fc2 bn2 R fc3"]) {
    const steps = order.replace("-1 0", "0 1").split(" ");
    const widths = [2];
    const arrays: Record<string, Written> = {};
    const norms = /bn/.test(order)
      ? ["bn1", "bn2"]
      : order.startsWith("-1")
        ? ["0", "6"]
        : order.startsWith("0 1")
          ? ["1"]
          : ["2"];
    let at = 2;
    for (const name of steps) {
      if (name === "R") continue;
      if (norms.includes(name)) Object.assign(arrays, Object.fromEntries(norm(name, at)));
      else {
        const next = 3 + widths.length;
        Object.assign(arrays, layers({ [name]: [next, at] }));
        widths.push((at = next));
      }
    }
    const { network, notes } = read(arrays);
    assert.equal(network.sizes, widths);
    assert.is(
      notes.filter((note) => /with eps 0\.00001 \(not in the file\)/.test(note)).length,
      norms.length,
      order,
    );
    for (let p = 0; p < 10; p++) {
      const x = [random.normal(), random.normal()];
      const want = steps.reduce((now, name) => (name === "R" ? relu(now) : apply(arrays, now, name)), x);
      network.forward(x).forEach((v, i) => assert.ok(Math.abs(v - want[i]) < 1e-12, order));
    }
  }
  const lost = { ...layers({ 0: [3, 2], 2: [3, 3] }), ...Object.fromEntries(norm("norm", 3)) };
  assert.throws(() => read(lost), /where the batch normalisation "norm" of 3 channels stands/);
  const between = { ...layers({ 0: [3, 2], 4: [3, 3] }), ...Object.fromEntries(norm("2", 3)) };
  assert.throws(() => read(between), /"2" may stand before or behind an activation by its number/);
});

test("activation and last layer as they are asked for", () => {
  const file = safetensorsFile(layers({ 0: [3, 2], 2: [2, 3] }));
  const plain = networkFromSafetensors(file);
  const capped = networkFromSafetensors(file, { last: "relu" });
  const leaky = networkFromSafetensors(file, { activation: { leaky: 0.25 } });
  const x = [-1.7, 1.4];
  const hidden = plain.layers[0];
  const z = [0, 1, 2].map(
    (o) => hidden.biases[o] + hidden.weights[2 * o] * x[0] + hidden.weights[2 * o + 1] * x[1],
  );
  const want = (f: (v: number) => number) =>
    [0, 1].map((o) =>
      z.reduce((sum, v, i) => sum + f(v) * plain.layers[1].weights[3 * o + i], plain.layers[1].biases[o]),
    );
  const near = (a: ArrayLike<number>, b: number[]) =>
    b.forEach((v, i) => assert.ok(Math.abs(v - a[i]) < 1e-14));
  near(
    plain.forward(x),
    want((v) => Math.max(v, 0)),
  );
  near(
    capped.forward(x),
    want((v) => Math.max(v, 0)).map((v) => Math.max(v, 0)),
  );
  near(
    leaky.forward(x),
    want((v) => (v < 0 ? v / 4 : v)),
  );
  assert.ok(z.some((v) => v < 0));
});

test("what is no chain of dense layers is named", () => {
  for (const [arrays, message] of [
    [{ "embed.weight": counting(5, 2) }, /"embed\.weight" belongs to an embedding/],
    [
      {
        "0.weight": counting(3, 2),
        "0.lora_A.weight": counting(2, 3),
        "0.lora_B.weight": counting(3, 2),
        "2.weight": counting(1, 3),
      },
      /"0\.lora_A\.weight" is a part of a LoRA adapter.*merge the adapter/,
    ],
    [
      { "q_proj.weight": counting(3, 3), "v_proj.weight": counting(3, 3) },
      /"q_proj\.weight" belongs to an embedding, an attention/,
    ],
    [
      { "lstm.weight_ih_l0": counting(5, 2), "fc.weight": counting(2, 2) },
      /"lstm\.weight_ih_l0" belongs to no dense layer/,
    ],
    [
      { "0.weight": counting(5, 2), "1.weight": counting(5), "1.bias": counting(5) },
      /"1\.weight" of shape \[5\] is a normalisation without stored statistics/,
    ],
    [{ "0.weight": counting(5, 2), "1.weight": counting(1) }, /a PReLU, perhaps/],
    [layers({ a: [2, 2], "res.fc": [2, 2] }), /"res\.fc\.weight" belongs to .* a skip by its name/],
    [{ "conv.weight": counting(2, 1, 3) }, /is a convolution/],
    [
      { "0.weight_g": counting(2, 1), "0.weight_v": counting(2, 2), "1.weight": counting(2, 2) },
      /"0\.weight_g" belongs to no/,
    ],
    [layers({ 0: [3, 2], 2: [3, 4] }), /not make one chain, but 2: 0 \(2-3\); 2 \(4-3\)/],
    [
      Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}.weight`, counting(1, 1)])),
      /1001 layers: at most 1000/,
    ],
    [
      Object.fromEntries(
        Array.from({ length: 12 }, (_, i) => [`${"abcdefghijkl"[i]}.weight`, counting(2, 2)]),
      ),
      /several fit/,
    ],
  ] as [Record<string, Written>, RegExp][])
    assert.throws(() => read(arrays), message);
});

test.run();
