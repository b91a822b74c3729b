import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { checkDomain } from "../../../../packages/relu-lab/src/regions/plane/domain";
import { Engine } from "../../../../packages/relu-lab/src/regions/plane/engine";
import { planOf } from "../../../../packages/relu-lab/src/regions/plan/plan";
import { sparseNetwork } from "../../../../packages/relu-lab/src/regions/plane/sparse";
import { inRows } from "../../../rows";

/** Regions and cells after each layer, with rows of non-zeros or dense ones. */
function count(net: network.ReluNetwork, domain: regions.PlaneDomain, sparse: boolean) {
  const engine = new Engine(planOf(net), checkDomain(domain, net.inputs), {}, true, false, sparse);
  engine.run();
  const result = { regions: engine.exports.regions(), cells: engine.cells() };
  engine.release();
  return result;
}

function convolutional(seed: number): { net: network.ReluNetwork; domain: regions.SliceDomain } {
  const g = random.generator(seed);
  const normal = (n: number, scale = 1) => Float64Array.from({ length: n }, () => scale * g.normal());
  const filters = 2;
  const net = network.fromBlocks(
    [
      {
        type: "convolution",
        kernel: normal(9 * filters),
        size: [3, 3],
        b: normal(filters, 0.3),
        activation: "relu",
      },
      { type: seed % 2 ? "max-pool" : "average-pool", size: 2 },
      {
        type: "dense",
        W: normal(4 * filters * 3),
        b: normal(3, 0.3),
        activation: seed % 4 === 3 ? { leaky: 0.25 } : "relu",
      },
      { type: "dense", W: normal(3), b: [0], activation: "linear" },
    ],
    [6, 6, 1],
  );
  // A black border, as digits have: filters there are constant on the plane.
  const image = () => normal(36).map((v, i) => (seed % 3 === 0 && i % 6 < 4 ? 0 : v));
  const domain = {
    origin: image(),
    directions: [image(), image()] as const,
    bounds: { lo: [-1, -1], hi: [1, 1] },
  };
  return { net, domain };
}

test("rows of non-zeros give the counts of dense rows", () => {
  for (let seed = 0; seed < 12; seed++) {
    const { net, domain } = convolutional(seed);
    assert.equal(count(net, domain, true), count(net, domain, false), `seed ${seed}`);
  }
  for (let seed = 0; seed < 12; seed++) {
    const net = network.heNetwork([2, 7, 6, 5, 1], random.generator(seed), seed % 2 ? 0.3 : 0);
    const domain = { lo: [-1, -1] as const, hi: [1, 1] as const };
    assert.equal(count(net, domain, true), count(net, domain, false), `dense ${seed}`);
  }
});

test("on a grid, points of one region share its pattern and those of two regions differ", async () => {
  // Large enough for rows of non-zeros to be chosen.
  const g = random.generator(7);
  const normal = (n: number, scale = 1) => Float64Array.from({ length: n }, () => scale * g.normal());
  const net = network.fromBlocks(
    [
      { type: "convolution", kernel: normal(9 * 2), size: [3, 3], b: normal(2, 0.3), activation: "relu" },
      { type: "max-pool", size: 2 },
      { type: "dense", W: normal(4 * 4 * 2 * 2), b: normal(2, 0.3), activation: "relu" },
      { type: "dense", W: normal(2), b: [0], activation: "linear" },
    ],
    [10, 10, 1],
  );
  const image = () => normal(100, 0.3);
  const [origin, u, v] = [image(), image(), image()];
  const found = await regions.plane(net, {
    origin,
    directions: [u, v],
    bounds: { lo: [-1, -1], hi: [1, 1] },
  });
  assert.ok(found.certified);
  const words = found.patterns.length / found.count;
  for (let r = 0; r < found.count; r++) {
    const [from, to] = [found.offsets[r], found.offsets[r + 1]];
    let [x, y] = [0, 0];
    for (let i = from; i < to; i++) {
      x += found.vertices[2 * i] / (to - from);
      y += found.vertices[2 * i + 1] / (to - from);
    }
    if (found.areas[r] < 1e-9) continue;
    // The pattern at the middle of the region, from a plain forward pass.
    let h = Float64Array.from(origin, (o, i) => o + x * u[i] + y * v[i]);
    let neuron = 0;
    for (const layer of net.layers.slice(0, -1)) {
      const next = new Float64Array(layer.outputs);
      for (let j = 0; j < layer.outputs; j++, neuron++) {
        let z = layer.biases[j];
        for (let i = 0; i < layer.inputs; i++) z += layer.weights[j * layer.inputs + i] * h[i];
        const bit = (found.patterns[r * words + (neuron >> 5)] >>> (neuron & 31)) & 1;
        if (Math.abs(z) > 1e-12 || z === 0)
          assert.is(
            bit,
            layer.activation === "linear" || z > 0 ? 1 : 0,
            `region ${r}, neuron ${neuron}, z ${z}`,
          );
        next[j] = layer.activation === "relu" ? Math.max(0, z) : z;
      }
      h = next;
    }
    const value = net.forward(Float64Array.from(origin, (o, i) => o + x * u[i] + y * v[i]))[0];
    const map = found.maps!.subarray(3 * r, 3 * r + 3);
    assert.ok(Math.abs(map[0] * x + map[1] * y + map[2] - value) < 1e-9, `region ${r}`);
  }
});

test("a path's weight is multiplied into a row only where the product is exact", () => {
  // Averages of two, three times over: of four values the second and the third go in with 3/8 each.
  const average = (n: number) => ({
    W: Array.from({ length: n }, (_, i) =>
      Array.from({ length: n + 1 }, (_v, j) => (j === i || j === i + 1 ? 0.5 : 0)),
    ),
    b: new Array<number>(n).fill(0),
    activation: "linear" as const,
  });
  /** The neurons that the row above the averages reads, and its values. */
  const rowOf = (weight: number) => {
    const net = network.ReluNetwork.of([
      { W: [0, 1, 2, 3].map((k) => [1, k]), b: [0.1, 0.2, 0.3, 0.4], activation: "relu" },
      ...[3, 2, 1].map(average),
      { W: [[weight]], b: [0.5], activation: "relu" },
      { W: [[1]], b: [0], activation: "linear" },
    ]);
    const plan = planOf(net);
    const all = [...plan.hidden, plan.output];
    const [weights, biases] = [all.map((layer) => layer.weights), all.map((layer) => layer.biases)];
    const { layers, neuronOf } = sparseNetwork(plan, weights, biases, new Uint8Array(4), true)!;
    const { columns, values } = layers[layers.length - 2];
    return [[...columns].map((column) => neuronOf[column]), [...values]];
  };
  assert.equal(rowOf(1.5), inRows(4, [0, 1, 2, 3, 3 / 16, 9 / 16, 9 / 16, 3 / 16]));
  // 3 (1 + 2^-52) takes 54 bits: rounded, though the quotient by 3 is the weight again. It reads the average itself.
  assert.equal(rowOf(1 + 2 ** -52), [[9], [1 + 2 ** -52]]);
});

test.run();
