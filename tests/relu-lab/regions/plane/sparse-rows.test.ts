// Rows of non-zeros, worked out by hand: who gets a row, who is passed on, and what is known of zeros.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import { sparseNetwork } from "../../../../packages/relu-lab/src/regions/plane/sparse";
import { layersOf, neuronsOf, type Layer } from "./exact-plans";
import { inRows } from "../../../rows";

/** A plan of layers given as rows of weights; `slope` 0 for ReLUs, 1 for linear. The last one is the output. */
function planFrom(layers: Layer[]) {
  const all = layersOf(layers);
  const hidden = all.slice(0, -1);
  return { plan: { hidden, output: all[all.length - 1], neurons: neuronsOf(hidden) }, all };
}

/** The network by its non-zeros in plain arrays: of each layer above the first its rows, and what has none. */
function sparseOf(layers: Layer[], constant?: number[]) {
  const { plan, all } = planFrom(layers);
  const [weights, biases] = [all.map((layer) => layer.weights), all.map((layer) => layer.biases)];
  const flags = Uint8Array.from(constant ?? layers[0].W.map(() => 0));
  const found = sparseNetwork(plan, weights, biases, flags, true);
  assert.ok(found);
  const { neuronOf, sums, zeroable } = found;
  const lists = (flat: Int32Array) => {
    const result: number[][] = [];
    for (let at = 0; at < flat.length; at += 2 + flat[at + 1])
      result.push([flat[at], ...flat.subarray(at + 2, at + 2 + flat[at + 1])]);
    return result;
  };
  return {
    found,
    neuronOf: [...neuronOf],
    sums: lists(sums),
    zeroable: lists(zeroable),
    rows: found.layers.map(({ neurons, starts, columns, values, biases: b }) =>
      Array.from(neurons, (neuron, row) => ({
        neuron,
        bias: b[row],
        terms: Object.fromEntries(
          Array.from(columns.subarray(starts[row], starts[row + 1]), (column, k) => [
            neuronOf[column],
            values[starts[row] + k],
          ]),
        ),
      })),
    ),
  };
}

const out = (...weights: number[]) => ({ W: [weights], slope: 1 });
/** Three ReLUs of two inputs. */
const three = { W: inRows(2, [1, 0, 0, 1, 1, 1]), b: [0.5, 0.25, -0.5] };

test("a row keeps what is not zero, and its bias", () => {
  const { rows, neuronOf, sums, zeroable } = sparseOf([
    three,
    { W: inRows(3, [0, 3, -2, 5, 0, 0]), b: [0.5, -1] },
    { ...out(7, 0), b: [9] },
  ]);
  assert.equal(neuronOf, [0, 1, 2, 3, 4]);
  assert.equal(rows, [
    [
      { neuron: 3, bias: 0.5, terms: { 1: 3, 2: -2 } },
      { neuron: 4, bias: -1, terms: { 0: 5 } },
    ],
    [{ neuron: 0, bias: 9, terms: { 3: 7 } }],
  ]);
  assert.equal([sums, zeroable], [[], []]);
});

test("a ReLU that sums up activations has no row: it is on where one of them is", () => {
  const { rows, neuronOf, sums, zeroable } = sparseOf([
    three,
    { W: inRows(3, [1, 0, 2, 1, -1, 0, 0, 0.5, 0]) },
    { W: inRows(3, [1, 1, 4, 3, 0, 1]), b: [0, 0.5] },
    out(1, 1),
  ]);
  // 3 = relu(h0 + 2 h2) and 5 = relu(h1 / 2) are passed on, 4 has a negative weight; 6 sums up sums.
  assert.equal(neuronOf, [0, 1, 2, 4, 7]);
  assert.equal(sums, [
    [3, 0, 2],
    [5, 1],
    [6, 0, 2, 4, 1],
  ]);
  assert.equal(rows[0], [{ neuron: 4, bias: 0, terms: { 0: 1, 1: -1 } }]);
  assert.equal(rows[1], [{ neuron: 7, bias: 0.5, terms: { 0: 3, 2: 6, 1: 0.5 } }]);
  assert.equal(rows[2], [{ neuron: 0, bias: 0, terms: { 0: 1, 2: 2, 1: 2, 4: 1, 7: 1 } }]);
  assert.equal(zeroable, [[4, 0, 1]]);
});

