import { test } from "uvu";
import * as assert from "uvu/assert";
import { experiments, sawtooth } from "relu-lab";

test("every sawtooth up to n = 14 has 2^n pieces, intervals and laps, in both forms", () => {
  const rows = experiments.sawtoothPieces({ largest: 14 });
  assert.is(rows.length, 28);
  for (const row of rows) {
    const counts = [row.activationIntervals, row.affinePieces, row.laps];
    assert.equal(counts, [2 ** row.n, 2 ** row.n, 2 ** row.n], `n = ${row.n}, ${row.form}`);
    assert.is(row.neurons, (row.form === "naive" ? 3 : 2) * row.n);
    assert.is(row.layers, (row.form === "naive" ? 2 : 1) * row.n);
  }
});

test("networks and formula agree", () => {
  assert.is(experiments.sawtoothMismatches({ largest: 8 }), 0);
});

test("rows of a function are its corners", () => {
  assert.equal(experiments.functionRows([{ name: "f", network: sawtooth.mirrorMap() }]), [
    { name: "f", x: 0, y: 0 },
    { name: "f", x: 0.5, y: 1 },
    { name: "f", x: 1, y: 0 },
  ]);
});

test("one hidden layer has at most one piece more than neurons", () => {
  const rows = experiments.piecesAgainstNeurons(experiments.sawtoothPieces({ largest: 2 }));
  assert.equal(rows.at(-1), { network: "one hidden layer, at most", neurons: 6, pieces: 7 });
});

test("a senseless depth is refused", () => {
  assert.throws(() => experiments.sawtoothPieces({ largest: 0 }), /largest = 0/);
});

test.run();
