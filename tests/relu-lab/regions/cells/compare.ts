// Random and degenerate networks of one to six inputs, counted by the engine and by linear programs in integers.
import * as assert from "uvu/assert";
import { random, regions } from "relu-lab";
import { countPatterns, degenerateKinds, degenerateNetwork, randomNetwork } from "../../../oracle";

export const cube = (d: number) => ({ lo: new Array<number>(d).fill(-1), hi: new Array<number>(d).fill(1) });

/** Widest layers for each number of inputs that the oracle can bear. */
const WIDEST = [0, 9, 9, 7, 5, 4, 4];

/**
 * Compares networks from..to of a seed, every second one degenerate, in a box and on the whole space. Returns how many
 * counts were compared: those above `most` regions are left out, the oracle needs milliseconds for each.
 */
export function compareWithPatterns(seed: string, to: number, most: number): number {
  let compared = 0;
  for (let i = 0; i < to; i++) {
    const r = random.generator(seed).split(i);
    const d = 1 + r.integer(6);
    const kind = r.integer(2) ? r.integer(degenerateKinds.length) : -1;
    const net = kind < 0 ? randomNetwork(d, r, WIDEST[d]) : degenerateNetwork(d, r, kind);
    for (const box of [undefined, cube(d)]) {
      const found = regions.countCellsSync(net, box ?? { type: "whole" }, { maximumRegions: 3000 });
      if (found.regions > most) continue;
      const name = `${kind < 0 ? "random" : degenerateKinds[kind]} network ${i} of seed ${seed}, ${net.sizes.join("-")}, ${box ? "box" : "whole"}`;
      assert.equal(found.cellsAfterEachLayer, countPatterns(net, box), name);
      assert.ok(found.certified && found.complete, name);
      compared++;
    }
  }
  return compared;
}
