// Networks in integers.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network } from "relu-lab";
import { scaleNetwork } from "../../../../packages/relu-lab/src/regions/plan/scaled-network";
import { inRows } from "../../../rows";

test("a network in integers is the network times one power of two a layer", () => {
  const net = network.ReluNetwork.of([
    { W: inRows(2, [0.5, 3, -1, 0]), b: [0.125, 2 ** -9], activation: "relu" },
    { W: [[2 ** -7, -4]], b: [1.5], activation: "linear" },
  ]);
  // Inputs of 4 bits: the first layer has 4 + max(1, 9 - 4) = 9 bits, the second 9 + 7 = 16.
  assert.equal(scaleNetwork(net.layers, 4), [
    { inputs: 2, outputs: 2, weights: [16n, 96n, -32n, 0n], biases: [64n, 1n] },
    { inputs: 2, outputs: 1, weights: [1n, -512n], biases: [98304n] },
  ]);
  // Inputs of 12 bits: 12 + 1, and 13 + 7.
  assert.equal(scaleNetwork(net.layers, 12), [
    { inputs: 2, outputs: 2, weights: [1n, 6n, -2n, 0n], biases: [1024n, 16n] },
    { inputs: 2, outputs: 1, weights: [1n, -512n], biases: [1572864n] },
  ]);
});

test.run();
