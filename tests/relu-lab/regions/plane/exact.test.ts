import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { countPlane as countExactly } from "../../../oracle";
import { checkDomain } from "../../../../packages/relu-lab/src/regions/plane/domain";
import { ExactRows } from "../../../../packages/relu-lab/src/regions/plane/exact-rows";
import { planOf } from "../../../../packages/relu-lab/src/regions/plan/plan";
import {
  shortRow,
  shortSign,
  type Corner,
} from "../../../../packages/relu-lab/src/regions/plane/short-forms";

test("rows followed through switching states are those made from nothing", () => {
  const r = random.generator("rows");
  for (const sizes of [
    [2, 5, 4, 3, 1],
    [2, 70, 9, 66, 3, 1],
  ]) {
    const net = network.heNetwork(sizes, r.split(sizes.length), 0.3);
    const plan = planOf(net);
    const domain = checkDomain({ lo: [-1, -1], hi: [1, 1] }, 2);
    const followed = new ExactRows(plan, domain);
    const states = new Uint8Array(plan.neurons);
    const before = states.slice();
    for (let step = 0; step < 60; step++) {
      // Switch a few neurons, and now and then all back to an earlier state, so that old rows are right again.
      if (step % 5 === 4) states.set(before);
      else for (let k = r.integer(4); k >= 0; k--) states[r.integer(states.length)] ^= 1;
      if (step % 7 === 0) before.set(states);
      const neuron = r.integer(plan.neurons);
      const fresh = new ExactRows(plan, domain).row(neuron, states, undefined);
      const { a, b, c } = followed.row(neuron, states, undefined);
      assert.equal([a, b, c], [fresh.a, fresh.b, fresh.c], `${sizes}, step ${step}, neuron ${neuron}`);
    }
  }
});

test("leading bits give the sign of all bits, or none", () => {
  const r = random.generator("leading bits");
  const big = (bits: number) => {
    let value = 0n;
    for (let k = 0; k < bits; k += 16) value = (value << 16n) | BigInt(r.integer(65536));
    return r.integer(2) ? value : -value;
  };
  let certain = 0;
  for (let trial = 0; trial < 3000; trial++) {
    const corner: Corner = { x: big(400), y: big(400), w: big(390), short: undefined };
    if (corner.w === 0n) continue;
    const [a, b] = [big(300), big(300)];
    // Through the corner but for some bits: the sign hangs on what is 2^-k of the row's size.
    const miss = BigInt(r.integer(290)) + 16n;
    const c = -(a * corner.x + b * corner.y) / corner.w + (big(32) << miss) / 4096n;
    const value = (a * corner.x + b * corner.y + c * corner.w) * (corner.w > 0n ? 1n : -1n);
    const exact = value > 0n ? 1 : value < 0n ? -1 : 0;
    const short = shortRow({ id: 0, a, b, c });
    if (!short) continue;
    const sign = shortSign(short, corner);
    if (sign !== 0) {
      certain++;
      assert.is(sign, exact, `trial ${trial}`);
    }
  }
  assert.ok(certain > 500 && certain < 2900, `${certain} certain: both cases were seen`);
});

test("many boundaries through an image: a convolutional network counts as in rational arithmetic", () => {
  for (let seed = 0; seed < 6; seed++) {
    const g = random.generator("images").split(seed);
    const normal = (n: number, scale = 1) => Float64Array.from({ length: n }, () => scale * g.normal());
    const net = network.fromBlocks(
      [
        { type: "convolution", kernel: normal(8), size: [2, 2], b: normal(2, 0.3), activation: "relu" },
        { type: "max-pool", size: 2 },
        { type: "dense", W: normal(16), b: normal(2, 0.3), activation: "relu" },
        { type: "dense", W: normal(2), b: [0], activation: "linear" },
      ],
      [5, 5, 1],
    );
    // Black but for a few pixels: contests between places that see only black are 0 at the image itself.
    const image = () => Array.from({ length: 25 }, () => (g.integer(3) ? 0 : g.integer(256) / 255));
    const { origin, directions, points } = regions.throughPoints(image(), image(), image(), {
      orthonormal: true,
    });
    const [u, v] = directions;
    const [lo, hi] = [
      [0, 0],
      [points[1][0], points[2][1]],
    ] as const;
    const expected = countExactly(net, { type: "slice", c: [...origin], u: [...u], v: [...v], lo, hi });
    const found = regions.planeSync(net, { origin, directions, bounds: { lo, hi } });
    assert.is(found.regions, expected.activationRegions, `seed ${seed}`);
    assert.equal(found.cellsAfterEachLayer, expected.cellsAfterEachLayer, `seed ${seed}`);
    assert.is(found.linearRegions, expected.linearComponents, `seed ${seed}`);
    assert.ok(found.certified);
  }
});

test.run();