test("only sums without bias, of weights that are powers of two, are passed on", () => {
  const passed = (W: number[], b = 0, slope = 0) =>
    sparseOf([three, { W: [W], b: [b], slope }, out(1)]).sums.length === 1;
  assert.is(passed([1, 2, 0.5]), true);
  assert.is(passed([1, 2, 0.5], 0.5), false, "a bias makes a boundary, or moves none but is not 0");
  assert.is(passed([1, 2, 0.5], -0.5), false);
  assert.is(passed([1, -2, 0.5]), false, "a difference makes a boundary");
  assert.is(passed([-1, -2, -4]), false);
  assert.is(passed([1, 3, 0.5]), false, "3 is no power of two");
  assert.is(passed([1, 0, 1]), true, "what it does not read does not matter");
  assert.is(passed([1, -2, 0.5], 0, 1), true, "a linear neuron has no boundary");
  assert.is(passed([1, -3, 0.5], 0, 1), false);
  assert.is(passed([1, -2, 0.5], 0.5, 1), false);
  assert.is(passed([1, 2 ** 59, 2 ** -59]), true);
  assert.is(passed([1, 2 ** 60, 1]), false, "so large a weight keeps its row");
  assert.is(passed([1, 2 ** -60, 1]), false);
  assert.is(passed([1, 2 ** 50 + 2 ** -2, 1]), false, "its logarithm is rounded to 50");
});

test("a sum of up to 16 activations is passed on", () => {
  for (const [terms, passes] of [
    [15, true],
    [16, true],
    [17, false],
  ] as const) {
    const ones = new Array<number>(terms).fill(1);
    const first = { W: ones.map((_, i) => [1, i]) };
    assert.is(sparseOf([first, { W: [ones] }, out(1)]).sums.length === 1, passes, `${terms} terms`);
    // Counted once each, however many paths lead to them.
    const { sums } = sparseOf([first, { W: [ones, ones] }, { W: [[1, 1]] }, out(1)]);
    assert.is(sums.length, passes ? 3 : 1, `${terms} terms twice`);
    if (passes) assert.is(sums[2].length, 1 + terms);
  }
});

test("a linear neuron is on everywhere; what rests on a linear neuron's own row is no sum of activations", () => {
  // 3 is linear without bias: passed on, without terms to be on. 4 is linear with a bias: a row of its own.
  const linear = { W: inRows(3, [1, -1, 0, 0, 1, 1]), b: [0, 0.5], slope: 1 };
  const { sums, rows, zeroable, neuronOf } = sparseOf([
    three,
    linear,
    { W: inRows(2, [1, 0, 0, 1, 1, 1]) },
    out(1, 1, 1),
  ]);
  assert.equal(sums, [[3]]);
  assert.equal(neuronOf, [0, 1, 2, 4, 5, 6, 7]);
  assert.equal(rows[0], [{ neuron: 4, bias: 0.5, terms: { 1: 1, 2: 1 } }]);
  assert.equal(rows[1], [
    { neuron: 5, bias: 0, terms: { 0: 1, 1: -1 } },
    { neuron: 6, bias: 0, terms: { 4: 1 } },
    { neuron: 7, bias: 0, terms: { 0: 1, 1: -1, 4: 1 } },
  ]);
  assert.equal(zeroable, [
    [5, 0, 1],
    [6, 4],
    [7, 0, 1, 4],
  ]);
});

