// Whether two patterns have one map: the answer is compared with maps in rational arithmetic, and what it took to find it
// with what the weights' paths tell. Residues read the biases, integers read the domain's polygon: a plan and a domain
// that count these reads show which was needed.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";
import { applyLayer, integerLayers, type Row } from "../../../oracle/integers";
import { checkDomain, type CheckedDomain } from "../../../../packages/relu-lab/src/regions/plane/domain";
import { planOf, type Plan, type PlanLayer } from "../../../../packages/relu-lab/src/regions/plan/plan";
import { ResidueMap } from "../../../../packages/relu-lab/src/regions/maps/residue-map";
import { planeMaps } from "../../../../packages/relu-lab/src/regions/plane/region-maps";
import { inRows } from "../../../rows";

type Generator = random.Generator;
type Bits = number[];
type Layer = { W: number[][]; b: number[]; activation: "relu" | "linear" };

const PRIME = 8388593; // of the residues
const unitBox = checkDomain({ lo: [-1, -1], hi: [1, 1] }, 2);

interface Effort {
  residues: number;
  integers: number;
}

/** A plan and a domain that count what is read of them. */
function counted(plan: Plan, domain: CheckedDomain) {
  const effort: Effort = { residues: 0, integers: 0 };
  const first = plan.hidden[0];
  const watch = (layer: PlanLayer): PlanLayer => ({
    ...layer,
    get biases() {
      if (layer === first) effort.residues++;
      return layer.biases;
    },
  });
  const watched = { ...plan, hidden: plan.hidden.map(watch), output: plan.output };
  const asked = {
    ...domain,
    get polygon() {
      effort.integers++;
      return domain.polygon;
    },
  };
  return { watched, asked, effort };
}

/** Patterns of so many bits each, packed. */
function packed(patterns: Bits[]): { words: number; table: Uint32Array } {
  const words = Math.ceil(patterns[0].length / 32);
  const table = new Uint32Array(words * patterns.length);
  patterns.forEach((bits, r) => bits.forEach((on, n) => (table[r * words + (n >>> 5)] |= on << (n & 31))));
  return { words, table };
}

function sameMapOf(net: network.ReluNetwork, patterns: Bits[], domain = unitBox) {
  const plan = planOf(net);
  const { watched, asked, effort } = counted(plan, domain);
  const { words, table } = packed(patterns);
  const same = planeMaps(watched, asked, table, words);
  return { same, plan, effort };
}

/** Rows of all layers under a pattern, in integers; the outputs' last. */
function rowsOf(net: network.ReluNetwork, bits: Bits, inputs: Row[], shift: number): Row[][] {
  let values: (Row | null)[] = inputs;
  let start = 0;
  return integerLayers(net, shift).map((layer) => {
    const rows = applyLayer(layer, values, 2);
    const from = start;
    values = rows.map((row, i) => (layer.relu && !bits[from + i] ? null : row));
    start += rows.length;
    return rows;
  });
}
const xy: Row[] = inRows(3, [1n, 0n, 0n, 0n, 1n, 0n]);

/** Two or three hidden layers, one of which may be linear; small integers with zeros, biases that are never 0. */
function smallNetwork(r: Generator, biases: () => number): network.ReluNetwork {
  const sizes = [2, 2 + r.integer(3), 1 + r.integer(3), ...(r.integer(2) ? [2] : []), 1 + r.integer(2)];
  const linear = r.integer(4);
  const layers = sizes.slice(1).map((n, l): Layer => ({
    W: Array.from({ length: n }, () =>
      Array.from({ length: sizes[l] }, () => r.integer(4) - 1 - r.integer(2)),
    ),
    b: Array.from({ length: n }, biases),
    activation: l === sizes.length - 2 || l === linear ? "linear" : "relu",
  }));
  if (r.integer(2)) {
    // Neurons 0 and 1 cancel out where both are on.
    layers[0].W[1] = layers[0].W[0];
    layers[0].b[1] = layers[0].b[0];
    for (const row of layers[1].W) row[1] = -row[0];
  }
  return network.ReluNetwork.of(layers);
}

