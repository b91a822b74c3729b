import { ReluNetwork, type LayerSpec } from "./relu-network";

/** Where a network is looked at: a box, or a plane through input space. All lengths in input units. */
export type Domain =
  | { readonly type: "box"; readonly lo: readonly number[]; readonly hi: readonly number[] }
  | { readonly type: "slice"; readonly [key: string]: unknown };

/** The JSON form of a network; fields other than these are kept by {@link networkFromJson} in `extra`. */
export interface NetworkJson {
  name?: string;
  sizes: number[];
  layers: { W: number[][]; b: number[]; activation: "relu" | "linear" }[];
  domain?: Domain;
  description?: string;
  [extra: string]: unknown;
}

function fail(where: string, what: string): never {
  throw new TypeError(`network JSON: ${where} ${what}`);
}

function numberArray(value: unknown, where: string): number[] {
  if (!Array.isArray(value)) fail(where, `must be an array of numbers, but is ${typeof value}`);
  for (const [i, v] of value.entries()) {
    if (typeof v !== "number" || !Number.isFinite(v))
      fail(
        `${where}[${i}]`,
        `must be a finite number, but is ${typeof v === "number" ? v : JSON.stringify(v)}`,
      );
  }
  return value as number[];
}

/**
 * The network that a JSON document describes: `{ sizes, layers: [{ W, b, activation }] }`.
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
  const { sizes, layers } = document as Record<string, unknown>;
  if (!Array.isArray(layers)) fail("layers", "must be an array of layers");
  const specs = layers.map((layer: unknown, l): LayerSpec => {
    if (typeof layer !== "object" || layer === null) fail(`layers[${l}]`, "must be an object with W and b");
    const { W, b, activation } = layer as Record<string, unknown>;
    if (!Array.isArray(W)) fail(`layers[${l}].W`, "must be an array of rows");
    return {
      W: W.map((row, i) => numberArray(row, `layers[${l}].W[${i}]`)),
      b: numberArray(b, `layers[${l}].b`),
      activation: activation as LayerSpec["activation"],
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

/**
 * The JSON document of a network. Every double survives the round trip (minus zero becomes zero).
 *
 * @param network the network
 * @param extra further fields, such as `name`, `domain` or `description`
 * @returns a plain object for JSON.stringify
 */
export function networkToJson(network: ReluNetwork, extra: Partial<NetworkJson> = {}): NetworkJson {
  return {
    ...extra,
    sizes: [...network.sizes],
    layers: network.layers.map(({ weights, biases, inputs, outputs, activation }) => ({
      W: Array.from({ length: outputs }, (_, i) => [...weights.subarray(i * inputs, (i + 1) * inputs)]),
      b: [...biases],
      activation,
    })),
  };
}