test("a linear neuron that adds up activations is not negative, and a ReLU above it no boundary", () => {
  // 3 = h0 + 2 h1 + 1/2 is at least 0 and has a row of its own; 4 = h0 - h1 is neither.
  const linear = { W: inRows(3, [1, 2, 0, 1, -1, 0]), b: [0.5, 0.5], slope: 1 };
  const { sums } = sparseOf([three, linear, { W: inRows(2, [1, 0, 0, 1]) }, out(1, 1)]);
  assert.equal(sums, [], "without terms to name it keeps its row, though it cannot be off");
  // Without the bias it is passed on, and so is a ReLU of it: on where h0 or h1 is.
  const passing = { ...linear, b: [0, 0.5] };
  const above = sparseOf([three, passing, { W: inRows(2, [1, 0, 0, 1]) }, out(1, 1)]);
  assert.equal(above.sums, [[3], [5, 0, 1]]);
  assert.equal(above.zeroable, [[6, 4]]);
  // A bias below 0 can make the sum negative.
  const lowered = sparseOf([three, { ...linear, b: [-0.5, 0] }, { W: inRows(2, [1, 0, 0, 1]) }, out(1, 1)]);
  assert.equal(lowered.sums, [[4]]);
});

test("a first layer without ReLUs names no terms and may be negative", () => {
  const { sums, zeroable } = sparseOf([
    { ...three, slope: 1 },
    { W: inRows(3, [1, 1, 0, 1, 0, 0]) },
    out(1, 1),
  ]);
  assert.equal(sums, []);
  assert.equal(zeroable, [
    [3, 0, 1],
    [4, 0],
  ]);
});

test("paths that cancel leave no entry, and a ReLU of nothing is off", () => {
  const tent = { W: inRows(3, [1, -1, 0, 1, 1, 0]), slope: 1 };
  // h0 - h1 + h0 + h1 = 2 h0: the entries of h1 cancel.
  const { rows, sums, zeroable, neuronOf } = sparseOf([
    three,
    tent,
    { W: inRows(2, [1, 1, 1, -1, 0, 0]), b: [0.25, 0.25, 0] },
    { W: [[1, 1, 8]], b: [0.5] },
    out(1),
  ]);
  assert.equal(rows[1], [
    { neuron: 5, bias: 0.25, terms: { 0: 2 } },
    { neuron: 6, bias: 0.25, terms: { 1: -2 } },
  ]);
  // 7 reads nothing: it is a sum of no terms, never on, and nobody reads it.
  assert.equal(sums, [[3], [4], [7]]);
  assert.equal(rows[2], [{ neuron: 8, bias: 0.5, terms: { 5: 1, 6: 1 } }]);
  assert.equal(zeroable, []);
  assert.equal(neuronOf, [0, 1, 2, 5, 6, 8]);
});

test("a sum whose paths cancel is read as nothing, not as a product that was rounded", () => {
  // 5 = 3 - 4 = 2 h1 - ... with h0 cancelled inside of a sum that is passed on: an entry of 0 that others read.
  const { rows, sums } = sparseOf([
    three,
    { W: inRows(3, [1, 1, 0, 1, -1, 0]), slope: 1 },
    { W: [[1, -1]], slope: 1 },
    { W: [[3]], b: [1] },
    out(1),
  ]);
  assert.equal(sums, [[3], [4], [5]]);
  assert.equal(rows[2], [{ neuron: 6, bias: 1, terms: { 1: 6 } }]);
});

