import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, network, random, regions, sawtooth } from "relu-lab";

test("the critical orbit decides as the exact counter does on 4,000 random chains of five maps", () => {
  const rows = experiments.criticalOrbitTest({
    n: 5,
    trials: 1000,
    deviations: [0.003, 0.01, 0.03, 0.1],
    seed: 1,
  });
  assert.is(rows.length, 4000);
  assert.equal(
    rows.filter((row) => row.full !== row.predicted),
    [],
  );
  const full = rows.filter((row) => row.full).length;
  assert.ok(full > 1000 && full < 3500, `${full} of 4000 have all laps: both cases must be there`);
});

test("the exact sawtooth has slack 1/2; a fold out of reach is named", () => {
  const blocks = sawtooth.unimodalBlocks(sawtooth.sawtoothNetwork(6))!;
  assert.equal(sawtooth.criticalOrbit(blocks), { full: true, margin: 0.5, firstMiss: 0 });
  const low = blocks.map((block, k) =>
    k === 2 ? { ...block, at: (u: number) => 0.4 * block.at(u) } : block,
  );
  const found = sawtooth.criticalOrbit(low);
  assert.equal([found.full, found.firstMiss], [false, 4]);
  assert.is(sawtooth.unimodalBlocks(sawtooth.sawtoothNetwork(3, "merged")), undefined);
  assert.throws(() => sawtooth.criticalOrbit([]), /at least one block/);
});

test("a chain's maps are those of its layers, with or without a ReLU after each", () => {
  const chain = (folding: "relu" | "linear", mixing: "relu" | "linear") =>
    network.ReluNetwork.of([
      { W: [[1], [1]], b: [0, -0.5], activation: folding },
      { W: [[2, -4]], b: [-0.25], activation: mixing },
      { W: [[1]], b: [0], activation: "linear" },
    ]);
  for (const mixing of ["relu", "linear"] as const) {
    const net = chain("relu", mixing);
    const [{ at }] = sawtooth.unimodalBlocks(net)!;
    for (const u of [-0.5, 0, 0.125, 0.5, 0.875, 1])
      assert.is(at(u), net.forward([u])[0], `${mixing} at ${u}`);
  }
  assert.is(sawtooth.unimodalBlocks(chain("linear", "relu")), undefined);
});

test("an orbit that is not a number is refused, not counted as whole", () => {
  const lost = { fold: 0.5, at: () => NaN };
  assert.throws(() => sawtooth.criticalOrbit([lost, lost]), /block 2 has the fold 0\.5, between NaN and NaN/);
});

test("random chains: the network is its maps in turn, and the orbit counts their laps", () => {
  const relative = [0, 0, 0, 0];
  for (let trial = 0; trial < 60; trial++) {
    const g = random.generator(3).split(`chain ${trial}`);
    const { network: net, blocks } = sawtooth.randomChain(3, 0.1, g);
    const normal = random.generator(3).split(`chain ${trial}`);
    for (const { fold, at } of blocks) {
      const [ofFold, ofRise, ofFall, foot] = [0.5, 2, 2]
        .map((v) => v * Math.exp(0.1 * normal.normal()))
        .concat(0.1 * normal.normal());
      assert.is(fold, ofFold);
      [
        at(0) - foot,
        at(fold) - foot - ofRise * fold,
        at(-1) - foot + ofRise,
        at(fold + 1) - at(fold) + ofFall,
      ].forEach((difference, i) => (relative[i] = Math.max(relative[i], Math.abs(difference))));
    }
    for (const x of [-0.5, 0, 0.2, 0.5, 0.7, 1, 1.5]) {
      const said = blocks.reduce((u, { at }) => at(u), x);
      assert.ok(Math.abs(net.forward([x])[0] - said) < 1e-12, `${net.forward([x])[0]} at ${x}: ${said}`);
    }
    assert.is(
      sawtooth.criticalOrbit(blocks).full,
      regions.segment(net, [0], [1]).laps === 8,
      `chain ${trial}`,
    );
    assert.is(sawtooth.unimodalBlocks(net), undefined);
  }
  assert.ok(Math.max(...relative) < 1e-12, `${relative}`);
  const exact = sawtooth.randomChain(2, 0, random.generator(0));
  assert.equal([exact.blocks.length, exact.network.forward([0.125])[0]], [2, 0.5]);
});

