// The number of gradients: against all patterns' rows in integers, and where residues cannot tell.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { degenerateKinds, degenerateNetwork } from "../../../oracle";
import { applyLayer, integerLayers, type Row } from "../../../oracle/integers";
import { inRows } from "../../../rows";

const { ReluNetwork } = network;
const box = { lo: [-1, -1], hi: [1, 1] };
const PRIME = 8388593; // of the residues

/** The gradients of all regions' maps in integers. */
function exactGradients(net: network.ReluNetwork, { count, patterns, patternWords }: regions.PlaneRegions) {
  const layers = integerLayers(net, 0);
  const gradients = new Set<string>();
  for (let r = 0; r < count; r++) {
    let values: (Row | null)[] = inRows(3, [1n, 0n, 0n, 0n, 1n, 0n]);
    let n = 0;
    for (const layer of layers) {
      values = applyLayer(layer, values, 2).map((row) => {
        const on = (patterns[r * patternWords + (n >>> 5)] >>> (n & 31)) & 1;
        n++;
        return layer.relu && !on ? null : row;
      });
    }
    gradients.add(values.map((row) => (row ? `${row[0]},${row[1]}` : "0,0")).join(";"));
  }
  return gradients.size;
}

test("small integer networks: as many gradients as in integers, whatever was merged before", () => {
  let fewer = 0;
  for (let trial = 0; trial < 30; trial++) {
    const net = degenerateNetwork(
      2,
      random.generator("gradients").split(trial),
      trial % degenerateKinds.length,
    );
    const found = regions.planeSync(net, box);
    if (found.count > 200) continue;
    const expected = exactGradients(net, found);
    assert.is(regions.countGradients(net, box, found), expected, `network ${trial}`);
    const unmerged = regions.planeSync(net, box, { linear: false });
    assert.is(regions.countGradients(net, box, unmerged), expected, `network ${trial}, not merged`);
    if (expected < found.distinctMaps) fewer++;
  }
  assert.ok(fewer > 2, `${fewer} networks have maps that differ in their constants alone`);
});

test("of each linear region one region is looked at, its first", () => {
  // Neurons 0 and 1 cancel out; 2 cuts in two what they leave whole.
  const net = ReluNetwork.of([
    { W: inRows(2, [1, 0, 1, 0, 0, 1]), b: [0, 0, 0.25], activation: "relu" },
    { W: [[1, -1, 1]], b: [0], activation: "linear" },
  ]);
  const found = regions.planeSync(net, box);
  assert.equal([found.count, found.linearRegions, found.patternWords], [4, 2, 1]);
  const looked = new Set<number>();
  const watch = (patterns: Uint32Array) =>
    new Proxy(patterns, {
      get(target, key) {
        looked.add(Number(key));
        return target[Number(key)];
      },
    });
  assert.is(regions.countGradients(net, box, { ...found, patterns: watch(found.patterns) }), 2);
  const firsts = [0, 1].map((linear) => found.linearRegion.indexOf(linear));
  assert.equal([...looked].sort(), firsts.sort());
});

test("the specification's network: three maps with a gradient of their own, and one without", () => {
  const net = ReluNetwork.of([
    { W: inRows(2, [1, 0, 0, 1]), b: [0, 0], activation: "relu" },
    { W: [[1, 1]], b: [-1], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]);
  const domain = { lo: [-2, -2], hi: [2, 2] };
  assert.is(regions.countGradients(net, domain, regions.planeSync(net, domain)), 4);
});

test("steps: maps that differ in their constants have one gradient", () => {
  // x, then flat at 1/4, then x again from 1/2 on.
  const net = ReluNetwork.of([
    { W: inRows(2, [1, 0, 1, 0, 1, 0]), b: [2, -0.25, -0.5], activation: "relu" },
    { W: [[1, -1, 1]], b: [0], activation: "linear" },
  ]);
  const found = regions.planeSync(net, box);
  assert.is(found.distinctMaps, 3);
  assert.is(regions.countGradients(net, box, found), 2);
});

test("gradients that agree modulo the prime are told apart exactly", () => {
  for (const slopes of [
    [PRIME, 0],
    [PRIME, 2 * PRIME],
    [PRIME, -PRIME],
    [PRIME, 3],
  ]) {
    const net = ReluNetwork.of([
      { W: inRows(2, [1, 0, 1, 0, 1, 0, 1, 0]), b: [0.5, 0, -0.5, -0.75], activation: "relu" },
      { W: [[slopes[0], slopes[1], -slopes[1], slopes[1]]], b: [0], activation: "linear" },
    ]);
    const found = regions.planeSync(net, box);
    const expected = new Set([0, slopes[0], slopes[0] + slopes[1], slopes[0] + slopes[1]]).size;
    assert.is(regions.countGradients(net, box, found), expected, `${slopes}`);
  }
});

test("along a plane through more inputs; all outputs together", () => {
  // Outputs |x1| and |x2|: along the plane (s, 0, t) only the second bends.
  const net = ReluNetwork.of([
    { W: inRows(3, [0, 1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1]), b: [1, 1, 0, 0], activation: "relu" },
    { W: inRows(4, [1, 1, 0, 0, 0, 0, 1, 1]), b: [0, 0], activation: "linear" },
  ]);
  const domain = {
    origin: [0, 0, 0],
    directions: [
      [1, 0, 0],
      [0, 0, 1],
    ],
    bounds: box,
  } as const;
  assert.is(regions.countGradients(net, domain, regions.planeSync(net, domain)), 2);
  const along = {
    ...domain,
    directions: [
      [0, 4, 0],
      [0, 0, 1],
    ],
  } as const;
  assert.is(regions.countGradients(net, along, regions.planeSync(net, along)), 6);
});

test("regions without maps are refused", () => {
  const net = network.heNetwork([2, 3, 1], random.generator(1), 0.1);
  const found = regions.planeSync(net, box, { maps: false });
  assert.throws(() => regions.countGradients(net, box, found), /countGradients: .* without maps/);
});

test.run();
