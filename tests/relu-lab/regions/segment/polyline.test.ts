import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { countLine, degenerateNetwork } from "../../../oracle";
import { inRows } from "../../../rows";

const { polyline, segment, segments } = regions;

test("a segment cut at interior points counts as the whole segment", () => {
  const r = random.generator("cut");
  for (let trial = 0; trial < 60; trial++) {
    // A dyadic grid, so that the cutting points lie exactly on the segment.
    const net =
      trial % 2
        ? network.heNetwork([2, 12, 12, 1], r.split(trial), 0.3)
        : degenerateNetwork(2, r.split(trial), (trial >> 1) % 6);
    const [from, to] = inRows(2, [-1, -0.5, 1, 1.5]);
    const corners = [0, 1 / 8, 1 / 4, 1 / 2, 13 / 16, 1].map((t) => from.map((v, i) => v + t * (to[i] - v)));
    const whole = segment(net, from, to);
    const cut = polyline(net, corners);
    assert.equal(
      [cut.acts, cut.pieces, cut.laps, cut.flats],
      [whole.acts, whole.pieces, whole.laps, whole.flats],
      `${trial}`,
    );
  }
});

test("a corner on a boundary that is crossed ends a piece once; one that bounces off does not", () => {
  const kink = network.ReluNetwork.of([
    { W: [[1, 0]], b: [0], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]);
  assert.is(polyline(kink, inRows(2, [-1, 0, 0, 0, 1, 1])).pieces, 2);
  assert.is(polyline(kink, inRows(2, [-1, 0, 0, 0, -1, 1])).pieces, 1);
  assert.is(polyline(kink, inRows(2, [1, 0, 0.5, 1, 1, 2])).pieces, 1);
  assert.equal([...polyline(kink, inRows(2, [-1, 0, -1, 1, 1, 1])).knots], [0, 1.5, 2]);
  assert.throws(() => polyline(kink, [[0, 0]]), /1 points make no line/);
  assert.throws(() => polyline(kink, [[0, 0], [0]]), /points\[1\] has 1 coordinates/);
});

test("a polyline by hand: counts, knots, joints, values and slopes of two outputs", () => {
  // relu(x - 1/2), relu(y - 1/2), a constant; from (0, 0) along x to (1, 0), up to (1, 1), back to (0, 1).
  const net = network.ReluNetwork.of([
    { W: inRows(2, [1, 0, 0, 1, 0, 0]), b: [-0.5, -0.5, 1], activation: "relu" },
    { W: inRows(3, [2, 4, 1, 1, 0, 0]), b: [0, 0], activation: "linear" },
  ]);
  const corners = inRows(2, [0, 0, 1, 0, 1, 1, 0, 1]);
  const found = polyline(net, corners, { outputs: "all" });
  assert.equal([found.acts, found.pieces, found.laps, found.flats, found.certified], [4, 4, 2, 3, true]);
  assert.equal([...found.knots], [0, 0.5, 1.5, 2.5, 3]);
  assert.equal([...found.activationKnots], [0, 0.5, 1.5, 2.5, 3]);
  assert.equal([...found.joints], [0, 0.5, 1, 1.5, 2, 2.5, 3]);
  assert.equal([...found.values], [1, 0, 1, 0, 2, 0.5, 2, 0.5, 4, 0.5, 3, 0, 3, 0]);
  assert.equal([...found.slopes], [0, 0, 2, 1, 0, 0, 4, 0, -2, -1, 0, 0]);
  const first = polyline(net, corners);
  assert.equal([...first.values], [1, 1, 2, 2, 4, 3, 3]);
  assert.equal([...first.slopes], [0, 2, 0, 4, -2, 0]);
  // A boundary at a corner is one knot there, named once; the same pattern goes on through other corners.
  const kinked = polyline(net, inRows(2, [0, 0, 0.5, 0, 1, 0, 1, 0.25]));
  assert.equal([...kinked.activationKnots], [0, 1, 3]);
  assert.equal([...kinked.knots], [0, 1, 3]);
  // Another pattern with the same map: a neuron that nobody listens to.
  const deaf = network.ReluNetwork.of([
    { W: inRows(2, [1, 0, 0, 1]), b: [-0.5, 1], activation: "relu" },
    { W: [[0, 1]], b: [0], activation: "linear" },
  ]);
  const unseen = polyline(deaf, inRows(2, [0, 0, 0.5, 0, 1, 0, 1, 2]));
  assert.equal([unseen.acts, unseen.pieces, unseen.flats, unseen.laps], [2, 1, 1, 1]);
  assert.equal([...unseen.activationKnots], [0, 1, 3]);
  // Patterns of equally many neurons that are not the same, met at a corner.
  const swap = network.ReluNetwork.of([
    { W: inRows(2, [1, 0, -1, 0]), b: [-0.5, 0.5], activation: "relu" },
    { W: [[1, 1]], b: [0], activation: "linear" },
  ]);
  const turned = polyline(swap, inRows(2, [0, 0, 0.5, 0, 1, 0]));
  assert.equal([turned.acts, turned.pieces, [...turned.knots]], [2, 2, [0, 1, 2]]);
});

test("what is no polyline is refused by its place", () => {
  const net = network.heNetwork([2, 3, 1], random.generator("refused polylines"));
  assert.throws(() => polyline(net, []), /0 points make no line; give 2 or more/);
  assert.throws(() => polyline(net, inRows(2, [0, 0, 1, NaN])), /points\[1\]\[1\] is NaN/);
  assert.throws(() => polyline(net, [[0], [1, 1]]), /points\[0\] has 1 coordinates/);
  assert.is(polyline(net, inRows(2, [0, 0, 0, 0])).acts, 1);
});

test("values at the joints are the network's, and slopes lead from one to the next", () => {
  const r = random.generator("values");
  for (let trial = 0; trial < 20; trial++) {
    const net = network.heNetwork([3, 9, 9, 2], r.split(trial), 0.3);
    const corners = Array.from({ length: 4 }, () => [r.normal(), r.normal(), r.normal()]);
    const found = polyline(net, corners, { outputs: "all" });
    const first = polyline(net, corners);
    assert.is(found.values.length, 2 * found.joints.length);
    assert.is(found.slopes.length, 2 * (found.joints.length - 1));
    for (const k of [...corners.keys(), ...found.knots]) assert.ok(found.joints.includes(k), `joint ${k}`);
    found.joints.forEach((joint, j) => {
      const k = Math.min(Math.floor(joint), corners.length - 2);
      const out = net.forward(corners[k].map((v, i) => v + (joint - k) * (corners[k + 1][i] - v)));
      for (const o of [0, 1]) assert.ok(Math.abs(found.values[2 * j + o] - out[o]) < 1e-11);
      assert.is(first.values[j], found.values[2 * j]);
      if (j === 0) return;
      const step = joint - found.joints[j - 1];
      for (const o of [0, 1]) {
        const rise = found.values[2 * j + o] - found.values[2 * j - 2 + o];
        assert.ok(Math.abs(rise - step * found.slopes[2 * j - 2 + o]) < 1e-11);
      }
    });
  }
});

test("many segments can be cancelled, and say how far they are", async () => {
  const net = network.heNetwork([2, 64, 64, 1], random.generator("cancel"), 0.1);
  const ends = Float64Array.from({ length: 4 * 40_000 }, (_, i) => Math.sin(i));
  for (const workers of [1, 2]) {
    const seen: number[] = [];
    const stop = new AbortController();
    const reason = new Error("enough");
    let thrown: unknown;
    await segments(net, ends, {
      workers,
      signal: stop.signal,
      onProgress(done) {
        seen.push(done);
        stop.abort(reason);
      },
    }).catch((error: unknown) => (thrown = error));
    assert.is(thrown, reason);
    assert.ok(seen[0] > 0 && seen[0] < 40_000);
  }
});

test("many segments: the counts do not depend on the threads, and are those of rational arithmetic", async () => {
  const net = network.heNetwork([3, 10, 10, 1], random.generator("many"), 0.2);
  const r = random.generator("ends");
  const ends = Float64Array.from({ length: 6 * 50 }, () => r.normal());
  const one = await segments(net, ends, { workers: 1 });
  const two = await segments(net, ends, { workers: 2 });
  assert.is(two.workers, 2);
  assert.ok(one.certified && two.certified);
  for (const key of ["acts", "pieces", "laps", "flats"] as const) assert.equal([...one[key]], [...two[key]]);
  for (let i = 0; i < 50; i++) {
    const oracle = countLine(
      net,
      [...ends.subarray(6 * i, 6 * i + 3)],
      [...ends.subarray(6 * i + 3, 6 * i + 6)],
    );
    assert.is(one.acts[i], oracle.intervals);
    assert.is(one.pieces[i], oracle.pieces);
  }
  let refused = "";
  await segments(net, [1, 2, 3]).catch((error: Error) => (refused = error.message));
  assert.match(refused, /3 numbers are not segments of 6/);
});

test("a segment whose end is no number is refused before threads start; what a report throws stops them", async () => {
  const net = network.heNetwork([2, 48, 48, 1], random.generator("refused"), 0.1);
  const ends = Float64Array.from({ length: 4 * 20_000 }, (_, i) => Math.sin(i));
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  const thrown = async (given: Float64Array, onProgress?: () => void) =>
    segments(net, given, { workers: 2, onProgress }).catch((error: Error) => error.message);
  const late = () => {
    throw new Error("from the report");
  };
  assert.is(await thrown(ends, late), "from the report");
  assert.match(
    String(await thrown(ends.map((v, i) => (i % 1001 === 1000 ? NaN : v)))),
    /segment 250 has the coordinate NaN/,
  );
  await new Promise((done) => setTimeout(done, 50));
  process.off("unhandledRejection", note);
  assert.equal(unhandled, []);
  const few = await segments(net, ends.subarray(0, 400), { workers: 2 });
  assert.equal([...few.acts], [...(await segments(net, ends.subarray(0, 400), { workers: 1 })).acts]);
});

test.run();