test("the margin is the smallest distance of a fold to the laps' ends; at 0 a lap is lost", () => {
  const tent = (fold: number): sawtooth.UnimodalBlock => ({
    fold,
    at: (u) => (u < fold ? u / fold : (1 - u) / (1 - fold)),
  });
  const margin = (...folds: number[]) => sawtooth.criticalOrbit(folds.map(tent)).margin;
  assert.is(margin(0.25), 0.25);
  assert.is(margin(0.75), 0.25);
  assert.is(margin(0.5, 0.125), 0.125);
  assert.equal(sawtooth.criticalOrbit([{ fold: 0, at: (u) => 1 - u }]), {
    full: false,
    margin: 0,
    firstMiss: 1,
  });
  assert.equal(sawtooth.criticalOrbit([{ fold: 1.5, at: (u) => u }, tent(0.5)]), {
    full: false,
    margin: -0.5,
    firstMiss: 1,
  });
});

type Block = { w0?: number; b0?: number; w1?: number; b1?: number; up?: number; down?: number };

function block({ w0 = 1, b0 = 0, w1 = 1, b1 = -0.5, up = 2, down = -4 }: Block): network.LayerSpec[] {
  return [
    { W: [[w0], [w1]], b: [b0, b1], activation: "relu" },
    { W: [[up, down]], b: [0.125], activation: "relu" },
  ];
}

const readout = (...weights: number[]): network.LayerSpec => ({
  W: weights.map((weight) => [weight]),
  b: weights.map(() => 0),
  activation: "linear",
});

test("the maps of a chain of 2-1 blocks are the network's own", () => {
  const net = network.ReluNetwork.of([
    ...block({ w0: 3, b0: 0.25, w1: 4, b1: -2, up: 2, down: -4 }),
    ...block({ w1: 4, b1: -2, down: -1 }),
    readout(1),
  ]);
  const blocks = sawtooth.unimodalBlocks(net)!;
  assert.equal(
    blocks.map(({ fold }) => fold),
    [0.5, 0.5],
  );
  for (const x of [-1, 0, 0.25, 0.5, 0.625, 1, 3]) {
    assert.is(blocks[1].at(blocks[0].at(x)), net.forward([x])[0]);
  }
});

test("what does not rise to one fold and fall beyond it has no maps", () => {
  const refused: [string, network.LayerSpec[]][] = [
    [
      "two inputs",
      [
        {
          W: [
            [1, 1],
            [1, 1],
          ],
          b: [0, -0.5],
          activation: "relu",
        },
        block({})[1],
        readout(1),
      ],
    ],
    [
      "three neurons",
      [
        { W: [[1], [1], [1]], b: [0, -0.5, 0], activation: "relu" },
        { W: [[2, -4, 1]], b: [0], activation: "relu" },
        readout(1),
      ],
    ],
    ["one neuron", [{ W: [[1]], b: [0], activation: "relu" }, readout(1), readout(1)]],
    ["falls from the start", [...block({ w0: -1, b0: 1 }), readout(1)]],
    ["flat before the fold", [...block({ w0: 0, b0: 1 }), readout(1)]],
    ["a valley", [...block({ w1: -1, b1: 0.5, down: 4 }), readout(1)]],
    ["falls twice", [...block({ up: -2 }), readout(1)]],
    ["flat, then falls", [...block({ up: 0 }), readout(1)]],
    ["rises on", [...block({ down: -1 }), readout(1)]],
    ["rises on steeply", [...block({ w0: 4, up: 1, down: -2 }), readout(1)]],
    ["flat beyond the fold", [...block({ down: -2 }), readout(1)]],
    ["begins after its fold", [...block({ b0: -1 }), readout(1)]],
    ["begins at its fold", [...block({ b0: -0.5 }), readout(1)]],
    ["two readouts", [...block({}), readout(1), readout(1)]],
    ["ends in a ReLU", [...block({}), { ...readout(1), activation: "relu" }]],
    ["two outputs", [...block({}), readout(1, 1)]],
    ["turned over", [...block({}), readout(-1)]],
    ["read by nothing", [...block({}), readout(0)]],
    ["no block", [readout(1)]],
  ];
  for (const [what, specs] of refused) {
    assert.is(sawtooth.unimodalBlocks(network.ReluNetwork.of(specs)), undefined, what);
  }
});

test.run();
