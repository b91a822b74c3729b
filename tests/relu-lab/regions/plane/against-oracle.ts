// Seeded networks on boxes, polygons and planes through 3 or 4 inputs, compared with the rational counter.
import * as assert from "uvu/assert";
import { type network, random, regions } from "relu-lab";
import {
  countPlane as countExactly,
  degenerateKinds,
  degenerateNetwork,
  randomNetwork,
  type PlaneDomain,
} from "../../../oracle";

/** The same domain for the oracle and for the engine: mostly boxes, now and then a polygon or a slice. */
function domains(inputs: number, r: random.Generator): [PlaneDomain, regions.PlaneDomain] {
  if (inputs > 2) {
    const vector = () =>
      Array.from({ length: inputs }, () => [r.normal(), r.integer(5) / 2 - 1][r.integer(2)]);
    const [c, u, v] = [vector(), vector(), vector()];
    u[0] = 1;
    v[0] = 0;
    v[1] = 0.5; // not parallel
    const [lo, hi] = [
      [-1, -1],
      [1, 1],
    ];
    return [
      { type: "slice", c, u, v, lo, hi },
      { origin: c, directions: [u, v], bounds: { lo, hi } },
    ];
  }
  if (r.integer(5) === 0) {
    const points = [
      [-1, -1],
      [0.7, -1],
      [1, 1 / 3],
      [0, 1],
      [-1, 0.5],
    ] as const;
    return [{ type: "polygon", points }, { polygon: points.flat() }];
  }
  const hi = [1, r.integer(3) === 0 ? 1 / 3 : 1];
  return [
    { type: "box", lo: [-1, -1], hi },
    { lo: [-1, -1], hi },
  ];
}

/** Compares every count of one network, and checks what must hold of any subdivision of a polygon. */
export function compare(net: network.ReluNetwork, r: random.Generator, name: string): regions.PlaneRegions {
  const [forOracle, domain] = domains(net.inputs, r);
  const expected = countExactly(net, forOracle);
  const counted = regions.countPlaneSync(net, domain);
  assert.is(counted.regions, expected.activationRegions, `${name}: regions counted`);
  assert.equal(counted.cellsAfterEachLayer, expected.cellsAfterEachLayer, `${name}: cells counted`);
  assert.ok(counted.certified && counted.complete, name);
  const found = regions.planeSync(net, domain);
  assert.is(found.regions, expected.activationRegions, `${name}: regions enumerated`);
  assert.equal(found.cellsAfterEachLayer, expected.cellsAfterEachLayer, `${name}: cells enumerated`);
  assert.is(found.linearRegions, expected.linearComponents, `${name}: linear regions`);
  assert.is(found.distinctMaps, expected.distinctMaps, `${name}: distinct maps`);
  return found;
}

export function compareRandom(from: number, to: number): void {
  for (let seed = from; seed < to; seed++) {
    const r = random.generator("plane").split(seed);
    compare(randomNetwork(2 + (seed % 4 === 3 ? 1 + r.integer(2) : 0), r), r, `random network ${seed}`);
  }
}

export function compareDegenerate(from: number, to: number): void {
  for (let seed = from; seed < to; seed++) {
    const r = random.generator("degenerate plane").split(seed);
    const kind = seed % degenerateKinds.length;
    const inputs = seed % 5 === 4 ? 3 : 2;
    compare(degenerateNetwork(inputs, r, kind), r, `${degenerateKinds[kind]}, seed ${seed}`);
  }
}
