// Writes small ONNX files, so that tests make their own (onnx.proto3 by hand: fields as bytes).

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}

const text = (value: string) => [...Buffer.from(value)];
const number = (id: number, value: number | bigint) => [...varint(BigInt(id << 3)), ...varint(BigInt(value))];
const bytes = (id: number, content: ArrayLike<number>): number[] => [
  ...varint(BigInt((id << 3) | 2)),
  ...varint(BigInt(content.length)),
  ...Array.from(content),
];
const float = (id: number, value: number) => [
  ...varint(BigInt((id << 3) | 5)),
  ...new Uint8Array(Float32Array.of(value).buffer),
];
const words = (id: number, value: string) => bytes(id, text(value));

/** ONNX's numbers of types. */
export const types = {
  float: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  half: 10,
  double: 11,
  brain: 16,
} as const;

/** A constant: its numbers in `values`, or bytes of its own in `raw`. */
export interface Constant {
  readonly shape: readonly number[];
  readonly values: readonly (number | bigint)[];
  readonly type?: keyof typeof types;
  readonly raw?: Uint8Array;
  /** Name, offset and length of the file beside the model that holds the numbers. */
  readonly external?: { readonly location: string; readonly offset: number; readonly length: number };
}

function rawOf({ values, type = "float" }: Constant): Uint8Array {
  const view = (array: ArrayBufferView) => new Uint8Array(array.buffer);
  const plain = () => values.map(Number);
  switch (type) {
    case "float":
      return view(Float32Array.from(plain()));
    case "double":
      return view(Float64Array.from(plain()));
    case "int64":
      return view(BigInt64Array.from(values, (v) => BigInt(v)));
    case "int32":
      return view(Int32Array.from(plain()));
    case "half":
    case "brain":
      return view(Uint16Array.from(plain())); // as bits
    default:
      return Uint8Array.from(values, (v) => Number(v) & 255);
  }
}

export function tensor(name: string, constant: Constant): number[] {
  const { shape, type = "float", external } = constant;
  const dims = shape.flatMap((d) => number(1, d));
  const head = [...dims, ...number(2, types[type]), ...words(8, name)];
  if (!external) return [...head, ...bytes(9, constant.raw ?? rawOf(constant))];
  const entry = (key: string, value: string | number) =>
    bytes(13, [...words(1, key), ...words(2, String(value))]);
  const { location, offset, length } = external;
  return [
    ...head,
    ...entry("location", location),
    ...entry("offset", offset),
    ...entry("length", length),
    ...number(14, 1),
  ];
}

/** An attribute: a whole number as { i }, other numbers as they are, lists, texts, tensors. */
export type AttributeValue =
  | number
  | string
  | Constant
  | { readonly i: number }
  | { readonly ints: readonly (number | bigint)[] }
  | { readonly floats: readonly number[] }
  | { readonly ref: string };

function attribute(name: string, value: AttributeValue): number[] {
  const head = words(1, name);
  const type = (kind: number) => number(20, kind);
  if (typeof value === "number") return [...head, ...float(2, value), ...type(1)];
  if (typeof value === "string") return [...head, ...words(4, value), ...type(3)];
  if ("i" in value) return [...head, ...number(3, value.i), ...type(2)];
  if ("ints" in value) return [...head, ...value.ints.flatMap((v) => number(8, v)), ...type(7)];
  if ("floats" in value) return [...head, ...value.floats.flatMap((v) => float(7, v)), ...type(6)];
  if ("ref" in value) return [...head, ...words(21, value.ref), ...type(1)];
  return [...head, ...bytes(5, tensor("", value)), ...type(4)];
}

/** One operation; empty names stand for inputs that are left out. */
export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly domain?: string;
  readonly name?: string;
}

/** A function of the model's own. */
export interface FunctionSpec {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: readonly string[];
  readonly nodes: readonly NodeSpec[];
}

export interface ModelSpec {
  readonly nodes: readonly NodeSpec[];
  readonly constants?: Readonly<Record<string, Constant>>;
  /** Sizes by name; a text is a size that is open. */
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly outputs: readonly string[];
  readonly opset?: number;
  readonly functions?: readonly FunctionSpec[];
  readonly inputType?: keyof typeof types;
}

const node = ({
  op,
  inputs,
  outputs,
  attributes = {},
  domain = "",
  name = `${op}_${outputs[0]}`,
}: NodeSpec) => [
  ...inputs.flatMap((one) => words(1, one)),
  ...outputs.flatMap((one) => words(2, one)),
  ...words(3, name),
  ...words(4, op),
  ...Object.entries(attributes).flatMap(([key, value]) => bytes(5, attribute(key, value))),
  ...words(7, domain),
];

function valueInfo(name: string, type: number, shape?: readonly (number | string)[]): number[] {
  const sizes = (shape ?? []).flatMap((size) =>
    bytes(1, typeof size === "number" ? number(1, size) : words(2, size)),
  );
  const tensorType = [...number(1, type), ...(shape ? bytes(2, sizes) : [])];
  return [...words(1, name), ...bytes(2, bytes(1, tensorType))];
}

/** The bytes of an ONNX file. */
export function onnxFile(spec: ModelSpec): Uint8Array {
  const { nodes, constants = {}, inputs, outputs, opset = 17, functions = [], inputType = "float" } = spec;
  const graph = [
    ...nodes.flatMap((one) => bytes(1, node(one))),
    ...words(2, "graph"),
    ...Object.entries(constants).flatMap(([name, constant]) => bytes(5, tensor(name, constant))),
    ...Object.entries(inputs).flatMap(([name, shape]) => bytes(11, valueInfo(name, types[inputType], shape))),
    ...outputs.flatMap((name) => bytes(12, valueInfo(name, types[inputType]))),
  ];
  const opsetOf = (domain: string, version: number) => [...words(1, domain), ...number(2, version)];
  const domains = [...new Set(functions.map(({ domain }) => domain))];
  const body = ({ name, domain, inputs: from, outputs: to, attributes = [], nodes: own }: FunctionSpec) => [
    ...words(1, name),
    ...from.flatMap((one) => words(4, one)),
    ...to.flatMap((one) => words(5, one)),
    ...attributes.flatMap((one) => words(6, one)),
    ...own.flatMap((one) => bytes(7, node(one))),
    ...bytes(9, opsetOf("", opset)),
    ...domains.flatMap((one) => bytes(9, opsetOf(one, 1))),
    ...words(10, domain),
  ];
  return Uint8Array.from([
    ...number(1, 8),
    ...bytes(7, graph),
    ...bytes(8, opsetOf("", opset)),
    ...domains.flatMap((domain) => bytes(8, opsetOf(domain, 1))),
    ...functions.flatMap((one) => bytes(25, body(one))),
  ]);
}
