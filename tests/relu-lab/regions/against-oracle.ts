// The plane engine on seeded random and degenerate networks, compared with polygons in rational arithmetic.
import * as assert from "uvu/assert";
import { random, regions, type network } from "relu-lab";
import {
  countPlane,
  degenerateKinds,
  degenerateNetwork,
  randomNetwork,
  type PlaneDomain,
} from "../../oracle";

/** Whether all three numbers of a network on a domain are those of the oracle; throws with the place when not. */
function compare(net: network.ReluNetwork, domain: PlaneDomain, name: string): void {
  const oracle = countPlane(net, domain);
  const where =
    domain.type === "box"
      ? { lo: domain.lo, hi: domain.hi }
      : domain.type === "slice"
        ? {
            origin: domain.c,
            directions: [domain.u, domain.v] as const,
            bounds: { lo: domain.lo, hi: domain.hi },
          }
        : { polygon: domain.points.flat() };
  const found = regions.planeSync(net, where);
  assert.ok(found.certified, `${name}: certified`);
  assert.is(found.regions, oracle.activationRegions, `${name}: activation regions`);
  assert.equal(found.cellsAfterEachLayer, oracle.cellsAfterEachLayer, `${name}: cells after each layer`);
  assert.is(found.linearRegions, oracle.linearComponents, `${name}: linear regions`);
  assert.is(found.distinctMaps, oracle.distinctMaps, `${name}: distinct maps`);
  const counted = regions.countPlaneSync(net, where);
  assert.is(counted.regions, oracle.activationRegions, `${name}: count alone`);
}

/** Mostly the square; also a shifted box, a triangle, and planes through three and five inputs. */
function domainOf(inputs: number, r: random.Generator): PlaneDomain {
  if (inputs > 2) {
    const vector = () => Array.from({ length: inputs }, () => (r.integer(3) ? r.normal() : r.integer(3) - 1));
    let [u, v] = [vector(), vector()];
    const parallel = () => u.every((a, i) => u.every((b, j) => Math.abs(a * v[j] - b * v[i]) < 1e-9));
    while (parallel()) [u, v] = [vector(), vector()];
    return { type: "slice", c: vector(), u, v, lo: [-1, -1], hi: [1, 1] };
  }
  switch (r.integer(6)) {
    case 0:
      return { type: "box", lo: [0, 0], hi: [1, 1] };
    case 1:
      return { type: "box", lo: [-1 / 3, -0.7], hi: [2, 1 / 3] };
    case 2:
      return { type: "polygon", points: [[-1, -1], [1, -0.5], [1 / 3, 1]] }; // prettier-ignore
    default:
      return { type: "box", lo: [-1, -1], hi: [1, 1] };
  }
}

export function compareRandom(first: number, count: number): void {
  for (let i = first; i < first + count; i++) {
    const r = random.generator(`plane ${i}`);
    const inputs = [2, 2, 2, 3, 2, 5][i % 6];
    const domain = domainOf(inputs, r);
    compare(randomNetwork(inputs, r), domain, `random ${i}`);
  }
}

export function compareDegenerate(first: number, count: number): void {
  for (let i = first; i < first + count; i++) {
    const r = random.generator(`degenerate plane ${i}`);
    const inputs = i % 12 === 7 ? 3 : 2;
    const kind = i % degenerateKinds.length;
    const domain = domainOf(inputs, r);
    compare(degenerateNetwork(inputs, r, kind), domain, `${degenerateKinds[kind]} ${i}`);
  }
}
