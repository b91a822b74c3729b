import type { ReluNetwork } from "../../network";
import { unpackPattern } from "./pattern";

/** The patterns of many regions: what an enumeration on a plane or in space returns. */
export interface PatternTable {
  readonly count: number;
  readonly patternWords: number;
  readonly patterns: Uint32Array;
}

/**
 * The affine map of a network on one activation region, in its whole input space.
 *
 * @param network the network whose regions these are
 * @param found regions on a plane or in space
 * @param region number of the region
 * @returns `inputs + 1` numbers an output: its gradient, then its value at the origin
 * @throws RangeError when there is no such region
 * @example
 * const [a, b, c, d] = regionMap(network, spaceSync(network, box), 0); // first output: a x + b y + c z + d
 */
export function regionMap(network: ReluNetwork, found: PatternTable, region: number): Float64Array {
  if (!(Number.isInteger(region) && region >= 0 && region < found.count)) {
    throw new RangeError(
      `regionMap: there is no region ${region}; they are numbered 0 to ${found.count - 1}`,
    );
  }
  const pattern = unpackPattern(network, found.patterns, region * found.patternWords);
  const columns = network.inputs + 1;
  let below = new Float64Array(network.inputs * columns);
  for (let i = 0; i < network.inputs; i++) below[i * columns + i] = 1;
  network.layers.forEach(({ inputs, outputs, weights, biases }, l) => {
    const rows = new Float64Array(outputs * columns);
    for (let j = 0; j < outputs; j++) {
      if (!pattern[l][j]) continue;
      const row = j * columns;
      rows[row + columns - 1] = biases[j];
      for (let k = 0; k < inputs; k++) {
        const w = weights[j * inputs + k];
        if (w !== 0 && (l === 0 || pattern[l - 1][k]))
          for (let c = 0; c < columns; c++) rows[row + c] += w * below[k * columns + c];
      }
    }
    below = rows;
  });
  return below;
}
