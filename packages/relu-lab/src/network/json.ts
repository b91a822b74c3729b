import { fromBlocks } from "./blocks";
import { blockOf, fail, inputOf, isBlock, numberArray, numberRows } from "./json-blocks";
import { checkDepth } from "./json-depth";
import { ReluNetwork, type LayerSpec } from "./relu-network";

/** Where a network is looked at: a box, or a plane through input space. All lengths in input units. */
export type Domain =
  | { readonly type: "box"; readonly lo: readonly number[]; readonly hi: readonly number[] }
  | { readonly type: "slice"; readonly [key: string]: unknown };

/** The JSON form of a network; fields other than these are kept by {@link networkFromJson} in `extra`. */
export interface NetworkJson {
  name?: string;
  sizes: number[];
  layers: { W: number[][]; b: number[]; activation: "relu" | "linear"; identities?: number[] }[];
  domain?: Domain;
  description?: string;
  [extra: string]: unknown;
}

/**
 * The network that a JSON document describes: `{ sizes, layers: [{ W, b, activation }] }`.
 *
 * A layer may also be a leaky ReLU (`"activation": { "leaky": 0.1 }`), an identity skip around other layers
 * (`{ "type": "residual", "blocks": [...] }`), a convolution or a pool: see {@link Block}. Such networks are lowered to
 * dense layers, exactly. `identities` marks with 1 the outputs of a ReLU layer that no ReLU follows. Images give their shape as `"input": [height, width, channels]`.
 *
 * @param json a text, or an already parsed document; W as rows of outputs
 * @returns the network
 * @throws SyntaxError when a text is not JSON; TypeError or RangeError naming the field when it is no network
 * @example
 * networkFromJson('{"sizes":[1,1],"layers":[{"W":[[2]],"b":[0],"activation":"linear"}]}');
 */
export function networkFromJson(json: string | NetworkJson): ReluNetwork {
  const document: unknown = typeof json === "string" ? JSON.parse(json) : json;
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    fail("the document", "must be an object with sizes and layers");
  }
  checkDepth(document, "network JSON: the document");
  const { sizes, layers } = document as Record<string, unknown>;
  if (!Array.isArray(layers)) fail("layers", "must be an array of layers");
  if (layers.some((layer: unknown) => typeof layer === "object" && layer !== null && isBlock(layer as never)))
    return fromLayers(document as Record<string, unknown>, layers);
  const specs = layers.map((layer: unknown, l): LayerSpec => {
    if (typeof layer !== "object" || layer === null) fail(`layers[${l}]`, "must be an object with W and b");
    const { W, b, activation, identities } = layer as Record<string, unknown>;
    return {
      W: numberRows(W, `layers[${l}].W`),
      b: numberArray(b, `layers[${l}].b`),
      activation: activation as LayerSpec["activation"],
      ...(identities === undefined
        ? {}
        : { identities: Uint8Array.from(numberArray(identities, `layers[${l}].identities`)) }),
    };
  });
  const network = ReluNetwork.of(specs);
  if (sizes !== undefined) {
    const given = numberArray(sizes, "sizes");
    if (given.length !== network.sizes.length || given.some((size, i) => size !== network.sizes[i])) {
      fail("sizes", `is [${given}], but the layers make [${network.sizes}]`);
    }
  }
  return network;
}

/** A document whose layers are not all plain dense ones; `sizes`, where given, says how many numbers go in and come out. */
function fromLayers(document: Record<string, unknown>, layers: readonly unknown[]): ReluNetwork {
  const network = fromBlocks(
    layers.map((layer, l) => blockOf(layer, `layers[${l}]`)),
    inputOf(document),
  );
  if (document.sizes === undefined) return network;
  const given = numberArray(document.sizes, "sizes");
  if (given[0] !== network.inputs || given.at(-1) !== network.outputs)
    fail("sizes", `is [${given}], but the layers take ${network.inputs} and give ${network.outputs} numbers`);
  return network;
}

/**
 * The JSON document of a network. Every double survives the round trip (minus zero becomes zero).
 *
 * @param network the network
 * @param extra further fields, such as `name`, `domain` or `description`
 * @returns a plain object for JSON.stringify
 * @example
 * JSON.stringify(networkToJson(network, { name: "my network" }));
 */
export function networkToJson(network: ReluNetwork, extra: Partial<NetworkJson> = {}): NetworkJson {
  return {
    ...extra,
    sizes: [...network.sizes],
    layers: network.layers.map(({ weights, biases, inputs, outputs, activation, identities }) => ({
      W: Array.from({ length: outputs }, (_, i) => [...weights.subarray(i * inputs, (i + 1) * inputs)]),
      b: [...biases],
      activation,
      ...(identities ? { identities: [...identities] } : {}),
    })),
  };
}
