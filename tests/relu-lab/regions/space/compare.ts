// Random and degenerate networks of three inputs, counted by the engine and by the oracle.
import * as assert from "uvu/assert";
import { random, regions, type network } from "relu-lab";
import {
  countSpace,
  degenerateKinds,
  degenerateNetwork,
  randomNetwork,
  type SpaceCounts,
} from "../../../oracle";

export const box = { lo: [-1, -1, -1], hi: [1, 1, 1] };

/** Neighbours, linear regions and maps of one network, and that its volumes fill the box. */
export function compareMaps(net: network.ReluNetwork, expected: SpaceCounts, name: string): void {
  const all = regions.spaceSync(net, box, { linear: true });
  assert.is(all.count, expected.activationRegions, `${name}: enumerated`);
  assert.is(all.neighbours?.neurons.length, expected.adjacentPairs, `${name}: pairs of neighbours`);
  assert.is(all.linearRegions, expected.linearComponents, `${name}: linear regions`);
  assert.is(all.distinctMaps, expected.distinctMaps, `${name}: distinct maps`);
  const volume = all.volumes.reduce((sum, v) => sum + v, 0);
  assert.ok(Math.abs(volume - 8) < 1e-9, `${name}: volumes add up to ${volume}`);
}

/** Compares `each` networks of every sort from a seed; the sort -1 is the generic one. Returns how many were compared. */
export function compareWithOracle(seed: string, each: number): number {
  let compared = 0;
  for (let kind = -1; kind < degenerateKinds.length; kind++) {
    for (let i = 0; i < each; i++) {
      const r = random
        .generator(seed)
        .split(kind + 1)
        .split(i);
      const net = kind < 0 ? randomNetwork(3, r, 7) : degenerateNetwork(3, r, kind);
      const found = regions.countSpaceSync(net, box);
      // The oracle needs a millisecond a region.
      if (found.regions > 4000) continue;
      const maps = found.regions <= 500;
      const expected = countSpace(net, box, maps);
      const name = `${kind < 0 ? "random" : degenerateKinds[kind]} network ${i} of seed ${seed}, ${net.sizes.join("-")}`;
      assert.equal(found.cellsAfterEachLayer, expected.cellsAfterEachLayer, name);
      assert.is(found.regions, expected.activationRegions, name);
      assert.ok(found.certified && found.complete, name);
      if (maps) compareMaps(net, expected, name);
      compared++;
    }
  }
  return compared;
}
