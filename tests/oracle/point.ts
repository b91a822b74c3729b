// The outputs at one point of doubles, exactly: integers over a common power of two.
import type { network } from "relu-lab";
import { applyLayer, halvings, integerLayers, toInteger, type Row } from "./integers";

/** Outputs times one positive power of two. */
export function evaluate(net: network.ReluNetwork, x: readonly number[]): bigint[] {
  const shift = Math.max(...x.map(halvings));
  let values: (Row | null)[] = x.map((v) => [toInteger(v, shift)]);
  for (const layer of integerLayers(net, shift))
    values = applyLayer(layer, values, 0).map((row) => (layer.relu && row[0] <= 0n ? null : row));
  return values.map((row) => row?.[0] ?? 0n);
}
