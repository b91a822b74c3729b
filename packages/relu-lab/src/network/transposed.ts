/** W of shape [outputs][inputs], row-major, out of a kernel of shape [inputs][outputs]. */
export function transposed(kernel: ArrayLike<number>, inputs: number, outputs: number): Float64Array {
  const weights = new Float64Array(inputs * outputs);
  for (let i = 0; i < inputs; i++)
    for (let o = 0; o < outputs; o++) weights[o * inputs + i] = kernel[i * outputs + o];
  return weights;
}
