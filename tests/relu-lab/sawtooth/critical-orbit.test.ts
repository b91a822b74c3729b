import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, network, sawtooth } from "relu-lab";

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

test.run();