test("a ReLU whose row is empty and whose bias is not above 0 is off everywhere; above 0 it is a constant with a row", () => {
  const cancel = { W: inRows(3, [1, 0, 0, 1, 0, 0]), slope: 1 };
  for (const [bias, constant] of [
    [-0.5, false],
    [0.5, true],
    [0, false],
  ] as const) {
    const { rows, zeroable, neuronOf, sums } = sparseOf([
      three,
      cancel,
      { W: inRows(2, [3, -3, 1, 2]), b: [bias, 0.5] },
      { W: inRows(2, [1, 1, 1, 0, -1, 0]), b: [0.5, 0, 0] },
      out(1, 1, 1),
    ]);
    const own = { neuron: 5, bias, terms: {} };
    assert.equal(rows[1].slice(0, -1), constant ? [own] : [], `bias ${bias}`);
    assert.equal(rows[1].at(-1), { neuron: 6, bias: 0.5, terms: { 0: 3 } });
    assert.equal(rows[2][0], { neuron: 7, bias: 0.5, terms: constant ? { 5: 1, 6: 1 } : { 6: 1 } });
    assert.equal(neuronOf.includes(5), constant);
    // A ReLU of it is passed on either way; minus it is off, or a row.
    assert.equal(sums.slice(2), constant ? [[8, 5]] : [[8]], `bias ${bias}`);
    assert.equal(zeroable, constant ? [[9, 5]] : []);
  }
});

test("linear neurons and outputs keep their rows when they read nothing", () => {
  const { rows, sums } = sparseOf([
    three,
    { W: inRows(3, [0, 0, 0, 0, 0, 0]), b: [-0.5, 0.5], slope: 1 },
    { W: [[1, 1]], b: [0.25] },
    { W: [[0], [0], [0]], b: [-1, 0, 1], slope: 1 },
  ]);
  assert.equal(sums, []);
  assert.equal(rows, [
    [
      { neuron: 3, bias: -0.5, terms: {} },
      { neuron: 4, bias: 0.5, terms: {} },
    ],
    [{ neuron: 5, bias: 0.25, terms: { 3: 1, 4: 1 } }],
    [
      { neuron: 0, bias: -1, terms: {} },
      { neuron: 1, bias: 0, terms: {} },
      { neuron: 2, bias: 1, terms: {} },
    ],
  ]);
});

test("neurons of the first layer that are constant on the domain: 0 below, and one column for equal ones", () => {
  const four = { W: inRows(2, [1, 0, 0, 1, 1, 1, 1, 2, 2, 1]), b: [0.5, 0.5, 0, -1, 0.5] };
  const second = { W: inRows(5, [1, -1, 1, 1, 0, 1, 0, 0, 0, -1, 3, 3, 3, 3, 3]), b: [0.25, 0.25, 0.25] };
  const terms = (constant: number[], slope = 0) =>
    sparseOf([{ ...four, slope }, second, out(1, 1, 1)], constant).rows[0].map((row) => row.terms);
  // 0, 1 are 0.5 both: their difference is nothing. 2 and 3 are 0. 4 is not constant.
  assert.equal(terms([1, 1, 1, 1, 0]), [{}, { 0: 1, 4: -1 }, { 0: 6, 4: 3 }]);
  assert.equal(terms([1, 1, 0, 0, 1]), [{ 2: 1, 3: 1 }, {}, { 0: 9, 2: 3, 3: 3 }]);
  const all = [
    { 0: 1, 1: -1, 2: 1, 3: 1 },
    { 0: 1, 4: -1 },
    { 0: 3, 1: 3, 2: 3, 3: 3, 4: 3 },
  ];
  assert.equal(terms([0, 0, 0, 0, 0]), all);
  assert.equal(terms([1, 1, 1, 1, 1], 1), all, "linear ones may be negative: nothing is known of them");
  // A sum over one that is 0 names only the others.
  const { sums } = sparseOf([four, { W: [[0, 0, 1, 1, 1]] }, out(1)], [0, 0, 1, 0, 0]);
  assert.equal(sums, [[5, 3, 4]]);
});

