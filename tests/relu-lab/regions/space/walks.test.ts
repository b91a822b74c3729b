// Progress, cancellation and limits of walks in space; maps of regions; extreme weights.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { countedNetworks, countSpace as countByOracle } from "../../../oracle";
import { box } from "./compare";

const { ReluNetwork, heNetwork } = network;
const { countSpace, countSpaceSync, regionMap, space, spaceSync } = regions;
const net = heNetwork([3, 32, 32, 1], random.generator(0), 0.1);
const all = countSpaceSync(net, box).regions;

for (const { name, net: known, document } of countedNetworks()) {
  if (document.domain.type !== "box" || document.sizes[0] !== 3) continue;
  test(`${name}: neighbours, linear regions and distinct maps are the oracle's`, async () => {
    const found = await space(known, document.domain, { linear: true, workers: 2 });
    const expected = countByOracle(known, document.domain, true);
    assert.equal(
      [found.neighbours?.neurons.length, found.linearRegions, found.distinctMaps],
      [expected.adjacentPairs, expected.linearComponents, expected.distinctMaps],
    );
  });
}

test("a limit stops with a partial result that says so", async () => {
  for (const workers of [1, 2]) {
    const counted = await countSpace(net, box, { workers, maximumRegions: 5000 });
    assert.is(counted.complete, false);
    assert.is(counted.certified, false);
    assert.ok(counted.regions >= 5000 && counted.regions < 20_000, `${counted.regions} regions`);
    const kept = await space(net, box, { workers, maximumRegions: 3000, linear: true });
    assert.is(kept.complete, false);
    assert.is(kept.volumes.length, kept.regions);
    assert.ok(kept.volumes.reduce((s, v) => s + v, 0) < 8);
    assert.ok((kept.linearRegions ?? 0) > 0);
  }
  assert.is(countSpaceSync(net, box, { maximumRegions: 1e9 }).regions, all);
  assert.throws(() => countSpaceSync(net, box, { maximumRegions: 0 }), /maximumRegions is 0/);
});

test("progress is told and never shrinks; a signal stops the walk with its reason", async () => {
  const told: number[] = [];
  countSpaceSync(net, box, { onProgress: (regions) => told.push(regions) });
  assert.ok(told.length >= 5);
  assert.ok(told.every((regions, i) => regions <= all && (i === 0 || regions > told[i - 1])));
  for (const workers of [1, 2]) {
    const controller = new AbortController();
    const large = heNetwork([3, 96, 96, 1], random.generator(0), 0.1);
    let thrown: unknown;
    const timer = setTimeout(() => controller.abort(new Error("enough")), 20);
    try {
      await countSpace(large, box, { workers, signal: controller.signal });
    } catch (error) {
      thrown = error;
    }
    clearTimeout(timer);
    assert.match(String(thrown), /enough/);
    // The threads serve the next walk.
    assert.is((await countSpace(net, box, { workers })).regions, all);
  }
});

test("neighbours and linear regions do not depend on the number of workers", async () => {
  const one = spaceSync(net, box, { linear: true });
  const two = await space(net, box, { workers: 2, linear: true });
  assert.equal(two.neighbours, one.neighbours);
  assert.equal(two.linearRegion, one.linearRegion);
  assert.is(one.shapes, undefined);
});

test("the affine map of a region gives the network's output at its corners", () => {
  const small = heNetwork([3, 8, 7, 2], random.generator("maps"), 0.3);
  const found = spaceSync(small, box, { shapes: true });
  const { vertices, vertexOffsets } = found.shapes as regions.SpaceShapes;
  for (let r = 0; r < found.count; r++) {
    const map = regionMap(small, found, r);
    for (let v = vertexOffsets[r]; v < vertexOffsets[r + 1]; v++) {
      const x = [...vertices.subarray(3 * v, 3 * v + 3)];
      small.forward(x).forEach((y, o) => {
        const value = x.reduce((s, c, k) => s + map[4 * o + k] * c, map[4 * o + 3]);
        assert.ok(Math.abs(value - y) < 1e-12);
      });
    }
  }
  assert.throws(() => regionMap(small, found, found.count), /there is no region/);
});

test("weights of 1e-300 and 1e300 are counted right in one, two and three dimensions", () => {
  const scale = (inputs: number, factors: number[]) => {
    const own = heNetwork([inputs, 6, 5, 1], random.generator(`size ${inputs}`), 0.3);
    return ReluNetwork.of(
      own.layers.map(({ weights, biases, activation }, l) => ({
        W: weights.map((w) => w * factors[l]),
        b: biases.map((v) => v * factors.slice(0, l + 1).reduce((p, f) => p * f, 1)),
        activation,
      })),
    );
  };
  for (const factors of [
    [2 ** -990, 1, 1],
    [2 ** 990, 2 ** -990, 1],
    [2 ** -500, 2 ** -400, 1],
    [2 ** 500, 2 ** 400, 1],
  ]) {
    const [line, plane, cube] = [1, 2, 3].map((inputs) => [scale(inputs, [1, 1, 1]), scale(inputs, factors)]);
    assert.is(regions.segment(line[1], [-2], [2]).acts, regions.segment(line[0], [-2], [2]).acts);
    const square = { lo: [-1, -1], hi: [1, 1] };
    assert.is(
      regions.countPlaneSync(plane[1], square).regions,
      regions.countPlaneSync(plane[0], square).regions,
    );
    const expected = countByOracle(cube[0], box).activationRegions;
    assert.is(countSpaceSync(cube[0], box).regions, expected);
    assert.is(countSpaceSync(cube[1], box).regions, expected, factors.join());
  }
});

test("what a report of progress throws ends the walk, not the process", async () => {
  const large = heNetwork([3, 96, 96, 1], random.generator(0), 0.1);
  const onProgress = (): never => {
    throw new Error("from the report");
  };
  const thrown = await countSpace(large, box, { workers: 2, onProgress }).catch(
    (error: Error) => error.message,
  );
  assert.is(thrown, "from the report");
  assert.is((await countSpace(net, box, { workers: 2 })).regions, all);
});

test.run();
