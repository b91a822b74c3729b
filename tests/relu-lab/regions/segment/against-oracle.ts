// Seeded segments of random and degenerate networks in 1 to 4 dimensions, compared with the rational counter.
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { countLine, degenerateKinds, degenerateNetwork, randomNetwork } from "../../../oracle";

/** Ends that are generic, on a coarse grid, at 1/3 (rounded) or at the origin. */
function end(dimension: number, r: random.Generator): number[] {
  return Array.from({ length: dimension }, () =>
    [() => r.normal(), () => r.integer(5) / 2 - 1, () => 1 / 3, () => 0][r.integer(4)](),
  );
}

function compare(net: network.ReluNetwork, from: number[], to: number[], name: string): void {
  const oracle = countLine(net, from, to);
  for (const method of ["cells", "march"] as const) {
    const found = regions.segment(net, from, to, { method });
    const where = `${name}, ${method}`;
    assert.ok(found.certified, where);
    assert.equal(
      [found.acts, found.pieces, found.laps, found.flats, found.distinctMaps],
      [oracle.intervals, oracle.pieces, oracle.laps, oracle.flats, oracle.distinctMaps],
      where,
    );
    for (const [k, t] of oracle.knots.entries()) {
      assert.ok(Math.abs(found.activationKnots[k] - t) < 1e-9, `${where}: knot ${k}`);
    }
  }
}

export function compareRandom(first: number, count: number): void {
  for (let i = first; i < first + count; i++) {
    const r = random.generator(`segment ${i}`);
    const dimension = 1 + (i % 4);
    const net = randomNetwork(dimension, r);
    compare(net, end(dimension, r), end(dimension, r), `random ${i}`);
  }
}

export function compareDegenerate(first: number, count: number): void {
  for (let i = first; i < first + count; i++) {
    const r = random.generator(`degenerate segment ${i}`);
    const dimension = 1 + (i % 3);
    const kind = i % degenerateKinds.length;
    const net = degenerateNetwork(dimension, r, kind);
    compare(net, end(dimension, r), end(dimension, r), `${degenerateKinds[kind]} ${i}`);
  }
}