/** What the weights that are not zero tell of neuron `index` of layer `l` under a pattern: paths, and their sum a output. */
function paths(plan: Plan, bits: Bits, l: number, index: number): { reaches: boolean; gains: number[] } {
  const layers = [...plan.hidden, plan.output];
  let reached = new Set([index]);
  let gains = new Map([[index, 1]]);
  let start = plan.hidden.slice(0, l + 1).reduce((sum, { outputs }) => sum + outputs, 0);
  for (const layer of layers.slice(l + 1)) {
    const [next, sums] = [new Set<number>(), new Map<number, number>()];
    for (let j = 0; j < layer.outputs; j++) {
      if (layer !== plan.output && layer.slope !== 1 && !bits[start + j]) continue;
      for (const i of reached) {
        const w = layer.weights[j * layer.inputs + i];
        if (w === 0) continue;
        next.add(j);
        sums.set(j, (sums.get(j) ?? 0) + w * gains.get(i)!);
      }
    }
    start += layer.outputs;
    [reached, gains] = [next, sums];
  }
  return { reaches: reached.size > 0, gains: [...gains.values()] };
}

test("patterns of small networks: the answer is that of rational arithmetic, the effort what paths leave open", () => {
  const kinds = new Map<string, number>();
  for (let trial = 0; trial < 150; trial++) {
    const r = random.generator("same map").split(trial);
    const net = smallNetwork(r, () => 3 + r.integer(4));
    const plan = planOf(net);
    const isRelu = plan.hidden.flatMap(({ slope, outputs }) => new Array<boolean>(outputs).fill(slope !== 1));
    const relus = isRelu.flatMap((relu, n) => (relu ? [n] : []));
    // Region 0 stands before, so that no pattern starts at word 0; linear neurons have any bit.
    const one = Array.from(isRelu, () => r.integer(2));
    one[1] = one[0];
    const patterns = [one.map((bit) => 1 - bit), one];
    for (let k = 0; k < 8; k++) {
      const other = one.slice();
      const flips = Math.min(relus.length, [1, 1, 2, 3][k % 4]);
      if (k === 7 && isRelu[0]) other[0] = other[1] = 1 - other[0];
      else for (const n of r.permutation(relus.length).slice(0, flips)) other[relus[n]] ^= 1;
      patterns.push(other);
    }
    for (let second = 2; second < patterns.length; second++) {
      const [p, q] = second % 3 ? [1, second] : [second, 1];
      const { same, effort } = sameMapOf(net, patterns);
      const rows = [patterns[p], patterns[q]].map((bits) => rowsOf(net, bits, xy, 0));
      const expected = String(rows[0].at(-1)) === String(rows[1].at(-1));
      const flipped = relus.filter((n) => patterns[p][n] !== patterns[q][n]);
      const starts = plan.hidden.map((_, l) => plan.hidden.slice(0, l).reduce((s, h) => s + h.outputs, 0));
      const known = flipped.map((n) => {
        const l = starts.filter((start) => start <= n).length - 1;
        const on = patterns[p][n] ? p : q;
        const zero = rows[0][l][n - starts[l]].every((v) => v === 0n);
        return { ...paths(plan, patterns[on], l, n - starts[l]), zero };
      });
      const [{ zero, gains }] = known;
      if (known.length === 1 && zero) continue; // no boundary: never asked about
      const dead = known.every(({ reaches }) => !reaches);
      const alive = known.length === 1 && gains.some((gain) => gain !== 0);
      const name = `network ${trial}, ${patterns[p].join("")} and ${patterns[q].join("")}`;
      assert.is(same.equal(p, q), expected, name);
      assert.is(effort.residues === 0, dead || alive, `${name}: decided by paths alone`);
      assert.is(effort.integers > 0, !dead && !alive && expected, `${name}: compared in integers`);
      assert.is(same.equal(q, p), expected, `${name}, the other way round`);
      const kind = dead ? "dead" : alive ? "alive" : expected ? "equal" : "different";
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
  }
  for (const kind of ["dead", "alive", "equal", "different"]) assert.ok(kinds.get(kind)! > 20, kind);
});

/** n ReLUs in one layer with rows (1, i, 1) that all reach the output, with weight `out(i)`. */
const wide = (n: number, out: (i: number) => number) => {
  const all = Array.from({ length: n }, (_, i) => i);
  return network.ReluNetwork.of([
    { W: all.map((i) => [1, i]), b: all.map(() => 1), activation: "relu" },
    { W: [all.map(out)], b: [0], activation: "linear" },
  ]);
};

test("neurons in any word of a pattern: one is decided by its weight, two are not", () => {
  const n = 70;
  const net = wide(n, (i) => i % 5);
  const none = new Array<number>(n).fill(0);
  const flipped = (...neurons: number[]) => none.map((bit, i) => (neurons.includes(i) ? 1 - bit : bit));
  const numbers = none.map((_, i) => i);
  const patterns = [none, ...numbers.map((i) => flipped(i))];
  const { same, effort } = sameMapOf(net, patterns);
  for (const i of numbers) {
    assert.is(same.equal(i + 1, 0), i % 5 === 0, `neuron ${i}`);
    assert.is(same.equal(0, i + 1), i % 5 === 0, `neuron ${i}, the other way round`);
  }
  assert.equal(effort, { residues: 0, integers: 0 });
  for (const [i, j] of [
    [1, 2],
    [31, 32],
    [32, 31],
    [1, 69],
    [63, 64],
    [33, 34],
    [62, 63],
    [68, 69],
  ]) {
    const two = sameMapOf(net, [none, flipped(i, j), flipped(i)]);
    assert.is(two.same.equal(0, 1), false);
    assert.ok(two.effort.residues > 0, `neurons ${i} and ${j}`);
    assert.is(two.same.equal(0, 0) && two.same.equal(1, 1), true);
  }
  // Of two neurons one has no weight: the other still decides.
  for (const [i, j] of [
    [5, 6],
    [31, 35],
    [35, 69],
    [60, 61],
    [65, 64],
  ]) {
    const two = sameMapOf(net, [none, flipped(i, j), flipped(i, 40)]);
    assert.is(two.same.equal(0, 1), false, `neurons ${i} and ${j}`);
    assert.is(two.same.equal(2, 0), i % 5 === 0, `neuron ${i}`);
  }
});

test("two neurons that cancel out, in one word of a pattern or in two", () => {
  for (const [i, j] of [
    [0, 1],
    [0, 33],
    [0, 64],
    [31, 32],
    [3, 69],
    [40, 41],
  ]) {
    const n = 70;
    const all = Array.from({ length: n }, (_, k) => k);
    const net = network.ReluNetwork.of([
      { W: all.map((k) => (k === j ? [1, i] : [1, k])), b: all.map(() => 1), activation: "relu" },
      { W: [all.map((k) => (k === j ? -1 : 1))], b: [0], activation: "linear" },
    ]);
    const both = all.map((k) => (k === i || k === j ? 1 : 0));
    const { same } = sameMapOf(net, [both, all.map(() => 0), all.map((k) => (k === i ? 1 : 0))]);
    assert.is(same.equal(0, 1) && same.equal(1, 0), true, `neurons ${i} and ${j}`);
    assert.is(same.equal(0, 2) || same.equal(1, 2), false);
  }
});

test("an effect that cancels in doubles, or may, is looked at exactly", () => {
  // Neuron 0 reaches the output with 1 and -1: no effect. With weights that are rounded the doubles cannot tell.
  const through = (a: number, b: number) =>
    network.ReluNetwork.of([
      { W: [[1, 0]], b: [2], activation: "relu" },
      { W: [[a], [1]], b: [1, 1], activation: "relu" },
      { W: [[1, b]], b: [0], activation: "linear" },
    ]);
  for (const [a, b, equal, sure] of [
    [1, -1, true, false],
    [1, 1, false, true],
    [1, -(1 - 2 ** -53), false, false],
    [1, -(1 - 2 ** -40), false, true],
  ] as const) {
    const { same, effort } = sameMapOf(through(a, b), inRows(3, [1, 1, 1, 0, 1, 1]));
    assert.is(same.equal(0, 1), equal, `${a} and ${b}`);
    assert.is(effort.residues === 0, sure, `${a} and ${b}`);
  }
});

test("maps that agree modulo the prime are compared in integers, gradients likewise", () => {
  for (const [weights, biases] of [
    [
      [PRIME, 0],
      [0, 0],
    ],
    [
      [0, PRIME],
      [0, 0],
    ],
    [
      [0, 0],
      [PRIME, 0],
    ],
    [
      [-PRIME, 2 * PRIME],
      [PRIME, 0],
    ],
  ]) {
    for (const at of [0, 1]) {
      // Two neurons flip, one of which is a multiple of the prime and reaches one of two outputs; the other reaches none.
      const net = network.ReluNetwork.of([
        { W: [weights, [1, 1]], b: [biases[0], 1], activation: "relu" },
        { W: inRows(2, [at, 0, 1 - at, 0]), b: [3, 5], activation: "linear" },
      ]);
      const patterns = inRows(2, [1, 1, 0, 0, 0, 1]);
      const { same, effort } = sameMapOf(net, patterns);
      assert.is(same.equal(0, 1), false, `${weights}, ${biases}`);
      assert.ok(effort.integers > 0);
      assert.is(same.equal(1, 2), true);
      assert.is(same.gradientKey(0), same.gradientKey(1));
      const slopes = weights.some((w) => w !== 0);
      assert.is(same.equalGradients(0, 1), !slopes, `${weights}, ${biases}`);
      assert.is(same.equalGradients(1, 0), !slopes);
      assert.is(same.equalGradients(2, 1), true);
    }
  }
});

test("keys of gradients: two numbers an output, equal where and only where the gradients are", () => {
  const r = random.generator("gradients");
  for (let trial = 0; trial < 20; trial++) {
    const net = smallNetwork(r, () => r.integer(5) - 2);
    const { neurons } = planOf(net);
    const patterns = Array.from({ length: 12 }, () => Array.from({ length: neurons }, () => r.integer(2)));
    const { same } = sameMapOf(net, patterns);
    const exact = patterns.map((bits) =>
      rowsOf(net, bits, xy, 0)
        .at(-1)!
        .map(([a, b]) => [a, b].join())
        .join(),
    );
    for (let p = 0; p < 12; p++) {
      assert.is(same.gradientKey(p).split(",").length, 2 * net.outputs);
      for (let q = 0; q < p; q++) {
        assert.is(same.gradientKey(p) === same.gradientKey(q), exact[p] === exact[q], `${trial}: ${p}, ${q}`);
        assert.is(same.equalGradients(p, q), exact[p] === exact[q], `${trial}: ${p}, ${q}`);
      }
    }
  }
});

test("maps are those on the plane, not on all of the input", () => {
  // The second input is the constant 3 on the plane: x0 + x1 - 3 and x0 are one map there.
  const net = network.ReluNetwork.of([
    { W: inRows(3, [1, 1, 0, 1, 0, 0]), b: [-3, 0], activation: "relu" },
    { W: [[1, 1]], b: [0], activation: "linear" },
  ]);
  const patterns = inRows(2, [1, 0, 0, 1, 1, 1]);
  const slice = (origin: number[]) =>
    checkDomain(
      {
        origin,
        directions: [
          [1, 0, 0],
          [0, 0, 1],
        ],
        bounds: { lo: [-1, -1], hi: [1, 1] },
      },
      3,
    );
  const at = sameMapOf(net, patterns, slice([0, 3, 0]));
  assert.is(at.same.equal(0, 1), true);
  assert.is(at.same.equal(0, 2), false);
  const beside = sameMapOf(net, patterns, slice([0, 3.5, 0]));
  assert.is(beside.same.equal(0, 1), false);
  assert.is(beside.same.equalGradients(0, 1), true);
  assert.is(beside.effort.integers > 0, true);
});

test("a region's residues are made once", () => {
  const net = wide(3, () => 1);
  const { same, effort } = sameMapOf(net, inRows(3, [1, 1, 0, 0, 0, 1, 1, 0, 1]));
  const { of } = ResidueMap.prototype;
  let maps = 0;
  ResidueMap.prototype.of = function (pattern) {
    maps++;
    return of.call(this, pattern);
  };
  const keys = [0, 1, 2].map((region) => same.gradientKey(region));
  assert.is(maps, 3);
  const again = [0, 1, 2].map((region) => same.gradientKey(region));
  assert.equal(again, keys);
  assert.is(same.equal(0, 1), false);
  ResidueMap.prototype.of = of;
  assert.equal([maps, effort.residues], [3, 1]);
});

test.run();
