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

/** A NumPy array: dtype such as "<f4", ">f8", "<f2", "|i1". */
export function npyFile({ shape, values }: Written, dtype = "<f4", fortran = false): Buffer {
  const size = Number(dtype.slice(2));
  const bytes = Buffer.alloc(values.length * size);
  const little = dtype[0] !== ">";
  values.forEach((value, i) => writeNumber(bytes, i * size, dtype.slice(1), little, value));
  const list = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${dtype}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${list}), }`;
  const header = dictionary.padEnd(Math.ceil((dictionary.length + 11) / 64) * 64 - 11) + "\n";
  const start = Buffer.from("\x93NUMPY\x01\0\0\0", "latin1");
  start.writeUInt16LE(header.length, 8);
  return Buffer.concat([start, Buffer.from(header), bytes]);
}

function writeNumber(bytes: Buffer, at: number, type: string, little: boolean, value: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  if (type === "f8") view.setFloat64(0, value, little);
  else if (type === "f4") view.setFloat32(0, value, little);
  else if (type === "f2") view.setUint16(0, half(value), little);
  else if (type === "i8") view.setBigInt64(0, BigInt(value), little);
  else if (type === "i2") view.setInt16(0, value, little);
  else view.setInt8(0, value);
}

/** Bits of half precision; for numbers that have one. */
function half(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | ((Math.abs(value) / 2 ** exponent - 1) * 1024);
}
