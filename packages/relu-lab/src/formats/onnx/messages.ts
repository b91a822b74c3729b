import * as protobuf from "protobufjs/light";

/** The part of ONNX's protocol-buffer schema (onnx.proto3) that a network of layers needs. */
const schema = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        producerName: { type: "string", id: 2 },
        graph: { type: "Graph", id: 7 },
      },
    },
    Graph: {
      fields: {
        node: { rule: "repeated", type: "Node", id: 1 },
        name: { type: "string", id: 2 },
        initializer: { rule: "repeated", type: "Tensor", id: 5 },
        input: { rule: "repeated", type: "ValueInfo", id: 11 },
        output: { rule: "repeated", type: "ValueInfo", id: 12 },
      },
    },
    Node: {
      fields: {
        input: { rule: "repeated", type: "string", id: 1 },
        output: { rule: "repeated", type: "string", id: 2 },
        name: { type: "string", id: 3 },
        opType: { type: "string", id: 4 },
        attribute: { rule: "repeated", type: "Attribute", id: 5 },
        domain: { type: "string", id: 7 },
      },
    },
    Attribute: {
      fields: {
        name: { type: "string", id: 1 },
        f: { type: "float", id: 2 },
        i: { type: "int64", id: 3 },
        s: { type: "bytes", id: 4 },
        t: { type: "Tensor", id: 5 },
        ints: { rule: "repeated", type: "int64", id: 8 },
      },
    },
    Tensor: {
      fields: {
        dims: { rule: "repeated", type: "int64", id: 1 },
        dataType: { type: "int32", id: 2 },
        floatData: { rule: "repeated", type: "float", id: 4 },
        int64Data: { rule: "repeated", type: "int64", id: 7 },
        name: { type: "string", id: 8 },
        rawData: { type: "bytes", id: 9 },
        doubleData: { rule: "repeated", type: "double", id: 10 },
        externalData: { rule: "repeated", type: "Entry", id: 13 },
        dataLocation: { type: "int32", id: 14 },
      },
    },
    Entry: { fields: { key: { type: "string", id: 1 }, value: { type: "string", id: 2 } } },
    ValueInfo: { fields: { name: { type: "string", id: 1 }, type: { type: "Type", id: 2 } } },
    Type: { fields: { tensorType: { type: "TensorType", id: 1 } } },
    TensorType: { fields: { shape: { type: "Shape", id: 2 } } },
    Shape: { fields: { dim: { rule: "repeated", type: "Dimension", id: 1 } } },
    Dimension: { fields: { dimValue: { type: "int64", id: 1 }, dimParam: { type: "string", id: 2 } } },
  },
});

/** A tensor as it stands in the file. */
export interface TensorMessage {
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly floatData: readonly number[];
  readonly int64Data: readonly number[];
  readonly doubleData: readonly number[];
  readonly name: string;
  readonly rawData: Uint8Array;
  readonly externalData: readonly { readonly key: string; readonly value: string }[];
  readonly dataLocation: number;
}

/** One operation of the graph. */
export interface NodeMessage {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly attribute: readonly {
    readonly name: string;
    readonly f: number;
    readonly i: number;
    readonly s: Uint8Array;
    readonly t: TensorMessage | null;
    readonly ints: readonly number[];
  }[];
}

/** An input or output of the graph, with the sizes that are fixed (0 where a dimension has a name or none). */
export interface ValueMessage {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The graph of an ONNX file. */
export interface GraphMessage {
  readonly nodes: readonly NodeMessage[];
  readonly initializers: readonly TensorMessage[];
  readonly inputs: readonly ValueMessage[];
  readonly outputs: readonly ValueMessage[];
}

interface RawValue {
  name: string;
  type?: { tensorType?: { shape?: { dim?: { dimValue?: number }[] } } };
}

function toValue({ name, type }: RawValue): ValueMessage {
  return { name, shape: (type?.tensorType?.shape?.dim ?? []).map(({ dimValue }) => Number(dimValue ?? 0)) };
}

/**
 * The graph in an ONNX file.
 *
 * @throws TypeError when the bytes are no ONNX model
 */
export function readGraph(bytes: Uint8Array): GraphMessage {
  let model: {
    graph?: { node: NodeMessage[]; initializer: TensorMessage[]; input: RawValue[]; output: RawValue[] };
  };
  try {
    const message = schema.lookupType("Model");
    model = message.toObject(message.decode(bytes), { longs: Number, defaults: true, arrays: true });
  } catch (error) {
    throw new TypeError(
      `ONNX: not an ONNX model (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  const { graph } = model;
  if (!graph || graph.node.length === 0) throw new TypeError("ONNX: the file holds no graph with nodes");
  return {
    nodes: graph.node,
    initializers: graph.initializer,
    inputs: graph.input.map(toValue),
    outputs: graph.output.map(toValue),
  };
}
