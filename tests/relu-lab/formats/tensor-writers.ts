// Small files of named arrays, as the tests make them.

/** An array: float32 when no type is given. */
export interface Written {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export const array = (shape: readonly number[], ...values: readonly number[]): Written => ({ shape, values });

/** Numbers that differ, so that no mix-up of places goes unnoticed. */
export const counting = (...shape: number[]): Written => ({
  shape,
  values: Array.from(
    { length: shape.reduce((product, d) => product * d, 1) },
    (_, i) => (((i * 7 + shape[0] * 3) % 13) - 6) / 8,
  ),
});

/** A safetensors file of float32. */
export function safetensorsFile(arrays: Readonly<Record<string, Written>>): Buffer {
  let at = 0;
  const header: Record<string, unknown> = {};
  for (const [name, { shape, values }] of Object.entries(arrays))
    header[name] = { dtype: "F32", shape, data_offsets: [at, (at += 4 * values.length)] };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const numbers = Object.values(arrays).flatMap(({ values }) => values);
  return Buffer.concat([length, text, Buffer.from(Float32Array.from(numbers).buffer)]);
}
