// When distances ask integers: where a gradient is below 1e-10 of what it was summed up from, and nowhere else.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network } from "relu-lab";
import { distance } from "../../../../packages/relu-lab/src/regions/distance/distance";
import { ExactNeurons } from "../../../../packages/relu-lab/src/regions/maps/exact-neuron";
import { linear, relu } from "../layers";
import { inRows } from "../../../rows";

const { ReluNetwork } = network;

/** The neurons that integers were asked for, as layer and index. */
function asked(net: network.ReluNetwork, x: number[], maximumRegions: number): string[] {
  const original = Object.getOwnPropertyDescriptor(ExactNeurons.prototype, "at")!;
  const seen: string[] = [];
  ExactNeurons.prototype.at = function (at, pattern, layer, index) {
    seen.push(`${layer}.${index}`);
    return (original.value as ExactNeurons["at"]).call(this, at, pattern, layer, index);
  };
  try {
    distance(net, [x], { maximumRegions });
  } finally {
    Object.defineProperty(ExactNeurons.prototype, "at", original);
  }
  return seen;
}

/** Two copies of g x + 1; above, their difference but for a part `d` of one, and a copy of one; then one more layer. */
const doubtful = (g: number, d: number, third: number[]) =>
  ReluNetwork.of([
    relu([[g], [g]], [1, 1]),
    relu(inRows(2, [1 + d, -1, 1, 0]), [3, 5]),
    relu([third], [7]),
    linear([[1]], [0]),
  ]);

test("a gradient above 1e-10 of its terms is taken as it is, one below is asked for", () => {
  for (const g of [0.125, 1, 8]) {
    assert.equal(asked(doubtful(g, 2.1e-10, [0, 1]), [0.5], 0), [], `${g}`);
    assert.equal(asked(doubtful(g, 1.9e-10, [0, 1]), [0.5], 0), ["1.0"], `${g}`);
  }
  // The terms' sizes go up through the layers: 1/8 of the noisy neuron's terms beside all of the other's.
  assert.equal(asked(doubtful(0.125, 1.9e-10, [0.125, 1]), [0.5], 0), ["1.0"]);
  assert.equal(asked(doubtful(0.125, 1.9e-10, [8, 0]), [0.5], 0), ["1.0", "2.0"]);
  assert.equal(asked(doubtful(0.125, 2.1e-10, [8, 0]), [0.5], 0), []);
  // 1e-9 of one and 8 of the noisy one, whose terms are 2: 1e-9 is below 1e-10 of 16.
  assert.equal(asked(doubtful(0.125, 2.1e-10, [8, -2.1e-10 * 8 + 1.5e-9]), [0.5], 0), ["2.0"]);
  assert.equal(asked(doubtful(0.125, 2.1e-10, [8, -2.1e-10 * 8 + 1.7e-9]), [0.5], 0), []);
});

test("a gradient of exact zeros is not asked for, nor what lies above a constant that was", () => {
  assert.equal(asked(doubtful(0.125, 0, [1, 1]), [0.5], 0), []);
  // 0.1 + 0.1 + 0.1 is not 0.3 in doubles: the second layer's first neuron is a constant of noise.
  const net = (index: number) => {
    const second = inRows(4, [1, 0, 0, 0, 0, 1, 0, 0]);
    second[index] = [3, -1, -1, -1];
    const third = [0, 0];
    third[index] = 1;
    return ReluNetwork.of([
      relu(inRows(2, [0.1, 0, 0.1, 0, 0.1, 0, 0.1, 0]), [0.05, 0.05, 0.05, 0.05]),
      relu(second, [0.25, 0.25]),
      relu([third, [1, 1]], [1, 1]),
      linear([[1, 1]], [0]),
    ]);
  };
  for (const index of [0, 1]) assert.equal(asked(net(index), [0.5, 1], 0), [`1.${index}`]);
});

test("the walk asks by the same measure", () => {
  // The first layer's third neuron is invisible and nearest, so that there is a walk.
  const walk = (g: number, d: number) =>
    ReluNetwork.of([
      relu(inRows(2, [g, 0, g, 0, 0, 1]), [1, 1, 0]),
      relu(inRows(3, [1 + d, -1, 0, 0, 0, 0, 1, 0, 0]), [3, 2, 5]),
      linear([[0, 1, 1]], [0]),
    ]);
  for (const g of [0.125, 1, 8]) {
    const at = [0.5, 2 ** -6];
    assert.equal(asked(walk(g, 2.1e-10), at, 10), [], `${g}`);
    const some = asked(walk(g, 1.9e-10), at, 10);
    assert.ok(some.length > 1 && some.every((place) => place === "1.0"), `${g}: ${some}`);
    assert.equal(asked(walk(g, 0), at, 10), []);
  }
});

test("a linear layer's rows are not asked for: their zeros are no boundaries", () => {
  const net = ReluNetwork.of([relu([[1], [1], [1]], [1, 1, -2]), linear([[1 + 2 ** -40, -1, 0]], [0])]);
  assert.equal(asked(net, [1.5], 10), []);
  const { distances, linearDistances, linearExact } = distance(net, [[1.5]]);
  assert.equal([distances[0], linearDistances[0], linearExact[0]], [0.5, 2.5, 1]);
});

test.run();
