// Values carried past a layer of ReLUs: every engine counts what it counts where they are ReLUs that never switch.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";

type Spec = network.LayerSpec;

/** A bound on every value carried: added before a ReLU and taken away behind it, it makes the ReLU the identity. */
const shift = 1024;

/** Random networks in eighths, in which every layer reads the input as well; carried as identities, or by shifted ReLUs. */
function pair(seed: number, inputs: number, hidden: readonly number[], outputs: number) {
  const numbers = random.generator(seed);
  const eighths = (length: number) => Array.from({ length }, () => Math.round(8 * numbers.normal()) / 8);
  const unit = (length: number, at: number) => Array.from({ length }, (_, i) => (i === at ? 1 : 0));
  const carried: Spec[] = [];
  const shifted: Spec[] = [];
  let width = 0;
  for (const n of hidden) {
    const own = Array.from({ length: n }, () => eighths(width + inputs));
    const b = eighths(n);
    const passed = Array.from({ length: inputs }, (_, i) => unit(width + inputs, width + i));
    const W = [...own, ...passed];
    const identities = Uint8Array.from(W, (_, i) => (i < n ? 0 : 1));
    carried.push({ W, b: [...b, ...new Array<number>(inputs).fill(0)], activation: "relu", identities });
    const before = (row: readonly number[]) =>
      width === 0 ? 0 : shift * row.slice(width).reduce((sum, w) => sum + w, 0);
    const constants = [
      ...own.map((row, i) => b[i] - before(row)),
      ...passed.map((row) => shift - before(row)),
    ];
    shifted.push({ W, b: constants, activation: "relu" });
    width = n;
  }
  const W = Array.from({ length: outputs }, () => eighths(width + inputs));
  const b = eighths(outputs);
  carried.push({ W, b, activation: "linear" });
  const constants = W.map((row, i) => b[i] - shift * row.slice(width).reduce((sum, w) => sum + w, 0));
  shifted.push({ W, b: constants, activation: "linear" });
  return [network.ReluNetwork.of(carried), network.ReluNetwork.of(shifted)] as const;
}

const box = (n: number) => ({ lo: new Array<number>(n).fill(-1), hi: new Array<number>(n).fill(1) });

test("identities are no neurons, and survive a document", () => {
  const [carried] = pair(1, 2, [5, 4], 1);
  assert.is(carried.neurons, 9);
  const again = network.networkFromJson(JSON.stringify(network.networkToJson(carried)));
  assert.equal(again.forward([0.3, -0.7]), carried.forward([0.3, -0.7]));
  assert.is(again.neurons, 9);
});

for (const seed of [1, 2, 3, 4])
  test(`on a plane, network ${seed}`, async () => {
    const [carried, shifted] = pair(seed, 2, [8, 6, 5], 2);
    const domain = box(2);
    const [found, expected] = await Promise.all([carried, shifted].map((net) => regions.plane(net, domain)));
    assert.ok(found.count > 20);
    const told = ({ count, linearRegions, certified, distinctMaps }: regions.PlaneRegions) => [
      count,
      linearRegions,
      certified,
      distinctMaps,
    ];
    assert.equal(told(found), told(expected));
    assert.is((await regions.countPlane(carried, domain)).regions, expected.count);
  });

test("in space", async () => {
  for (const seed of [5, 6]) {
    const [carried, shifted] = pair(seed, 3, [6, 5], 2);
    const { lo, hi } = box(3);
    const [found, expected] = await Promise.all(
      [carried, shifted].map((net) => regions.space(net, { lo, hi }, { linear: true, neighbours: true })),
    );
    assert.ok(found.count > 30);
    assert.is(found.count, expected.count);
    assert.ok(found.linearRegions! > 1);
    assert.is(found.linearRegions, expected.linearRegions);
    assert.is(found.neighbours?.pairs.length, expected.neighbours?.pairs.length);
    assert.is((await regions.countSpace(carried, { lo, hi })).regions, expected.count);
  }
});

test("along a segment, and by distance", () => {
  for (const seed of [7, 8, 9]) {
    const [carried, shifted] = pair(seed, 4, [8, 7, 5], 2);
    const [p, q] = [
      [-1, -0.5, 0.25, 1],
      [1, 0.75, -0.5, -1],
    ];
    const [found, expected] = [carried, shifted].map((net) => regions.segment(net, p, q));
    assert.equal(
      [found.acts, found.pieces, found.distinctMaps, found.laps],
      [expected.acts, expected.pieces, expected.distinctMaps, expected.laps],
    );
    const [near, far] = [carried, shifted].map((net) => regions.distance(net, [p, q]));
    near.distances.forEach((d, i) => assert.ok(Math.abs(d - far.distances[i]) < 1e-9));
    near.linearDistances.forEach((d, i) => assert.ok(Math.abs(d - far.linearDistances[i]) < 1e-9));
  }
});

test.run();
