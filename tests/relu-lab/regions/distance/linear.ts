// Distances to the boundary of the linear region, compared with the pieces and regions that other engines find.
import * as assert from "uvu/assert";
import { random, regions, type network } from "relu-lab";
import { degenerateKinds, degenerateNetwork, randomNetwork } from "../../../oracle";

const far = 3;

/** In one dimension: the nearest knot of all outputs. */
function byKnots(net: network.ReluNetwork, x: number): number {
  const { knots } = regions.segment(net, [x - far], [x + far]);
  return Math.min(Infinity, ...[...knots.subarray(1, -1)].map((t) => Math.abs(2 * far * t - far)));
}

/** In two dimensions: the nearest edge between two linear regions. */
function byEdges(net: network.ReluNetwork, x: number[]): number {
  const found = regions.planeSync(net, { lo: x.map((v) => v - far), hi: x.map((v) => v + far) });
  const { twins, regionsOfEdges, offsets, vertices, linearRegion } = found;
  let best = Infinity;
  for (let e = 0; e < twins.length; e++) {
    const region = regionsOfEdges[e];
    if (twins[e] < 0 || linearRegion[region] === linearRegion[regionsOfEdges[twins[e]]]) continue;
    const to = e + 1 === offsets[region + 1] ? offsets[region] : e + 1;
    const [px, py] = [vertices[2 * e] - x[0], vertices[2 * e + 1] - x[1]];
    const [dx, dy] = [vertices[2 * to] - vertices[2 * e], vertices[2 * to + 1] - vertices[2 * e + 1]];
    const square = dx * dx + dy * dy;
    const t = square > 0 ? Math.min(1, Math.max(0, -(px * dx + py * dy) / square)) : 0;
    best = Math.min(best, Math.hypot(px + t * dx, py + t * dy));
  }
  return best;
}

/** Compares one point of a network of one or two inputs; whether its linear region ends within reach. */
export function compareLinearDistance(net: network.ReluNetwork, x: number[], name: string): boolean {
  const expected = net.inputs === 1 ? byKnots(net, x[0]) : byEdges(net, x);
  const { distances, linearDistances, linearExact } = regions.distance(net, [x], { maximumRegions: 3000 });
  const got = linearDistances[0];
  assert.ok(got >= distances[0], `${name}: not nearer than the activation region's`);
  if (!linearExact[0]) {
    assert.ok(got <= expected + 1e-9, `${name}: bound ${got} against ${expected}`);
    return false;
  }
  if (expected >= far * 0.999) {
    assert.ok(got >= far * 0.998, `${name}: ${got} against none within ${far}`);
    return false;
  }
  assert.ok(Math.abs(got - expected) <= 1e-7 * (1 + expected), `${name}: ${got} against ${expected}`);
  return true;
}

/** Random points of random and degenerate networks; returns how many boundaries were compared. */
export function compareLinearDistances(seed: string, each: number): number {
  let compared = 0;
  for (let kind = -1; kind < degenerateKinds.length; kind++) {
    for (let i = 0; i < each; i++) {
      // Boundaries that pass each other by an ulp leave regions thinner than the search sees.
      if (kind === degenerateKinds.indexOf("nearly concurrent")) continue;
      const r = random
        .generator(seed)
        .split(kind + 1)
        .split(i);
      const inputs = 1 + (i % 2);
      const net = kind < 0 ? randomNetwork(inputs, r, 6) : degenerateNetwork(inputs, r, kind);
      const x = Array.from({ length: inputs }, () => r.normal());
      const name = `${kind < 0 ? "random" : degenerateKinds[kind]} network ${i} of seed ${seed}, ${net.sizes.join("-")}`;
      if (compareLinearDistance(net, x, name)) compared++;
    }
  }
  return compared;
}
