import type { LayersModelLike } from "../layers-model";
import type { NamedTensor } from "../safetensors";
import { fieldsOf, listOf, textOf } from "./weights";

type Fields = Readonly<Record<string, unknown>>;
type Shape = (number | null)[];

const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** More than any model that can become a network here; each is visited by functions that call themselves. */
const mostLayers = 1000;

/** A setting as its readers may take it: a number, a word, a list of these; anything else as its JSON text. */
function settingOf(value: unknown): unknown {
  const simple = (one: unknown) => (typeof one === "object" && one !== null ? JSON.stringify(one) : one);
  return Array.isArray(value) ? value.map(simple) : simple(value);
}

/** Keras's names of settings and of their values, as tfjs has them in memory. */
function settings(config: Fields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => {
      const known = name === "data_format" && typeof value === "string" ? camelCase(value) : settingOf(value);
      return [name === "batch_shape" ? "batchInputShape" : camelCase(name), known];
    }),
  );
}

/** Names of the layers that an entry of `inbound_nodes` reads, in the form of Keras 2 and tfjs or in that of Keras 3. */
function readNames(node: unknown): string[] {
  if (Array.isArray(node)) return typeof node[0] === "string" ? [node[0]] : node.flatMap(readNames);
  if (typeof node !== "object" || node === null) return [];
  const { keras_history: history, ...rest } = node as Fields;
  if (Array.isArray(history)) return [textOf(history[0], "keras_history[0]")];
  return Object.values(rest).flatMap(readNames);
}

/** A layer of a topology, answering as a loaded one does. */
class FileLayer {
  readonly name: string;
  readonly inboundNodes: { inboundLayers: FileLayer[] }[] = [];
  private readonly config: Record<string, unknown>;

  constructor(
    private readonly kind: string,
    config: Fields,
    private readonly weights: ReadonlyMap<string, NamedTensor>,
  ) {
    this.name = textOf(config.name, `the name of a ${kind} layer`);
    this.config = settings(config);
  }

  getClassName(): string {
    return this.kind;
  }

  getConfig(): Record<string, unknown> {
    return this.config;
  }

  getWeights() {
    return ["kernel", "bias"].flatMap((part) => {
      const tensor = this.weight(part);
      return tensor ? [{ shape: tensor.shape, dataSync: () => tensor.values }] : [];
    });
  }

  /** `LAYER/kernel`, or with the names of models and groups before the layer's. */
  private weight(part: string): NamedTensor | undefined {
    const wanted = part === "kernel" || this.config.useBias !== false;
    const names = [...this.weights.keys()].filter((name) =>
      `/${name.replace(/:\d+$/, "")}`.endsWith(`/${this.name}/${part}`),
    );
    if (names.length > 1)
      throw new TypeError(`tfjs: layer "${this.name}" has two weights: ${names.join(", ")}`);
    if (wanted && names.length === 0) {
      throw new TypeError(`tfjs: layer "${this.name}" (${this.kind}) has no weight "${this.name}/${part}"`);
    }
    const tensor = this.weights.get(names[0]);
    const rank = part === "bias" ? 1 : this.kind === "Conv2D" ? 4 : 2;
    if (tensor && tensor.shape.length !== rank) {
      throw new TypeError(
        `tfjs: weight "${names[0]}" has the shape [${tensor.shape}], not ${rank} dimensions`,
      );
    }
    return tensor;
  }

