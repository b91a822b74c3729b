import { decodeNumbers, elementSize } from "../elements";
import type { NamedTensor } from "../named/tensor";

/** Bytes as files of NumPy arrays begin. */
export const isNpy = (bytes: Uint8Array): boolean =>
  [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, i) => bytes[i] === byte);

const types: Readonly<Record<string, string>> = {
  f2: "F16",
  f4: "F32",
  f8: "F64",
  i1: "I8",
  i2: "I16",
  i4: "I32",
  i8: "I64",
  u1: "U8",
  u2: "U16",
  u4: "U32",
  u8: "U64",
  b1: "U8",
};

/** Numbers whose bytes lie the other way round, as this reader takes them. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const own = bytes.slice();
  for (let at = 0; at + size <= own.length; at += size) own.subarray(at, at + size).reverse();
  return own;
}

/** The numbers of an array whose first axis runs fastest, with the last one running fastest. */
function rowMajor(values: Float64Array, shape: readonly number[]): Float64Array {
  const out = new Float64Array(values.length);
  const at = new Array<number>(shape.length).fill(0);
  const steps = shape.map((_, d) => shape.slice(0, d).reduce((product, size) => product * size, 1));
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = values[from];
    for (let d = shape.length - 1; d >= 0; d--) {
      from += steps[d];
      if (++at[d] < shape[d]) break;
      from -= steps[d] * shape[d];
      at[d] = 0;
    }
  }
  return out;
}

/**
 * The array of a `.npy` file, as doubles.
 *
 * @param bytes the whole file
 * @param fail refuses it
 */
export function readNpy(bytes: Uint8Array, fail: (what: string) => never): NamedTensor {
  if (!isNpy(bytes) || bytes.length < 12) fail("is no NumPy array");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLong = bytes[6] >= 2;
  const start = isLong ? 12 : 10;
  const end = start + (isLong ? view.getUint32(8, true) : view.getUint16(8, true));
  if (end > bytes.length) fail("is cut off in its header");
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, end));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(header)?.[1];
  if (order === undefined || sizes === undefined)
    return fail(`has the header ${JSON.stringify(header.slice(0, 80))}`);
  const [, endian, kind] = /^([<>|=]?)([a-z]\d+)$/.exec(descr ?? "") ?? [];
  if (kind === undefined || !Object.prototype.hasOwnProperty.call(types, kind)) {
    const isObject = /\|?O/.test(descr ?? "");
    return fail(
      `holds ${isObject ? "objects of Python (a pickle), which is not run" : `numbers of the type ${descr ?? "(a structure)"}`}: save arrays of floating point, one of each layer's W and b`,
    );
  }
  const shape = (sizes.match(/\d+/g) ?? []).map(Number);
  if (shape.length > 16 || !shape.every(Number.isSafeInteger)) return fail(`has the shape (${sizes})`);
  const type = types[kind];
  const size = elementSize(type)!;
  const count = shape.reduce((product, d) => product * d, 1);
  const data = bytes.subarray(end);
  if (data.length !== count * size)
    return fail(`of shape [${shape}] needs ${count * size} bytes, but has ${data.length}`);
  const values = decodeNumbers(type, endian === ">" && size > 1 ? swapped(data, size) : data);
  return { shape, values: order === "True" && shape.length > 1 ? rowMajor(values, shape) : values };
}