test("where a product or a sum would be rounded, the sums on the way get rows", () => {
  /** Who is passed on, when a row reads h0 with `weight` by a sum that has it with `unit`. */
  const rowOf = (weight: number, unit: number, more = 0) => {
    const above = { W: inRows(2, [1, 0, 0, 1]) };
    const { sums, rows } = sparseOf(
      [
        { W: inRows(2, [1, 0, 0, 1, 1, 1]) },
        { W: inRows(3, [unit, 0, 0, 1, 0, 0]), slope: 1 },
        above,
        { W: [[weight, more]], b: [1] },
        out(1),
      ].map((layer, l) => (l === 2 ? { ...layer, slope: 1 } : layer)),
    );
    return { sums: sums.map(([neuron]) => neuron), terms: rows[2][0].terms };
  };
  assert.equal(rowOf(3, 0.5), { sums: [3, 4, 5, 6], terms: { 0: 1.5 } });
  assert.equal(rowOf(1e300, 2 ** 50), { sums: [3, 4, 6], terms: { 5: 1e300 } }, "overflow");
  assert.equal(rowOf(2 ** -1074, 0.5), { sums: [3, 4, 6], terms: { 5: 2 ** -1074 } }, "underflow");
  assert.equal(rowOf(2 ** -1073, 0.5), { sums: [3, 4, 5, 6], terms: { 0: 2 ** -1074 } });
  assert.equal(
    rowOf(1, 2, 2 ** -60),
    { sums: [3, 4], terms: { 5: 1, 6: 2 ** -60 } },
    "2 + 2^-60 has 62 bits",
  );
  assert.equal(rowOf(1, 2, 2 ** -50), { sums: [3, 4, 5, 6], terms: { 0: 2 + 2 ** -50 } });
  // Only those that the rounded row reads get rows.
  assert.equal(rowOf(1e300, 2 ** 50, 0).sums.includes(6), true);
});

test("products of weights that are no powers of two are used where their rest is known to be 0", () => {
  /** Averages over paths make a unit of 3/8 (see below); the row above reads it with `weight`. */
  const reads = (weight: number, scale = 1) => {
    const { rows } = sparseOf([
      { W: inRows(2, [1, 0, 0, 1]) },
      { W: inRows(2, [scale, 0, 2 * scale, 0]), slope: 1 },
      { W: [[1, 1]], slope: 1 }, // 3 scale times h0
      { W: [[weight]], b: [1] },
      out(1),
    ]);
    return rows[2][0].terms;
  };
  assert.equal(reads(5), { 0: 15 });
  assert.equal(reads(-5), { 0: -15 });
  assert.equal(reads(5 * 2 ** 400), { 0: 15 * 2 ** 400 }, "below 1e140");
  assert.equal(reads(5 * 2 ** -400), { 0: 15 * 2 ** -400 }, "above 1e-140");
  // Beyond, the remainder of a product could be lost: rather a row of its own.
  assert.equal(reads(5 * 2 ** 500), { 4: 5 * 2 ** 500 });
  assert.equal(reads(5 * 2 ** -500), { 4: 5 * 2 ** -500 });
  assert.equal(reads(2 ** 53 - 1), { 4: 2 ** 53 - 1 }, "3 (2^53 - 1) has 55 bits");
});

test("what is passed on by a weight of 0 is neither read nor given a row", () => {
  const net = (weights: number[]) => [
    { W: inRows(2, [1, 0, 0, 1]) },
    { W: inRows(2, [1, 0, 2, 0]), slope: 1 },
    { W: inRows(2, [1, 1, 1, 0]), slope: 1 },
    { W: [weights], b: [1] },
    out(1),
  ];
  const { sums, rows } = sparseOf(net([0, 3]));
  assert.equal(rows[2][0].terms, { 0: 3 });
  assert.is(sums.length, 4);
  // A product that is rounded: 4 = 3 h0 gets a row, 5 = h0 is not read by it and gets none.
  assert.equal(
    sparseOf(net([1 + 2 ** -52, 0])).sums.map(([neuron]) => neuron),
    [2, 3, 5],
  );
});

