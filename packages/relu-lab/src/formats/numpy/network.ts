import { readZip } from "../archive/zip";
import { networkFromTensors, type ChainNetwork, type NamedFormat } from "../named/chain";
import type { ChainOptions, NamedTensor } from "../named/tensor";
import { readNpy } from "./array";

const named: NamedFormat = { format: "npz", weightsAreRows: false, mayHoldOthers: true };

/** Arrays without names stand in the order in which they were given: each matrix is a weight, the list behind it its bias. */
function byPlace(
  arrays: ReadonlyMap<string, NamedTensor>,
  fail: (what: string) => never,
): Map<string, NamedTensor> {
  const numbered = [...arrays].sort(([a], [b]) => Number(a.slice(4)) - Number(b.slice(4)));
  const found = new Map<string, NamedTensor>();
  let layer = -1;
  for (const [name, array] of numbered) {
    if (array.shape.length === 2) found.set(`weight_${++layer}`, array);
    else if (array.shape.length === 1 && layer >= 0 && !found.has(`bias_${layer}`))
      found.set(`bias_${layer}`, array);
    else
      fail(
        `"${name}" of shape [${array.shape}] is neither a weight nor the bias behind one: name the arrays W0, b0, W1, b1, ...`,
      );
  }
  return found;
}

/**
 * The network of dense layers whose weights and biases a `.npz` file holds, as `numpy.savez` writes it: `W0`, `b0`, `W1`,
 * ..., or `fc1.weight`, `fc1.bias`, or arrays without names in the order of the layers. Whether rows are outputs or inputs
 * is shown by the biases, or by what alone fits.
 *
 * @param bytes the whole file
 * @param options activations and order of layers, which such a file does not hold
 * @returns the network in doubles, and what was assumed
 * @throws TypeError that names the array which is not understood
 * @example
 * networkFromNpz(fs.readFileSync("weights.npz")).network.sizes;
 */
export function networkFromNpz(bytes: Uint8Array, options: ChainOptions = {}): ChainNetwork {
  const archive = readZip(bytes, "npz");
  const arrays = new Map<string, NamedTensor>();
  for (const file of archive.names) {
    const fail = (what: string): never => {
      throw new TypeError(`npz: "${file}" ${what}`);
    };
    if (!file.endsWith(".npy")) fail("is no array: only .npy files stand in an .npz");
    arrays.set(file.slice(0, -4), readNpy(archive.read(file), fail));
  }
  const fail = (what: string): never => {
    throw new TypeError(`npz: ${what}`);
  };
  const isPlain = arrays.size > 0 && [...arrays.keys()].every((name) => /^arr_\d+$/.test(name));
  return networkFromTensors(isPlain ? byPlace(arrays, fail) : arrays, options, named);
}
