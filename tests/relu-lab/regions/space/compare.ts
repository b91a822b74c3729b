// Random and degenerate networks of three inputs, counted by the engine and by the oracle.
import * as assert from "uvu/assert";
import { random, regions } from "relu-lab";
import { countSpace, degenerateKinds, degenerateNetwork, randomNetwork } from "../../../oracle";

export const box = { lo: [-1, -1, -1], hi: [1, 1, 1] };

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
      const expected = countSpace(net, box);
      const name = `${kind < 0 ? "random" : degenerateKinds[kind]} network ${i} of seed ${seed}, ${net.sizes.join("-")}`;
      assert.equal(found.cellsAfterEachLayer, expected.cellsAfterEachLayer, name);
      assert.is(found.regions, expected.activationRegions, name);
      assert.ok(found.certified, name);
      compared++;
    }
  }
  return compared;
}
