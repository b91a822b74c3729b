// Doubles and maps modulo a prime, against the same in integers.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";
import { modulo, PRIME, residueOf } from "./modulo";
import { neighbour } from "../../../oracle";
import { checkDomain, type CheckedDomain } from "../../../../packages/relu-lab/src/regions/plane/domain";
import { planOf, type Plan } from "../../../../packages/relu-lab/src/regions/plan/plan";
import {
  EXACT_PRODUCTS,
  reduce,
  residue,
  ResidueMaps,
} from "../../../../packages/relu-lab/src/regions/arithmetic/residues";

test("the modulus is a prime below 2^23", () => {
  for (let d = 2; d * d <= Number(PRIME); d++) assert.ok(Number(PRIME) % d !== 0);
  assert.ok(PRIME < 1n << 23n);
});

test("sums of as many products as allowed are reduced to the residue itself", () => {
  const p = Number(PRIME);
  const most = EXACT_PRODUCTS * (p - 1) ** 2 + p - 1;
  assert.ok(most < 2 ** 53);
  const check = (v: number) => assert.is(reduce(v), Number(BigInt(v) % PRIME), `${v}`);
  for (const v of [0, 1, p - 1, p, p + 1, 2 * p - 1, 2 * p, 2 * p + 1, most, most - 1]) check(v);
  const r = random.generator("sums");
  for (let trial = 0; trial < 300; trial++) {
    // Multiples of the prime and their neighbours: the rounded quotient is one off there.
    const multiple = p * r.integer(2 ** 29);
    for (const v of [multiple - 1, multiple, multiple + 1]) if (v >= 0) check(v);
    check(Math.floor(r.uniform() * most));
  }
});

test("a double's residue is that of its fraction: integers, halves, and the ends of the range", () => {
  const check = (v: number) => assert.is(residue(v), Number(residueOf(v)), `${v}`);
  for (const v of [0, 1, -1, 2, 3, 0.5, -0.5, 0.75, 8388592, 8388593, 8388594, -8388594, 1 / 3, 0.1])
    check(v);
  assert.is(residue(-0), 0);
  for (const e of [-1074, -1073, -1023, -1022, -1021, -600, -53, -52, -3, 3, 52, 53, 600, 1022, 1023]) {
    check(2 ** e);
    check(-(2 ** e));
    if (e > -1074) check(neighbour(2 ** e, 1));
    check(neighbour(2 ** e, -1));
  }
  check(Number.MAX_VALUE);
  check(-Number.MAX_VALUE);
  const r = random.generator("doubles");
  for (let trial = 0; trial < 150; trial++) check(r.normal() * 2 ** (r.integer(1900) - 950));
});

/** Rows of the outputs under a pattern, modulo the prime. */
function exactMap(plan: Plan, domain: CheckedDomain, states: ArrayLike<number>): number[] {
  const { plane } = domain;
  const inputs = plan.hidden[0].inputs;
  let below = Array.from({ length: inputs }, (_, i) =>
    plane
      ? [plane.u[i], plane.v[i], plane.origin[i]].map(residueOf)
      : [0, 1, 2].map((k) => (k === i ? 1n : 0n)),
  );
  let start = 0;
  for (const layer of [...plan.hidden, plan.output]) {
    const rows = Array.from({ length: layer.outputs }, (_, j) =>
      [0, 1, 2].map((k) =>
        below.reduce(
          (sum, row, i) => modulo(sum + residueOf(layer.weights[j * layer.inputs + i]) * row[k]),
          k === 2 ? residueOf(layer.biases[j]) : 0n,
        ),
      ),
    );
    const from = start;
    below = rows.map((row, j) =>
      layer === plan.output || layer.slope === 1 || states[from + j] ? row : [0n, 0n, 0n],
    );
    start += layer.outputs;
  }
  return below.flat().map(Number);
}

test("maps of patterns, on all of two inputs and on planes through more", () => {
  for (let trial = 0; trial < 30; trial++) {
    const r = random.generator("residue maps").split(trial);
    const inputs = trial % 3 ? 2 : 3 + r.integer(3);
    const sizes = [
      inputs,
      1 + r.integer(5),
      1 + r.integer(4),
      ...(r.integer(2) ? [3] : []),
      1 + r.integer(3),
    ];
    const linear = r.integer(5);
    const value = () => [0, 1, -3, r.normal(), 2 ** (r.integer(200) - 100)][r.integer(5)];
    const net = network.ReluNetwork.of(
      sizes.slice(1).map((n, l) => ({
        W: Array.from({ length: n }, () => Array.from({ length: sizes[l] }, value)),
        b: Array.from({ length: n }, value),
        activation: l === sizes.length - 2 || l === linear ? "linear" : "relu",
      })),
    );
    const plan = planOf(net);
    const vector = () => Array.from({ length: inputs }, () => r.normal());
    const bounds = { lo: [-1, -1], hi: [1, 1] };
    const domain = checkDomain(
      inputs === 2 ? bounds : { origin: vector(), directions: [vector(), vector()], bounds },
      inputs,
    );
    const maps = new ResidueMaps(plan, domain);
    for (let k = 0; k < 6; k++) {
      const states = Uint8Array.from({ length: plan.neurons }, () => [r.integer(2), 0, 1][k % 3]);
      assert.equal([...maps.map(states)], exactMap(plan, domain, states), `network ${trial}, ${states}`);
    }
  }
});

test("more inputs than products add up exactly", () => {
  // Residues near the prime: a sum of 65 products no longer fits into 53 bits.
  for (const n of [EXACT_PRODUCTS - 1, EXACT_PRODUCTS, EXACT_PRODUCTS + 1, 2 * EXACT_PRODUCTS + 1, 300]) {
    const all = Array.from({ length: n }, (_, i) => i);
    const net = network.ReluNetwork.of([
      { W: all.map((i) => [-1 - (i % 3), -2 - (i % 7)]), b: all.map((i) => -3 - i), activation: "relu" },
      { W: [all.map((i) => -1 - (i % 2)), all.map((i) => i - 5)], b: [-1, 4], activation: "linear" },
    ]);
    const plan = planOf(net);
    const domain = checkDomain({ lo: [-1, -1], hi: [1, 1] }, 2);
    const maps = new ResidueMaps(plan, domain);
    const on = new Uint8Array(n).fill(1);
    assert.equal([...maps.map(on)], exactMap(plan, domain, on), `${n} neurons`);
    const some = on.map((_, i) => (i % 5 ? 1 : 0));
    assert.equal([...maps.map(some)], exactMap(plan, domain, some), `${n} neurons, some off`);
  }
});

test("a plane through many inputs: the sum over them is reduced as it goes", () => {
  const n = 200;
  const all = Array.from({ length: n }, (_, i) => i);
  const net = network.ReluNetwork.of([
    { W: [all.map((i) => -1 - i), all.map((i) => 0.5 - (i % 3))], b: [-7, -0.25], activation: "relu" },
    { W: [[-1, -2]], b: [-3], activation: "linear" },
  ]);
  const plan = planOf(net);
  const domain = checkDomain(
    {
      origin: all.map((i) => -1 - (i % 5)),
      directions: [all.map((i) => -2 - i), all.map((i) => (i % 2) - 0.125)],
      bounds: { lo: [0, 0], hi: [1, 1] },
    },
    n,
  );
  const maps = new ResidueMaps(plan, domain);
  for (const states of [
    [1, 1],
    [1, 0],
    [0, 1],
    [0, 0],
  ])
    // prettier-ignore
    assert.equal([...maps.map(Uint8Array.from(states))], exactMap(plan, domain, states), `${states}`);
});

test.run();
