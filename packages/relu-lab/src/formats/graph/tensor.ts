/** What kind of numbers a tensor holds, as far as arithmetic with them differs. */
export type Kind = "float" | "double" | "half" | "whole" | "truth";

/** A constant: numbers row-major, as the doubles that they are. A tensor of rank 0 has one number. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float64Array;
  readonly kind: Kind;
  /** The least and the largest number of a type of whole numbers, where it is known. */
  readonly range?: readonly [least: number, most: number];
}

/** How many elements a shape has. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, d) => product * d, 1);

/** How far two neighbours along each axis lie apart. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let d = shape.length - 2; d >= 0; d--) strides[d] = strides[d + 1] * shape[d + 1];
  return strides;
}

/** The shape that two shapes broadcast to (NumPy's rule), or undefined. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let d = 0; d < rank; d++) {
    const [p, q] = [a[d - rank + a.length] ?? 1, b[d - rank + b.length] ?? 1];
    if (p !== q && p !== 1 && q !== 1) return undefined;
    shape.push(p === 1 ? q : p);
  }
  return shape;
}

/**
 * For each element of a shape the element of another at steps along its axes: what reshaping, turning, slicing and
 * broadcasting come to.
 */
export function walk(shape: readonly number[], steps: readonly number[], start = 0): Int32Array {
  const index = new Int32Array(sizeOf(shape));
  if (index.length === 0) return index;
  const at = new Array<number>(shape.length).fill(0);
  let from = start;
  for (let i = 0; ; i++) {
    index[i] = from;
    let d = shape.length - 1;
    for (; d >= 0; d--) {
      from += steps[d];
      if (++at[d] < shape[d]) break;
      from -= steps[d] * shape[d];
      at[d] = 0;
    }
    if (d < 0) return index;
  }
}

/** For each element of `to` the element of `shape` that broadcasting puts there. */
export function broadcastIndex(shape: readonly number[], to: readonly number[]): Int32Array {
  const strides = stridesOf(shape);
  const steps = to.map((_, d) => {
    const own = d - to.length + shape.length;
    return own < 0 || shape[own] === 1 ? 0 : strides[own];
  });
  return walk(to, steps);
}

/** A constant of whole numbers. */
export const wholes = (values: readonly number[], shape: readonly number[] = [values.length]): Tensor => ({
  shape,
  values: Float64Array.from(values),
  kind: "whole",
});

/** The number that arithmetic of a kind gives: float32 rounds as a runtime would, whole numbers stay below 2^53. */
export function rounded(kind: Kind, value: number): number {
  return kind === "float" ? Math.fround(value) : value;
}
