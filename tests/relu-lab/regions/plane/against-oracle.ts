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
import { checkInvariants } from "./invariants";

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
  const boxes = [
    { lo: [-1, -1], hi: [1, 1 / 3] },
    { lo: [0, 0], hi: [1, 1] },
    { lo: [-1 / 3, -0.7], hi: [2, 1 / 3] },
  ];
  const box = boxes[r.integer(8)] ?? { lo: [-1, -1], hi: [1, 1] };
  return [{ type: "box", ...box }, box];
}

/** How many of the compared networks were of the families that counters get wrong. */
export interface Families {
  networks: number;
  /** Eight hidden layers. */
  deep: number;
  /** Planes through three inputs or more. */
  slices: number;
  /** Boundaries through one point, or past it by an ulp. */
  nearlyConcurrent: number;
}

function tally(families: Families, net: network.ReluNetwork, kind = ""): void {
  families.networks++;
  if (net.layers.length === 9) families.deep++;
  if (net.inputs > 2) families.slices++;
  if (kind === "nearly concurrent") families.nearlyConcurrent++;
}

/** The area of a domain in its own coordinates. */
function areaOf(domain: regions.PlaneDomain): number {
  if ("polygon" in domain && domain.polygon) {
    const flat = Array.from(domain.polygon);
    const n = flat.length;
    return flat.reduce(
      (sum, x, i) => (i % 2 ? sum : sum + (x * flat[(i + 3) % n] - flat[(i + 2) % n] * flat[i + 1]) / 2),
      0,
    );
  }
  const { lo, hi } = "bounds" in domain && domain.bounds ? domain.bounds : (domain as regions.BoxDomain);
  return (hi[0] - lo[0]) * (hi[1] - lo[1]);
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
  checkInvariants(found, areaOf(domain));
  return found;
}

export function compareRandom(from: number, to: number): Families {
  const families = { networks: 0, deep: 0, slices: 0, nearlyConcurrent: 0 };
  for (let seed = from; seed < to; seed++) {
    const r = random.generator("plane").split(seed);
    const net = randomNetwork(2 + (seed % 4 === 3 ? 1 + r.integer(3) : 0), r);
    compare(net, r, `random network ${seed}`);
    tally(families, net);
  }
  return families;
}

export function compareDegenerate(from: number, to: number): Families {
  const families = { networks: 0, deep: 0, slices: 0, nearlyConcurrent: 0 };
  for (let seed = from; seed < to; seed++) {
    const r = random.generator("degenerate plane").split(seed);
    const kind = seed % degenerateKinds.length;
    const net = degenerateNetwork(seed % 5 === 4 ? 3 : 2, r, kind);
    compare(net, r, `${degenerateKinds[kind]}, seed ${seed}`);
    tally(families, net, degenerateKinds[kind]);
  }
  return families;
}
