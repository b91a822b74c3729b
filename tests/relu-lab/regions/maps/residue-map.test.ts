// Maps on planes modulo a prime, against the same in integers.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";
import { EXACT_PRODUCTS } from "../../../../packages/relu-lab/src/regions/arithmetic/residues";
import { planeInput, wholeInput } from "../../../../packages/relu-lab/src/regions/maps/input-rows";
import { ResidueMap } from "../../../../packages/relu-lab/src/regions/maps/residue-map";
import { startsOf } from "../../../../packages/relu-lab/src/regions/plan/places";
import { planOf, type Plan } from "../../../../packages/relu-lab/src/regions/plan/plan";
import { checkDomain, type CheckedDomain } from "../../../../packages/relu-lab/src/regions/plane/domain";
import { modulo, residueOf } from "../arithmetic/modulo";

/** The maps along a domain of patterns that are given as one byte a hidden neuron. */
function residueMaps(plan: Plan, { plane }: CheckedDomain) {
  const layers = [...plan.hidden, plan.output];
  const starts = startsOf(layers);
  const inputs = layers[0].inputs;
  const maps = new ResidueMap({ inputs, layers }, plane ? planeInput(plane) : wholeInput(inputs));
  return (states: Uint8Array) =>
    maps.of(
      layers.map(({ outputs, slope }, l) =>
        slope === 1 ? new Uint8Array(outputs).fill(1) : states.subarray(starts[l], starts[l + 1]),
      ),
    );
}

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
    const maps = residueMaps(plan, domain);
    for (let k = 0; k < 6; k++) {
      const states = Uint8Array.from({ length: plan.neurons }, () => [r.integer(2), 0, 1][k % 3]);
      assert.equal([...maps(states)], exactMap(plan, domain, states), `network ${trial}, ${states}`);
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
    const maps = residueMaps(plan, domain);
    const on = new Uint8Array(n).fill(1);
    assert.equal([...maps(on)], exactMap(plan, domain, on), `${n} neurons`);
    const some = on.map((_, i) => (i % 5 ? 1 : 0));
    assert.equal([...maps(some)], exactMap(plan, domain, some), `${n} neurons, some off`);
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
  const maps = residueMaps(plan, domain);
  for (const states of [
    [1, 1],
    [1, 0],
    [0, 1],
    [0, 0],
  ])
    assert.equal([...maps(Uint8Array.from(states))], exactMap(plan, domain, states), `${states}`);
});

test.run();
