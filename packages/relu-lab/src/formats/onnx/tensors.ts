import { isNameBeside, type ReadBeside } from "../beside";
import { decodeNumbers, elementSize } from "../elements";
import { sizeOf, type Kind, type Tensor } from "../graph/tensor";
import type { SparseTensorMessage, TensorMessage } from "./messages";

interface Type {
  /** As elements.ts names it; "I4" and "U4" hold two numbers a byte. */
  readonly name: string;
  readonly kind: Kind;
  readonly range?: readonly [number, number];
}

const signed = (bits: number): readonly [number, number] => [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
const unsigned = (bits: number): readonly [number, number] => [0, 2 ** bits - 1];

/** ONNX's numbers of types. */
const types: Readonly<Record<number, Type>> = {
  1: { name: "F32", kind: "float" },
  2: { name: "U8", kind: "whole", range: unsigned(8) },
  3: { name: "I8", kind: "whole", range: signed(8) },
  4: { name: "U16", kind: "whole", range: unsigned(16) },
  5: { name: "I16", kind: "whole", range: signed(16) },
  6: { name: "I32", kind: "whole" },
  7: { name: "I64", kind: "whole" },
  9: { name: "U8", kind: "truth" },
  10: { name: "F16", kind: "half" },
  11: { name: "F64", kind: "double" },
  12: { name: "U32", kind: "whole" },
  13: { name: "U64", kind: "whole" },
  16: { name: "BF16", kind: "half" },
  21: { name: "U4", kind: "whole", range: unsigned(4) },
  22: { name: "I4", kind: "whole", range: signed(4) },
};

/** Whether a type's numbers are of floating point. */
export const isFloatType = (type: number): boolean => ["float", "double", "half"].includes(types[type]?.kind);

function external(tensor: TensorMessage, beside: ReadBeside | undefined, length: number): Uint8Array {
  const entry = (key: string) => tensor.externalData.find((e) => e.key === key)?.value;
  const location = entry("location") ?? "";
  if (!isNameBeside(location)) {
    throw new TypeError(
      `ONNX: tensor "${tensor.name}" lies in "${location}", which is not a file beside the model`,
    );
  }
  const bytes = beside?.(location);
  if (!bytes)
    throw new TypeError(
      `ONNX: tensor "${tensor.name}" lies in ${location}, which is missing beside the model`,
    );
  const offset = Number(entry("offset") ?? 0);
  if (!Number.isSafeInteger(offset) || offset < 0 || offset + length > bytes.length) {
    throw new TypeError(
      `ONNX: tensor "${tensor.name}" lies at ${offset} to ${offset + length} of ${location}, which has ${bytes.length} bytes`,
    );
  }
  return bytes.subarray(offset, offset + length);
}

/** Numbers of a type; 64-bit ones beyond 2^53, which only bounds of slices are, as the nearest double. */
function decoded(type: string, bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === "I64")
    return Float64Array.from({ length: bytes.length / 8 }, (_, i) => Number(view.getBigInt64(8 * i, true)));
  if (type === "U64")
    return Float64Array.from({ length: bytes.length / 8 }, (_, i) => Number(view.getBigUint64(8 * i, true)));
  if (type !== "I4" && type !== "U4") return decodeNumbers(type, bytes);
  return Float64Array.from({ length: 2 * bytes.length }, (_, i) => {
    const nibble = (bytes[i >> 1] >> (4 * (i & 1))) & 15;
    return type === "I4" && nibble > 7 ? nibble - 16 : nibble;
  });
}

