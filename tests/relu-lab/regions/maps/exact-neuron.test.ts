// Rows of single neurons in integers, at points.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network } from "relu-lab";
import { ExactNeurons } from "../../../../packages/relu-lab/src/regions/maps/exact-neuron";
import { relu } from "../layers";
import { inRows } from "../../../rows";

const { ReluNetwork } = network;

test("one neuron in integers: sign and distance of its zero, where doubles would have cancelled", () => {
  // The second layer: (1 + 2^-40) (x + 1) - (x + 1) + bias = 2^-40 (x + 1) + bias; or with equal weights the bias alone.
  const make = (w: number, bias: number) =>
    new ExactNeurons(
      ReluNetwork.of([
        { W: inRows(2, [1, 0, 1, 0]), b: [1, 1], activation: "relu" },
        { W: inRows(2, [1, 1, w, -1]), b: [0, bias], activation: "relu" },
        { W: [[1, 1]], b: [0], activation: "linear" },
      ]),
    );
  const on = [Uint8Array.of(1, 1), Uint8Array.of(1, 1)];
  const tiny = 2 ** -40;
  const rows = make(1 + tiny, -tiny);
  assert.equal(rows.at([0.5, 7], on, 1, 1), { constant: false, sign: 1, distance: 0.5 });
  assert.equal(rows.at([-0.25, 7], on, 1, 1), { constant: false, sign: -1, distance: 0.25 });
  assert.equal(rows.at([0, 7], on, 1, 1), { constant: false, sign: 0, distance: 0 });
  assert.equal(rows.at([0.5, 7], [Uint8Array.of(1, 0), on[1]], 1, 1).sign, 1);
  assert.equal(rows.at([0.5, 0], on, 0, 0), { constant: false, sign: 1, distance: 1.5 });
  assert.equal(rows.at([2, 0], on, 1, 0), { constant: false, sign: 1, distance: 3 });
  // The output: 2 (x + 1) + 2^-40 x, with a distance that is no binary fraction.
  const all = rows.at([0, 0], on, 2, 0);
  assert.ok(Math.abs(all.distance - 2 / (2 + tiny)) < 1e-15);
  for (const bias of [2 ** -70, -(2 ** -70), 0])
    assert.equal(make(1, bias).at([0.3, 0.1], on, 1, 1), {
      constant: true,
      sign: Math.sign(bias),
      distance: Infinity,
    });
  // With both inputs off only the bias is left.
  assert.equal(rows.at([0.5, 7], [Uint8Array.of(0, 0)], 1, 1), {
    constant: true,
    sign: -1,
    distance: Infinity,
  });
});

test("distances in integers, in several dimensions and also where their squares are no doubles", () => {
  const rows = new ExactNeurons(
    ReluNetwork.of([
      { W: inRows(2, [3, -4, 2 ** 600, 0, 2 ** -600, 0]), b: [10, 0, 2 ** -600], activation: "relu" },
      { W: [[1, 1, 1]], b: [0], activation: "linear" },
    ]),
  );
  assert.is(rows.at([0, 0], [], 0, 0).distance, 2);
  assert.is(rows.at([-1.5, 0], [], 0, 0).distance, 1.1);
  assert.is(rows.at([2 ** -700, 1], [], 0, 1).distance, 2 ** -700);
  assert.is(rows.at([2 ** 600, 1], [], 0, 1).distance, 2 ** 600);
  assert.is(rows.at([-1 + 2 ** -50, 0], [], 0, 2).distance, 2 ** -50);
  assert.is(rows.at([2 ** 40, 0], [], 0, 2).distance, 2 ** 40 + 1);
  const near = new ExactNeurons(ReluNetwork.of([relu([[0.1], [0.7]], [2 ** -60, 2 ** 70])]));
  assert.ok(Math.abs(near.at([0], [], 0, 0).distance / (2 ** -60 / 0.1) - 1) < 1e-15);
  assert.ok(Math.abs(near.at([0], [], 0, 1).distance / (2 ** 70 / 0.7) - 1) < 1e-15);
});

test.run();
