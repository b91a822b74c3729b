import * as protobuf from "protobufjs/light";

const repeated = (type: string, id: number) => ({ rule: "repeated", type, id });
const one = (type: string, id: number) => ({ type, id });

/** The part of ONNX's protocol-buffer schema (onnx.proto3) that a network of layers needs. */
const schema = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        graph: one("Graph", 7),
        opsetImport: repeated("Opset", 8),
        functions: repeated("Function", 25),
      },
    },
    Opset: { fields: { domain: one("string", 1), version: one("int64", 2) } },
    Graph: {
      fields: {
        node: repeated("Node", 1),
        initializer: repeated("Tensor", 5),
        input: repeated("ValueInfo", 11),
        output: repeated("ValueInfo", 12),
        sparseInitializer: repeated("SparseTensor", 15),
      },
    },
    Function: {
      fields: {
        name: one("string", 1),
        input: repeated("string", 4),
        output: repeated("string", 5),
        attribute: repeated("string", 6),
        node: repeated("Node", 7),
        opsetImport: repeated("Opset", 9),
        domain: one("string", 10),
        attributeProto: repeated("Attribute", 11),
        overload: one("string", 13),
      },
    },
    Node: {
      fields: {
        input: repeated("string", 1),
        output: repeated("string", 2),
        name: one("string", 3),
        opType: one("string", 4),
        attribute: repeated("Attribute", 5),
        domain: one("string", 7),
        overload: one("string", 8),
      },
    },
    Attribute: {
      fields: {
        name: one("string", 1),
        f: one("float", 2),
        i: one("int64", 3),
        s: one("bytes", 4),
        t: one("Tensor", 5),
        floats: repeated("float", 7),
        ints: repeated("int64", 8),
        strings: repeated("bytes", 9),
        type: one("int32", 20),
        refAttrName: one("string", 21),
        sparseTensor: one("SparseTensor", 22),
      },
    },
    Tensor: {
      fields: {
        dims: repeated("int64", 1),
        dataType: one("int32", 2),
        floatData: repeated("float", 4),
        int32Data: repeated("int32", 5),
        int64Data: repeated("int64", 7),
        name: one("string", 8),
        rawData: one("bytes", 9),
        doubleData: repeated("double", 10),
        uint64Data: repeated("uint64", 11),
        externalData: repeated("Entry", 13),
        dataLocation: one("int32", 14),
      },
    },
    SparseTensor: {
      fields: { values: one("Tensor", 1), indices: one("Tensor", 2), dims: repeated("int64", 3) },
    },
    Entry: { fields: { key: one("string", 1), value: one("string", 2) } },
    ValueInfo: { fields: { name: one("string", 1), type: one("Type", 2) } },
    Type: { fields: { tensorType: one("TensorType", 1) } },
    TensorType: { fields: { elemType: one("int32", 1), shape: one("Shape", 2) } },
    Shape: { fields: { dim: repeated("Dimension", 1) } },
    Dimension: { fields: { dimValue: one("int64", 1), dimParam: one("string", 2) } },
  },
});

/** A tensor as it stands in the file. */
export interface TensorMessage {
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly floatData: readonly number[];
  readonly int32Data: readonly number[];
  readonly int64Data: readonly number[];
  readonly doubleData: readonly number[];
  readonly uint64Data: readonly number[];
  readonly name: string;
  readonly rawData: Uint8Array;
  readonly externalData: readonly { readonly key: string; readonly value: string }[];
  readonly dataLocation: number;
}

/** A tensor by its non-zeros. */
export interface SparseTensorMessage {
  readonly values: TensorMessage | null;
  readonly indices: TensorMessage | null;
  readonly dims: readonly number[];
}

export interface AttributeMessage {
  readonly name: string;
  readonly f: number;
  readonly i: number;
  readonly s: Uint8Array;
  readonly t: TensorMessage | null;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly strings: readonly Uint8Array[];
  readonly type: number;
  readonly refAttrName: string;
  readonly sparseTensor: SparseTensorMessage | null;
}

/** One operation of the graph. */
export interface NodeMessage {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly overload: string;
  readonly attribute: readonly AttributeMessage[];
}

export interface OpsetMessage {
  readonly domain: string;
  readonly version: number;
}

/** A node's operation written out as other nodes, as newer exporters do. */
export interface FunctionMessage {
  readonly name: string;
  readonly domain: string;
  readonly overload: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly node: readonly NodeMessage[];
  readonly attributeProto: readonly AttributeMessage[];
  readonly opsetImport: readonly OpsetMessage[];
}

export interface ValueMessage {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly { readonly dimValue: number }[] } | null;
    } | null;
  } | null;
}

/** What an ONNX file holds. */
export interface ModelMessage {
  readonly graph: {
    readonly node: readonly NodeMessage[];
    readonly initializer: readonly TensorMessage[];
    readonly sparseInitializer: readonly SparseTensorMessage[];
    readonly input: readonly ValueMessage[];
    readonly output: readonly ValueMessage[];
  };
  readonly opsetImport: readonly OpsetMessage[];
  readonly functions: readonly FunctionMessage[];
}

/**
 * The messages in an ONNX file.
 *
 * @throws TypeError when the bytes are no ONNX model
 */
export function readModel(bytes: Uint8Array): ModelMessage {
  let model: Omit<ModelMessage, "graph"> & { readonly graph: ModelMessage["graph"] | null };
  try {
    const message = schema.lookupType("Model");
    model = message.toObject(message.decode(bytes), {
      longs: Number,
      defaults: true,
      arrays: true,
    }) as ModelMessage;
  } catch (error) {
    throw new TypeError(
      `ONNX: not an ONNX model (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  if (!model.graph || (model.graph.node.length === 0 && model.graph.output.length === 0))
    throw new TypeError("ONNX: the file holds no graph with nodes");
  return model as ModelMessage;
}
