// Where a neuron is: its layer, and its place there.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";
import { placeOf, startsOf } from "../../../../packages/relu-lab/src/regions/plan/places";

test("the layer of each neuron, and its place there", () => {
  const net = network.heNetwork([2, 3, 1, 4, 2], random.generator(1), 0);
  const places = Array.from({ length: 10 }, (_, neuron) => placeOf(startsOf(net.layers), neuron));
  const expected = [[0, 0], [0, 1], [0, 2], [1, 0], [2, 0], [2, 1], [2, 2], [2, 3], [3, 0], [3, 1]]; // prettier-ignore
  assert.equal(places.map(({ layer, index }) => [layer, index]), expected); // prettier-ignore
});

test.run();
