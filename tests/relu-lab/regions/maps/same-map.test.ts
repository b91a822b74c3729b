// Whether two patterns have one map, and what it took to tell: residues and integers read the biases, paths do not.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";
import { SameMap } from "../../../../packages/relu-lab/src/regions/maps/same-map";
import { exactRows, randomPattern, smallNetwork, type Pattern } from "./patterns";
import { inRows } from "../../../rows";

const PRIME = 8388593; // of the residues

/** The network, and how often its first biases have been read. */
function watched(net: network.ReluNetwork) {
  const effort = { reads: 0 };
  const layers = net.layers.map((layer, l) => ({
    ...layer,
    get biases() {
      if (l === 0) effort.reads++;
      return layer.biases;
    },
  }));
  const same = new SameMap({
    inputs: net.inputs,
    outputs: net.outputs,
    layers,
  } as unknown as network.ReluNetwork);
  return { same, effort };
}

/** Whether a neuron reaches the outputs that are on through neurons that are, and whether the paths add up to 0. */
function paths(net: network.ReluNetwork, pattern: Pattern, l: number, index: number) {
  let sums = new Map([[index, 1]]);
  for (let m = l + 1; m < net.layers.length; m++) {
    const { inputs, weights } = net.layers[m];
    const next = new Map<number, number>();
    pattern[m].forEach((on, j) => {
      for (const [i, sum] of sums) {
        const w = weights[j * inputs + i];
        if (on && w !== 0) next.set(j, (next.get(j) ?? 0) + w * sum);
      }
    });
    sums = next;
  }
  return { reaches: sums.size > 0, moves: [...sums.values()].some((v) => v !== 0) };
}

test("small integer networks: the answer is that of integers, the effort what paths leave open", () => {
  const kinds = new Map<string, number>();
  for (let trial = 0; trial < 250; trial++) {
    const r = random.generator("same maps").split(trial);
    const net = smallNetwork(
      2 + r.integer(2),
      r,
      () => r.integer(4) - 1 - r.integer(2),
      () => 3 + r.integer(4),
    );
    const a = randomPattern(net, r);
    for (let k = 0; k < 4; k++) {
      const b = a.map((layer) => layer.slice());
      const relus = net.layers.flatMap(({ outputs, activation }, l) =>
        activation === "relu" ? Array.from({ length: outputs }, (_, i) => [l, i]) : [],
      );
      const flips = [...r.permutation(relus.length).slice(0, [1, 2, 3, 0][k])].map((n) => relus[n]);
      for (const [l, i] of flips) b[l][i] ^= 1;
      const known = flips.map(([l, i]) => paths(net, a[l][i] ? a : b, l, i));
      const expected = String(exactRows(net, a)) === String(exactRows(net, b));
      const dead = known.every(({ reaches }) => !reaches);
      const alive = known.length === 1 && known[0].moves;
      if (alive && expected) continue; // a row that is 0 everywhere: no boundary, never asked about
      const { same, effort } = watched(net);
      assert.is(same.equal(a, b), expected, `network ${trial}, ${flips.length} flips`);
      assert.is(effort.reads, dead || alive ? 0 : expected ? 2 : 1, `network ${trial}, ${flips.join(" ")}`);
      assert.is(same.equal(b, a), expected, `network ${trial}, the other way round`);
      const kind = `${dead ? "dead" : alive ? "alive" : expected ? "equal" : "different"}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
  }
  for (const [kind, least] of [
    ["dead", 50],
    ["alive", 50],
    ["equal", 0],
    ["different", 50],
  ] as const)
    assert.ok(kinds.get(kind)! > least, `${kind}: ${kinds.get(kind)}`);
});

/** Four neurons that one or two outputs read with these weights. */
const four = (W: number[][], rows: number[][]) =>
  network.ReluNetwork.of([
    { W: rows.map((row) => row.slice(0, 2)), b: rows.map((row) => row[2]), activation: "relu" },
    { W, b: W.map(() => 1), activation: "linear" },
  ]);
const of = (net: network.ReluNetwork, ...bits: number[]): Pattern => [
  Uint8Array.from(bits),
  new Uint8Array(net.outputs).fill(1),
];

test("neurons without effect among those that have one: all that flip are looked at", () => {
  const rows = inRows(3, [1, 2, 3, 2, 1, 1, 1, 2, 3, 4, 1, 1]);
  // Neurons 0 and 2 cancel out, 1 has no effect, 3 has one.
  const net = four([[1, 0, -1, 1]], rows);
  const check = (a: number[], b: number[], expected: boolean, reads: number) => {
    const { same, effort } = watched(net);
    assert.is(same.equal(of(net, ...a), of(net, ...b)), expected, `${a} and ${b}`);
    assert.is(effort.reads, reads, `${a} and ${b}: residues, then integers`);
  };
  check([0, 0, 0, 0], [0, 0, 0, 0], true, 0);
  check([0, 1, 0, 0], [0, 0, 0, 0], true, 0);
  check([0, 0, 0, 1], [0, 0, 0, 0], false, 0);
  check([1, 0, 0, 0], [0, 0, 0, 0], false, 0);
  check([1, 0, 1, 0], [0, 0, 0, 0], true, 2);
  check([1, 1, 1, 0], [0, 0, 0, 0], true, 2);
  check([0, 1, 0, 1], [0, 0, 0, 0], false, 1);
  check([1, 1, 0, 0], [0, 0, 0, 0], false, 1);
  check([1, 0, 0, 1], [0, 0, 1, 1], false, 1);
});

test("maps that agree modulo the prime are compared in integers", () => {
  const net = four([[1, 1, 0, 0]], inRows(3, [PRIME, 0, 0, 0, 0, PRIME, 1, 1, 1, 1, 2, 1]));
  const { same, effort } = watched(net);
  const [none, both] = [of(net, 0, 0, 0, 0), of(net, 1, 1, 0, 0)];
  assert.is(same.key(none), same.key(both));
  assert.is(same.equal(none, both), false);
  assert.is(same.confirm(none, both), false);
  assert.is(same.confirm(both, of(net, 1, 1, 1, 1)), true);
  assert.is(effort.reads, 2, "residues and integers are prepared once each");
});

test("keys are equal where maps are, and tell outputs and coefficients apart", () => {
  const net = four(inRows(4, [1, 0, 1, 0, 0, 1, 0, 1]), inRows(3, [1, 2, 3, 1, 2, 3, 12, 3, 1, 1, 23, 1]));
  const patterns = Array.from({ length: 16 }, (_, n) => of(net, n & 1, (n >> 1) & 1, (n >> 2) & 1, n >> 3));
  const { same } = watched(net);
  assert.is(new Set(patterns.map((pattern) => same.key(pattern))).size, 16);
  for (const pattern of patterns) assert.is(same.key(pattern), same.key(pattern.map((l) => l.slice())));
});

test.run();
