/** Bytes of one number, by the type's name in safetensors. */
const sizes: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  U64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
};

/** Bytes a number of this type takes, or undefined for a type that is not known. */
export function elementSize(type: string): number | undefined {
  return Object.prototype.hasOwnProperty.call(sizes, type) ? sizes[type] : undefined;
}

/** The double that IEEE 754's half precision bits stand for. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

const brainFloat = new DataView(new ArrayBuffer(4));

function brainFloatToNumber(bits: number): number {
  brainFloat.setUint32(0, bits << 16);
  return brainFloat.getFloat32(0);
}

function wide(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`the whole number ${value} is beyond 2^53`);
  return number;
}

/**
 * Little-endian numbers of a type as doubles.
 *
 * @throws RangeError for a 64-bit integer beyond 2^53, TypeError for an unknown type
 */
export function decodeNumbers(type: string, bytes: Uint8Array): Float64Array {
  const size = elementSize(type);
  if (size === undefined) throw new TypeError(`the number type "${type}" is not known`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readers[type];
  return Float64Array.from({ length: bytes.length / size }, (_, i) => read(view, i * size));
}

const readers: Readonly<Record<string, (view: DataView, at: number) => number>> = {
  F64: (view, at) => view.getFloat64(at, true),
  F32: (view, at) => view.getFloat32(at, true),
  F16: (view, at) => halfToNumber(view.getUint16(at, true)),
  BF16: (view, at) => brainFloatToNumber(view.getUint16(at, true)),
  I64: (view, at) => wide(view.getBigInt64(at, true)),
  U64: (view, at) => wide(view.getBigUint64(at, true)),
  I32: (view, at) => view.getInt32(at, true),
  U32: (view, at) => view.getUint32(at, true),
  I16: (view, at) => view.getInt16(at, true),
  U16: (view, at) => view.getUint16(at, true),
  I8: (view, at) => view.getInt8(at),
  U8: (view, at) => view.getUint8(at),
};
