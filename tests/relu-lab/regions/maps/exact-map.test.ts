// Maps of patterns in integers and modulo a prime, in input spaces of any dimension.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";
import { modulo, residueOf } from "../arithmetic/modulo";
import { ExactMap } from "../../../../packages/relu-lab/src/regions/maps/exact-map";
import { ResidueMap } from "../../../../packages/relu-lab/src/regions/maps/residue-map";
import { exactRows, randomPattern, smallNetwork, type Pattern } from "./patterns";
import { inRows } from "../../../rows";

const { ReluNetwork } = network;
/** The outputs' rows modulo the prime, entry by entry. */
function residueRows(net: network.ReluNetwork, pattern: Pattern): number[] {
  const n = net.inputs;
  let rows: bigint[][] = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n + 1 }, (_v, k) => (k === i ? 1n : 0n)),
  );
  net.layers.forEach(({ inputs, outputs, weights, biases }, l) => {
    rows = Array.from({ length: outputs }, (_, j) =>
      Array.from({ length: n + 1 }, (_v, k) => {
        if (!pattern[l][j]) return 0n;
        let sum = k === n ? residueOf(biases[j]) : 0n;
        for (let i = 0; i < inputs; i++) sum += residueOf(weights[j * inputs + i]) * rows[i][k];
        return modulo(sum);
      }),
    );
  });
  return rows.flat().map(Number);
}

/** Whether two lists of rows are one multiple of the other, by a power of two. */
function sameUpToPower(a: bigint[], b: bigint[]): boolean {
  const at = a.findIndex((v) => v !== 0n);
  if (at < 0) return b.every((v) => v === 0n);
  if (b[at] === 0n) return false;
  return a.every((v, i) => v * b[at] === b[i] * a[at]) && a[at] > 0n === b[at] > 0n;
}

test("rows in integers: all outputs times one power of two", () => {
  for (let trial = 0; trial < 60; trial++) {
    const r = random.generator("exact maps").split(trial);
    const value = () => [0, 1, -2, r.normal(), 2 ** (r.integer(120) - 60)][r.integer(5)];
    const net = smallNetwork(1 + r.integer(4), r, value);
    const exact = new ExactMap(net);
    for (let k = 0; k < 3; k++) {
      const pattern = randomPattern(net, r);
      const rows = exact.of(pattern);
      assert.equal([rows.length, rows[0].length], [net.outputs, net.inputs + 1]);
      assert.ok(sameUpToPower(rows.flat(), exactRows(net, pattern).flat()), `network ${trial}`);
    }
  }
});

test("integer networks need no power: the rows are the maps themselves", () => {
  for (let trial = 0; trial < 40; trial++) {
    const r = random.generator("integer maps").split(trial);
    const net = smallNetwork(1 + r.integer(3), r, () => r.integer(7) - 3);
    const pattern = randomPattern(net, r);
    const exact = new ExactMap(net);
    assert.equal(exact.of(pattern), exactRows(net, pattern), `network ${trial}`);
    assert.equal(
      new ResidueMap(net).of(pattern),
      Float64Array.from(exactRows(net, pattern).flat(), (v) => Number(modulo(v))),
    );
  }
});

test("layer by layer: pre-activations over neurons that are on, or over all where none is said to be off", () => {
  const net = ReluNetwork.of([
    { W: inRows(2, [1, 2, 3, -4, 0, 5]), b: [6, 7, 8], activation: "relu" },
    { W: inRows(3, [1, 10, 100, 0, -1, 0]), b: [1000, 2], activation: "linear" },
  ]);
  const exact = new ExactMap(net);
  const start = exact.start();
  assert.equal(start, inRows(3, [1n, 0n, 0n, 0n, 1n, 0n]));
  const first = exact.rows(0, start);
  assert.equal(first, inRows(3, [1n, 2n, 6n, 3n, -4n, 7n, 0n, 5n, 8n]));
  assert.equal(exact.rows(1, first), inRows(3, [31n, 462n, 1876n, -3n, 4n, -5n]));
  assert.equal(exact.rows(1, first, [1, 0, 1]), inRows(3, [1n, 502n, 1806n, 0n, 0n, 2n]));
  assert.equal(exact.rows(1, first, [0, 0, 0]), inRows(3, [0n, 0n, 1000n, 0n, 0n, 2n]));
  assert.equal(start, exact.start(), "what is given stays as it is");
});

test("equal patterns' maps are equal; each coefficient and constant of each output tells maps apart", () => {
  for (let output = 0; output < 2; output++)
    for (let k = 0; k < 3; k++) {
      // Neurons 0 and 1 have the rows (1, 2, 3), and (1, 2, 3) but for one entry; one output reads them.
      const rows = [[1, 2, 3], [1, 2, 3].map((v, i) => (i === k ? v + 1 : v))];
      const net = ReluNetwork.of([
        { W: rows.map((row) => row.slice(0, 2)), b: rows.map((row) => row[2]), activation: "relu" },
        { W: [0, 1].map((o) => (o === output ? [1, 1] : [0, 0])), b: [5, 5], activation: "linear" },
      ]);
      const exact = new ExactMap(net);
      const of = (...bits: number[]): Pattern => [Uint8Array.from(bits), Uint8Array.of(1, 1)];
      assert.is(exact.equal(of(1, 0), of(0, 1)), false, `output ${output}, entry ${k}`);
      assert.is(exact.equal(of(0, 1), of(1, 0)), false);
      for (const bits of inRows(2, [0, 0, 1, 0, 1, 1]))
        assert.is(exact.equal(of(...bits), of(...bits)), true);
    }
});

test("residues of doubles of any size, and outputs that are off", () => {
  for (let trial = 0; trial < 30; trial++) {
    const r = random.generator("residue maps").split(trial);
    const value = () => [0, -1, 3, r.normal(), 2 ** (r.integer(200) - 100)][r.integer(5)];
    const net = smallNetwork(1 + r.integer(4), r, value);
    const residues = new ResidueMap(net);
    for (let k = 0; k < 3; k++) {
      const pattern = randomPattern(net, r);
      assert.equal([...residues.of(pattern)], residueRows(net, pattern), `network ${trial}`);
    }
  }
});

test("more inputs than products add up exactly: 63, 64, 65 and 200 neurons of large residues", () => {
  for (const n of [63, 64, 65, 128, 200]) {
    const all = Array.from({ length: n }, (_, i) => i);
    const net = ReluNetwork.of([
      { W: all.map((i) => [-1 - (i % 3), -2 - (i % 7)]), b: all.map((i) => -3 - i), activation: "relu" },
      { W: [all.map((i) => -1 - (i % 2))], b: [-1], activation: "linear" },
    ]);
    const residues = new ResidueMap(net);
    const on: Pattern = [new Uint8Array(n).fill(1), Uint8Array.of(1)];
    assert.equal([...residues.of(on)], residueRows(net, on), `${n} neurons`);
    const some: Pattern = [Uint8Array.from(all, (i) => (i % 6 ? 1 : 0)), Uint8Array.of(1)];
    assert.equal([...residues.of(some)], residueRows(net, some), `${n} neurons, some off`);
  }
  // Likewise inputs of the network itself.
  const many = ReluNetwork.of([
    { W: [Array.from({ length: 150 }, (_, i) => -1 - i)], b: [-1], activation: "linear" },
  ]);
  assert.equal([...new ResidueMap(many).of([Uint8Array.of(1)])], residueRows(many, [Uint8Array.of(1)]));
});

test.run();
