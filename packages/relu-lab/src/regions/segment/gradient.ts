import type { ReluNetwork } from "../../network";
import { scaleNetwork, type ScaledLayer } from "./scaled-network";

/** The outputs' affine map under a pattern (active neurons of each layer), exactly: rows of coefficients and a constant. */
function affineMap(layers: readonly ScaledLayer[], pattern: readonly Int32Array[]): bigint[][] {
  let rows: bigint[][] = Array.from({ length: layers[0].inputs }, (_, i) =>
    Array.from({ length: layers[0].inputs + 1 }, (_v, k) => (k === i ? 1n : 0n)),
  );
  let on: ArrayLike<number> = rows.map((_, i) => i);
  for (const [l, { inputs, outputs, weights, biases }] of layers.entries()) {
    const active = new Set(pattern[l]);
    rows = Array.from({ length: outputs }, (_, j) => {
      const row = new Array<bigint>(layers[0].inputs + 1).fill(0n);
      if (!active.has(j)) return row;
      row[layers[0].inputs] = biases[j];
      for (const i of Array.from(on)) {
        const w = weights[j * inputs + i];
        if (w !== 0n) for (let k = 0; k < row.length; k++) row[k] += w * rows[i][k];
      }
      return row;
    });
    on = pattern[l];
  }
  return rows;
}

/** Do two patterns give the same affine map from input to output? Decided in integers. */
export function sameMap(network: ReluNetwork, a: readonly Int32Array[], b: readonly Int32Array[]): boolean {
  const layers = scaleNetwork(network, 0);
  const other = affineMap(layers, b);
  return affineMap(layers, a).every((row, o) => row.every((v, k) => v === other[o][k]));
}
