// Where a neuron is: its layer, and its place there.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";
import {
  layerAt,
  layersOfNeurons,
  placeOf,
  startsOf,
} from "../../../../packages/relu-lab/src/regions/plan/places";
import { planOf } from "../../../../packages/relu-lab/src/regions/plan/plan";
import { inRows } from "../../../rows";

test("the layer of each neuron, and its place there", () => {
  const net = network.heNetwork([2, 3, 1, 4, 2], random.generator(1), 0);
  const places = Array.from({ length: 10 }, (_, neuron) => placeOf(startsOf(net.layers), neuron));
  const expected = inRows(2, [0, 0, 0, 1, 0, 2, 1, 0, 2, 0, 2, 1, 2, 2, 2, 3, 3, 0, 3, 1]);
  assert.equal(
    places.map(({ layer, index }) => [layer, index]),
    expected,
  );
});

test("the layer of each neuron, from 1", () => {
  const plan = planOf(
    network.ReluNetwork.of([
      { W: inRows(2, [1, 1, 1, 2]), b: [0, 0], activation: "relu" },
      { W: [[1, 1]], b: [0], activation: "linear" },
      { W: [[1], [1], [2]], b: [0, 0, 0], activation: "relu" },
      { W: [[1, 1, 1]], b: [0], activation: "linear" },
    ]),
  );
  assert.equal(layersOfNeurons(plan), Uint16Array.of(1, 1, 2, 3, 3, 3));
});

test("where each layer begins, and the layers of the first and the last neuron of each", () => {
  const starts = startsOf([{ outputs: 3 }, { outputs: 1 }, { outputs: 2 }]);
  assert.equal([...starts], [0, 3, 4, 6]);
  assert.equal(
    [0, 2, 3, 4, 5].map((neuron) => layerAt(starts, neuron)),
    [0, 0, 1, 2, 2],
  );
  assert.equal([...startsOf([])], [0]);
});

test.run();