test("rows become lists from 10,000 numbers on of which at most a quarter is not zero", () => {
  const chosen = (rows: number, columns: number, others: number, first = 1) => {
    const hidden = inRows(3, [columns, 2, 0, rows, columns, 0]).map(([outputs, inputs, slope]) => ({
      inputs,
      outputs,
      slope,
      weights: new Float64Array(inputs * outputs).fill(first),
      biases: new Float64Array(outputs).fill(1),
    }));
    hidden[1].weights.fill(0).fill(1, 0, others);
    const output = {
      inputs: rows,
      outputs: 0,
      slope: 1,
      weights: new Float64Array(),
      biases: new Float64Array(),
    };
    const plan = { hidden, output, neurons: rows + columns };
    const [weights, biases] = [hidden.map((layer) => layer.weights), hidden.map((layer) => layer.biases)];
    const given = [plan, weights, biases, new Uint8Array(columns)] as const;
    assert.ok(sparseNetwork(...given, true));
    return sparseNetwork(...given) !== undefined;
  };
  assert.is(chosen(100, 100, 2500), true);
  assert.is(chosen(100, 100, 2501), false);
  assert.is(chosen(99, 101, 10), false, "9,999 numbers");
  assert.is(chosen(101, 100, 10), true);
  assert.is(chosen(200, 100, 5000), true);
  assert.is(chosen(200, 100, 5001), false);
});

test("rows of non-zeros have the values of the layers they stand for", () => {
  const r = random.generator("sparse values");
  const entry = () => [0, 0, 0, 1, 1, 2, -1, 0.5, 3, -0.75][r.integer(10)];
  for (let trial = 0; trial < 40; trial++) {
    const sizes = [2, 4, 3, 4, 3, 2];
    const layers = sizes.slice(1).map((n, l) => ({
      W: Array.from({ length: n }, () => Array.from({ length: sizes[l] }, entry)),
      b: Array.from({ length: n }, () => [0, 0, 0.5, -0.5][r.integer(4)]),
      slope: l === 4 || r.integer(3) === 0 ? 1 : 0,
    }));
    const constant = layers[0].W.map((row) => (row.every((w) => w === 0) ? 1 : 0));
    const { found, rows, sums, zeroable } = sparseOf(layers, constant);
    const offsets = layers.map((_, l) => layers.slice(0, l).reduce((sum, { W }) => sum + W.length, 0));
    for (const x of [
      [0.5, 0.25],
      [-0.5, 1],
      [-1, -0.25],
      [0.75, -2],
      [0, 0],
    ]) {
      // By the layers, in numbers of few bits: exact.
      const z: number[] = [];
      const h: number[] = [];
      let below = x;
      for (const { W, b, slope } of layers) {
        const own = W.map((row, j) => row.reduce((sum, w, i) => sum + w * below[i], b[j]));
        below = own.map((value) => (slope === 0 ? Math.max(0, value) : value));
        z.push(...own);
        h.push(...below);
      }
      rows.forEach((list, k) => {
        for (const { neuron, bias, terms } of list) {
          const at = k === rows.length - 1 ? offsets[4] + neuron : neuron;
          const value = Object.entries(terms).reduce((sum, [n, w]) => sum + w * h[Number(n)], bias);
          assert.is(value, z[at], `trial ${trial}, neuron ${at}`);
        }
      });
      const isLinear = (n: number) => layers[offsets.findLastIndex((from) => from <= n)].slope === 1;
      for (const [neuron, ...terms] of sums) {
        if (isLinear(neuron)) assert.equal(terms, []);
        else
          assert.is(
            z[neuron] > 0,
            terms.some((n) => h[n] > 0),
            `trial ${trial}, sum ${neuron}`,
          );
      }
      for (const [neuron, ...terms] of zeroable)
        if (terms.every((n) => h[n] === 0)) assert.is(z[neuron], 0, `trial ${trial}, neuron ${neuron}`);
      assert.is(found.layers.length, 4);
    }
  }
});

test.run();
