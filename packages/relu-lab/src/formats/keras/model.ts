import type { Node } from "../graph/graph";
import type { NamedTensor } from "../named/tensor";

/** Settings of a layer under Keras's names, such as `kernel_size`. */
export type Config = Readonly<Record<string, unknown>>;

/** What a layer reads: an output of another layer's call. */
export interface Reference {
  readonly layer: string;
  readonly call: number;
  readonly output: number;
}

/** The weights of one layer, by Keras's names of its variables (`kernel`, `bias`). */
export interface LayerWeights {
  /** Undefined when there is none of that name. */
  get(part: string): NamedTensor | undefined;
  /** Names of weights that nobody asked for. */
  unread(): string[];
}

/** A layer, wherever its model comes from. */
export interface KerasLayer {
  readonly name: string;
  /** Its class, such as "Dense". */
  readonly kind: string;
  readonly config: Config;
  /** As messages call it. */
  readonly place: string;
  /** The inputs of each call. */
  readonly calls: readonly (readonly Reference[])[];
  readonly weights: LayerWeights;
  /** Of the framework that saved it: some functions differ between 2 and 3. */
  readonly version: number;
  /** The model that this layer is. */
  readonly model?: KerasModel;
  /** Why it cannot be read, whatever its class is. */
  readonly refused?: string;
}

/** A node that is the call of a layer. */
export interface LayerNode extends Node {
  readonly layer: KerasLayer;
}

/** A model as layers that read each other; input layers have no calls of their own. */
export interface KerasModel {
  readonly layers: readonly KerasLayer[];
  readonly inputs: readonly Reference[];
  readonly outputs: readonly Reference[];
}

/** The layers of one model, nested ones included: more are no model that can become a network here. */
export const mostLayers = 1000;

/** The first call's first output of a layer. */
export const first = (layer: string): Reference => ({ layer, call: 0, output: 0 });

/** Outputs of a model that does not name them: the layers that nobody reads. */
export function ends(layers: readonly KerasLayer[]): Reference[] {
  const read = new Set(layers.flatMap(({ calls }) => calls.flat().map(({ layer }) => layer)));
  return layers
    .filter(({ name, calls, kind }) => !read.has(name) && (calls.length > 0 || kind === "InputLayer"))
    .map(({ name }) => first(name));
}

/** Variables of a layer in the order in which Keras keeps them. */
export function variables(kind: string, config: Config): string[] {
  const bias = config.use_bias === false ? [] : ["bias"];
  switch (kind) {
    case "BatchNormalization":
      return [
        ...(config.scale === false ? [] : ["gamma"]),
        ...(config.center === false ? [] : ["beta"]),
        "moving_mean",
        "moving_variance",
      ];
    case "PReLU":
      return ["alpha"];
    case "Normalization":
      return ["mean", "variance", "count"];
    case "SeparableConv1D":
    case "SeparableConv2D":
      return ["depthwise_kernel", "pointwise_kernel", ...bias];
    case "DepthwiseConv1D":
    case "DepthwiseConv2D":
      return ["depthwise_kernel", ...bias];
    default:
      return ["kernel", ...bias];
  }
}

/** Weights in the order of a layer's variables. */
export function weightsInOrder(
  kind: string,
  config: Config,
  list: readonly (() => NamedTensor)[],
): LayerWeights {
  const names = variables(kind, config);
  const asked = new Set<number>();
  return {
    get(part) {
      const at = names.indexOf(part);
      asked.add(at);
      return list[at]?.();
    },
    unread: () =>
      list.flatMap((_, i) => (asked.has(i) || names[i] === "count" ? [] : [names[i] ?? `variable ${i}`])),
  };
}

const mostSlashes = 8;

/** Weights by the names `LAYER/kernel`, before which names of models and groups may stand. */
export class NamedWeights {
  /** Names by their last two parts. */
  private readonly byEnd = new Map<string, string[]>();
  private readonly partsOf = new Map<string, string[]>();

  constructor(private readonly tensors: ReadonlyMap<string, NamedTensor>) {
    for (const name of tensors.keys()) {
      const parts = name.replace(/:\d+$/, "").split("/");
      // Names of layers may hold slashes themselves, though not without end.
      for (let k = Math.max(1, parts.length - mostSlashes); k < parts.length; k++) {
        const [layer, part] = [parts.slice(k - 1, -1).join("/"), parts[parts.length - 1]];
        const end = `${layer}/${part}`;
        this.byEnd.set(end, [...(this.byEnd.get(end) ?? []), name]);
        this.partsOf.set(layer, [...new Set([...(this.partsOf.get(layer) ?? []), part])]);
      }
    }
  }

  /** The weights of a layer within the models of these names. */
  of(layer: string, scope: readonly string[], fail: (what: string) => never): LayerWeights {
    const asked = new Set<string>(["count", "seed_generator_state"]);
    return {
      get: (part) => {
        asked.add(part);
        let names = this.byEnd.get(`${layer}/${part}`) ?? [];
        if (names.length > 1) {
          // Layers of two nested models may share a name: then the models' names have to tell them apart.
          const own = names.filter((name) => scope.every((model) => `/${name}`.includes(`/${model}/`)));
          names = own.length > 0 ? own : names;
        }
        if (names.length > 1) fail(`layer "${layer}" has two weights: ${names.slice(0, 4).join(", ")}`);
        return names.length === 1 ? this.tensors.get(names[0]) : undefined;
      },
      unread: () => (this.partsOf.get(layer) ?? []).filter((part) => !asked.has(part)),
    };
  }
}

/** 2 or 3, of a version such as "2.15.0" or "3.4.1-tf"; tfjs and what does not say it compute as Keras 2. */
export const versionOf = (version: unknown): number =>
  typeof version === "string" && /^[3-9]\./.test(version) ? 3 : 2;

/** What a model's own input layer says, when another model begins with it. */
export const inputShape = (model: KerasModel | undefined): unknown => {
  const config = model?.layers.find(({ kind }) => kind === "InputLayer")?.config;
  return config?.batch_shape ?? config?.batch_input_shape;
};