/** Numbers that stand in a list of the message; those of two bytes and of a half as their bits. */
function listed(tensor: TensorMessage, type: Type): Float64Array | undefined {
  const { floatData, doubleData, int64Data, uint64Data, int32Data } = tensor;
  const direct = [floatData, doubleData, int64Data, uint64Data].find((data) => data.length > 0);
  if (direct) return Float64Array.from(direct);
  if (int32Data.length === 0) return undefined;
  if (type.name === "I32") return Float64Array.from(int32Data);
  const size = elementSize(type.name) ?? 1;
  const bytes = new Uint8Array(int32Data.length * size);
  const view = new DataView(bytes.buffer);
  int32Data.forEach((bits, i) =>
    size === 2 ? view.setUint16(2 * i, bits & 0xffff, true) : view.setUint8(i, bits & 0xff),
  );
  return size <= 2 ? decoded(type.name, bytes) : Float64Array.from(int32Data);
}

/**
 * A tensor's numbers as doubles.
 *
 * @param tensor as in the file
 * @param beside reads the file that large models keep their weights in
 * @throws TypeError that names the tensor: type not known, or its numbers do not fill its shape
 */
export function readTensor(tensor: TensorMessage, beside?: ReadBeside): Tensor {
  const shape = tensor.dims;
  if (shape.some((d) => !Number.isSafeInteger(d) || d < 0)) {
    throw new TypeError(`ONNX: tensor "${tensor.name}" has the shape [${shape}]`);
  }
  const count = sizeOf(shape);
  if (count === 0 && shape.length > 1)
    throw new TypeError(`ONNX: tensor "${tensor.name}" of shape [${shape}] holds no numbers`);
  const type = Object.prototype.hasOwnProperty.call(types, tensor.dataType)
    ? types[tensor.dataType]
    : undefined;
  if (type === undefined) {
    throw new TypeError(
      `ONNX: tensor "${tensor.name}" has the data type ${tensor.dataType}, which is not a number type`,
    );
  }
  const packed = type.name === "I4" || type.name === "U4";
  const length = packed ? Math.ceil(count / 2) : count * elementSize(type.name)!;
  const raw = tensor.dataLocation === 1 ? external(tensor, beside, length) : tensor.rawData;
  const found = tensor.dataLocation === 1 ? undefined : listed(tensor, type);
  const fits = raw.length === length || (found === undefined && count === 0);
  const values = found ?? (fits ? decoded(type.name, raw) : undefined);
  if (!values || (packed ? values.length < count : values.length !== count)) {
    const holds = found ? `${found.length} numbers, not ${count}` : `${raw.length} bytes, not ${length}`;
    throw new TypeError(`ONNX: tensor "${tensor.name}" of shape [${shape}] holds ${holds}`);
  }
  return {
    shape,
    values: values.subarray(0, count),
    kind: type.kind,
    ...(type.range ? { range: type.range } : {}),
  };
}

/** Numbers that a tensor given by its non-zeros may have in all. */
const mostNumbers = 2 ** 26;

/** A tensor given by its non-zeros. */
export function readSparseTensor(
  { values, indices, dims }: SparseTensorMessage,
  beside?: ReadBeside,
): Tensor {
  if (!values || !indices) throw new TypeError("ONNX: a sparse tensor has no values or no indices");
  const [numbers, places] = [readTensor(values, beside), readTensor(indices, beside)];
  const count = sizeOf(dims);
  const rank = places.shape.length === 2 ? places.shape[1] : 1;
  if (
    !dims.every((d) => Number.isSafeInteger(d) && d > 0) ||
    count > mostNumbers ||
    (rank !== 1 && rank !== dims.length)
  )
    throw new TypeError(`ONNX: sparse tensor "${values.name}" has the shape [${dims}]`);
  const all = new Float64Array(count);
  numbers.values.forEach((value, i) => {
    let at = 0;
    for (let d = 0; d < rank; d++) at = at * (rank === 1 ? 1 : dims[d]) + (places.values[i * rank + d] ?? -1);
    if (!(at >= 0 && at < count))
      throw new TypeError(`ONNX: sparse tensor "${values.name}" has a value at ${at} of ${count}`);
    all[at] = value;
  });
  return { ...numbers, shape: dims, values: all };
}
