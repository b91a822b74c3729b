import type { Plan } from "./plan";

const U = 2 ** -53;
/** Per neuron: more than underflow can lose, whatever its products are multiplied by afterwards. */
const ETA = 1e-280;

/**
 * Whether a hidden neuron's activation surely moves an output: the sum over all paths of active neurons of the products
 * of their weights, computed in doubles, exceeds its rounding error.
 *
 * @param isOn whether a neuron of a layer is active
 */
export function surelyMovesOutput(
  { hidden, output }: Plan,
  layer: number,
  neuron: number,
  isOn: (layer: number, neuron: number) => boolean,
): boolean {
  let active = [neuron];
  let effects = [1];
  let sizes = [1];
  let roundings = 0;
  for (let l = layer + 1; l <= hidden.length; l++) {
    const { inputs, outputs, weights, slope } = l < hidden.length ? hidden[l] : output;
    roundings += active.length + 1;
    const [nextActive, nextEffects, nextSizes]: number[][] = [[], [], []];
    for (let j = 0; j < outputs; j++) {
      if (l < hidden.length && slope !== 1 && !isOn(l, j)) continue;
      let effect = 0;
      let size = ETA;
      for (let k = 0; k < active.length; k++) {
        const w = weights[j * inputs + active[k]];
        effect += w * effects[k];
        size += Math.abs(w) * sizes[k];
      }
      nextActive.push(j);
      nextEffects.push(effect);
      nextSizes.push(size);
    }
    [active, effects, sizes] = [nextActive, nextEffects, nextSizes];
  }
  // gamma of exactness.md; the factor pays for the rounding of the sizes themselves.
  const relative = 4 * 1.001 * roundings * U;
  return effects.some((effect, k) => Math.abs(effect) > relative * sizes[k]);
}
