import { isNameBeside, type ReadBeside } from "../beside";
import { decodeNumbers, elementSize } from "../elements";
import type { NamedTensor } from "../safetensors";
import type { TensorMessage } from "./messages";

/** ONNX's numbers of types, as far as weights and shapes use them. */
const types: Readonly<Record<number, string>> = {
  1: "F32", 2: "U8", 3: "I8", 4: "U16", 5: "I16", 6: "I32", 7: "I64", 10: "F16", 11: "F64", 12: "U32", 13: "U64", 16: "BF16",
}; // prettier-ignore

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

/**
 * A tensor's numbers as doubles.
 *
 * @param tensor as in the file
 * @param beside reads the file that large models keep their weights in
 * @throws TypeError that names the tensor: type not known, or its numbers do not fill its shape
 */
export function readTensor(tensor: TensorMessage, beside?: ReadBeside): NamedTensor {
  const shape = tensor.dims;
  if (shape.some((d) => !Number.isSafeInteger(d) || d < 0)) {
    throw new TypeError(`ONNX: tensor "${tensor.name}" has the shape [${shape}]`);
  }
  const count = shape.reduce((product, d) => product * d, 1);
  if (count === 0 && shape.length > 1)
    throw new TypeError(`ONNX: tensor "${tensor.name}" of shape [${shape}] holds no numbers`);
  const type = types[tensor.dataType];
  const size = elementSize(type);
  if (size === undefined) {
    throw new TypeError(
      `ONNX: tensor "${tensor.name}" has the data type ${tensor.dataType}, which is not a number type`,
    );
  }
  const inline = [tensor.floatData, tensor.doubleData, tensor.int64Data].find((data) => data.length > 0);
  const values =
    tensor.dataLocation === 1
      ? decodeNumbers(type, external(tensor, beside, count * size))
      : inline
        ? Float64Array.from(inline)
        : tensor.rawData.length % size === 0
          ? decodeNumbers(type, tensor.rawData)
          : new Float64Array();
  if (values.length !== count) {
    throw new TypeError(
      `ONNX: tensor "${tensor.name}" of shape [${shape}] holds ${values.length} numbers, not ${count}`,
    );
  }
  return { shape, values };
}