  /** Shape of what it gives, batch first, as far as poolings and flattenings ask for it. */
  get outputShape(): Shape | undefined {
    const own = this.config.batchInputShape;
    const input = this.inboundNodes[0]?.inboundLayers[0]?.outputShape ?? own;
    if (!Array.isArray(input)) return undefined;
    if (this.kind === "Flatten") return [null, input.slice(1).reduce<number>((n, d) => n * Number(d), 1)];
    if (this.kind === "Dense") return [...input.slice(0, -1), Number(this.config.units)];
    const window = (this.kind === "Conv2D" ? this.config.kernelSize : this.config.poolSize) as
      number | number[];
    if (window === undefined) return input;
    const pair = (value: unknown) =>
      Array.isArray(value) ? value.map(Number) : [Number(value), Number(value)];
    const [size, strides] = [
      pair(window),
      pair(this.config.strides ?? (this.kind === "Conv2D" ? 1 : window)),
    ];
    const [rows, columns] = [0, 1].map((d) => {
      const length = Number(input[d + 1]);
      const room = this.config.padding === "same" ? length : length - size[d] + 1;
      return Math.ceil(room / strides[d]);
    });
    return [null, rows, columns, this.kind === "Conv2D" ? Number(this.config.filters) : input[3]];
  }
}

/**
 * A layers model's topology with its weights, as {@link LayersModelLike}.
 *
 * @param topology `modelTopology` of a model.json, as tfjs saves it or as Keras is exported
 * @throws TypeError that names what is no layer or is missing
 */
export function layersFromTopology(
  topology: Fields,
  weights: ReadonlyMap<string, NamedTensor>,
): LayersModelLike {
  const model =
    topology.model_config === undefined ? topology : fieldsOf(topology.model_config, "model_config");
  const sequential = model.class_name === "Sequential";
  if (!sequential && model.class_name !== "Model" && model.class_name !== "Functional") {
    throw new TypeError(
      `tfjs: the model is a ${JSON.stringify(model.class_name)}: a Sequential or a Functional model is needed`,
    );
  }
  const list = Array.isArray(model.config)
    ? model.config
    : fieldsOf(model.config, "the model's config").layers;
  const entries = listOf(list, "the model's layers").map((entry, i) => fieldsOf(entry, `layers[${i}]`));
  if (entries.length > mostLayers)
    throw new TypeError(`tfjs: the model has ${entries.length} layers: at most ${mostLayers} are understood`);
  const byName = new Map<string, FileLayer>();
  const layers = entries.map((entry, i) => {
    const layer = new FileLayer(
      textOf(entry.class_name, `layers[${i}].class_name`),
      fieldsOf(entry.config, `layers[${i}].config`),
      weights,
    );
    byName.set(layer.name, layer);
    return layer;
  });
  for (const [i, entry] of entries.entries()) {
    const nodes = sequential
      ? i > 0
        ? [[layers[i - 1].name]]
        : []
      : listOf(entry.inbound_nodes ?? [], `layers[${i}].inbound_nodes`);
    if (!nodes.length) layers[i].inboundNodes.push({ inboundLayers: [] });
    for (const node of nodes) {
      const inboundLayers = (sequential ? (node as string[]) : readNames(node)).map(
        (name) =>
          byName.get(name) ??
          (() => {
            throw new TypeError(
              `tfjs: layer "${layers[i].name}" reads "${name}", which is no layer of the model`,
            );
          })(),
      );
      layers[i].inboundNodes.push({ inboundLayers });
    }
  }
  return { layers: inOrder(layers) };
}

/** Each layer behind those it reads, the model's output last. */
function inOrder(layers: readonly FileLayer[]): FileLayer[] {
  const read = new Set(
    layers.flatMap(({ inboundNodes }) => inboundNodes.flatMap(({ inboundLayers }) => inboundLayers)),
  );
  const ends = layers.filter((layer) => !read.has(layer));
  if (ends.length !== 1) {
    throw new TypeError(
      `tfjs: the model has ${ends.length} outputs (${ends.map(({ name }) => name).join(", ")}): one is needed`,
    );
  }
  const ordered = new Set<FileLayer>();
  const open = new Set<FileLayer>();
  const visit = (layer: FileLayer): void => {
    if (ordered.has(layer)) return;
    if (open.has(layer)) throw new TypeError(`tfjs: the layers run in a circle at "${layer.name}"`);
    open.add(layer);
    for (const { inboundLayers } of layer.inboundNodes) inboundLayers.forEach(visit);
    ordered.add(layer);
  };
  visit(ends[0]);
  return [...ordered];
}
