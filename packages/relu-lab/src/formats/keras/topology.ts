import {
  ends,
  first,
  inputShape,
  mostLayers,
  type Config,
  type KerasLayer,
  type KerasModel,
  type LayerWeights,
  type Reference,
} from "./model";

/** Where weights of the layers of a topology are looked for. */
export interface WeightSource {
  /** @param path the layer's models, from the outermost, and itself: names, classes and numbers among those of a class */
  of(path: readonly Step[], config: Config): LayerWeights;
}

export interface Step {
  readonly name: string;
  readonly kind: string;
  /** How many layers of this class stand before it in its model. */
  readonly number: number;
}

const nestings = new Set(["Sequential", "Functional", "Model"]);

/** What a call may be told beside its inputs, because it is what a trained model does anyway. */
const harmless = (value: unknown) => value === null || value === undefined || value === false;

type Fields = Record<string, unknown>;

/**
 * Calls of nested models are counted from 1 by those who keep a first call for the model itself. Every call that is listed
 * is read, so the numbers show who does: as many calls as the largest number, and none that is 0.
 */
function counted(
  layers: readonly KerasLayer[],
  inputs: readonly Reference[],
  outputs: readonly Reference[],
): KerasModel {
  const all = [...outputs, ...layers.flatMap(({ calls }) => calls.flat())];
  const fromOne = new Set<string>();
  for (const { name, model, calls } of layers) {
    const own = model ? all.filter(({ layer }) => layer === name).map(({ call }) => call) : [];
    if (own.length > 0 && Math.min(...own) === 1 && Math.max(...own) === calls.length) fromOne.add(name);
  }
  const shifted = (one: Reference): Reference =>
    fromOne.has(one.layer) ? { ...one, call: one.call - 1 } : one;
  return {
    layers: layers.map((layer) => ({ ...layer, calls: layer.calls.map((call) => call.map(shifted)) })),
    inputs,
    outputs: outputs.map(shifted),
  };
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads the layers of a model's `config`, in the forms of Keras 2, Keras 3 and TensorFlow.js. */
export class TopologyReader {
  private count = 0;

  constructor(
    private readonly format: string,
    private readonly version: number,
    private readonly source: WeightSource,
  ) {}

  fail(what: string): never {
    throw new TypeError(`${this.format}: ${what}`);
  }

  private text(value: unknown, place: string): string {
    return typeof value === "string" ? value : this.fail(`${place} must be a text`);
  }

  private list(value: unknown, place: string): readonly unknown[] {
    return Array.isArray(value) ? (value as unknown[]) : this.fail(`${place} must be an array`);
  }

  private fields(value: unknown, place: string): Fields {
    return isFields(value) ? value : this.fail(`${place} must be an object`);
  }

  /** Whether a class can be read as a model. */
  static isModel = (kind: unknown): boolean => typeof kind === "string" && nestings.has(kind);

  /** A model by its class and config. */
  read(kind: string, given: unknown, path: readonly Step[] = []): KerasModel {
    if (!nestings.has(kind))
      this.fail(`the model is a ${JSON.stringify(kind)}: a Sequential or a Functional model is needed`);
    const config = Array.isArray(given)
      ? { layers: given as unknown[] }
      : this.fields(given, "the model's config");
    const entries = this.list(config.layers, "the model's layers").map((entry, i) =>
      this.fields(entry, `layers[${i}]`),
    );
    this.count += entries.length;
    if (this.count > mostLayers)
      this.fail(`the model has ${this.count} layers: at most ${mostLayers} are understood`);
    const numbers = new Map<string, number>();
    const isSequential = kind === "Sequential";
    const layers: KerasLayer[] = [];
    for (const [i, entry] of entries.entries()) {
      const own = this.text(entry.class_name, `layers[${i}].class_name`);
      const number = numbers.get(own) ?? 0;
      numbers.set(own, number + 1);
      layers.push(
        this.layer(entry, i, own, number, path, isSequential ? layers.at(-1)?.name : undefined, isSequential),
      );
    }
    const names = new Set(layers.map(({ name }) => name));
    if (names.size < layers.length) this.fail("two layers of the model have the same name");
    if (isSequential) return this.sequential(layers, config);
    for (const { name, calls } of layers)
      for (const { layer } of calls.flat())
        if (!names.has(layer)) this.fail(`layer "${name}" reads "${layer}", which is no layer of the model`);
    const inputs =
      config.input_layers === undefined
        ? layers.filter(({ kind }) => kind === "InputLayer").map(({ name }) => first(name))
        : this.references(config.input_layers, "input_layers");
    const outputs =
      config.output_layers === undefined
        ? ends(layers)
        : this.references(config.output_layers, "output_layers");
    if (config.output_layers === undefined && outputs.length !== 1)
      this.fail(
        `the model has ${outputs.length} outputs (${outputs.map(({ layer }) => layer).join(", ")}): one is needed`,
      );
    return counted(layers, inputs, outputs);
  }

  /** A Sequential model with an input layer, when it has none of its own. */
  private sequential(layers: readonly KerasLayer[], config: Fields): KerasModel {
    const [head] = layers;
    if (!head) return this.fail("the model has no layers");
    const last = first(layers[layers.length - 1].name);
    if (head.kind === "InputLayer") return { layers, inputs: [first(head.name)], outputs: [last] };
    const name = `${head.name}_input`;
    const shape =
      head.config.batch_input_shape ??
      head.config.batch_shape ??
      config.build_input_shape ??
      inputShape(head.model);
    const input: KerasLayer = {
      ...head,
      model: undefined,
      name,
      kind: "InputLayer",
      config: { batch_shape: shape },
      calls: [],
      place: `the input of ${head.place}`,
    };
    return {
      layers: [input, { ...head, calls: [[first(name)]] }, ...layers.slice(1)],
      inputs: [first(name)],
      outputs: [last],
    };
  }

  private layer(
    entry: Fields,
    i: number,
    kind: string,
    number: number,
    path: readonly Step[],
    before: string | undefined,
    isSequential: boolean,
  ): KerasLayer {
    const config = this.fields(entry.config ?? {}, `layers[${i}].config`);
    const name = this.text(config.name ?? entry.name, `the name of a ${kind} layer`);
    const place = `layer ${i} "${name}" (${kind})`;
    const own = [...path, { name, kind, number }];
    if (own.length > 20) this.fail(`${place} lies in more than 20 models`);
    const built = isFields(entry.build_config) ? entry.build_config.input_shape : undefined;
    const settings: Fields =
      config.batch_input_shape === undefined &&
      config.batch_shape === undefined &&
      i === 0 &&
      built !== undefined
        ? { ...config, batch_shape: built }
        : config;
    const found = isSequential
      ? { calls: before === undefined ? [] : [[first(before)]] }
      : this.calls(entry.inbound_nodes ?? [], place);
    // Functions of Keras 3 stand among the layers, under names that layers have as well.
    const isFunction =
      typeof entry.module === "string" &&
      /\bops\b/.test(entry.module) &&
      kind !== "Add" &&
      kind !== "Subtract";
    const refused =
      found.refused ??
      (isFunction
        ? `is a function of ${String(entry.module)}, not a layer: export the model to ONNX`
        : undefined);
    return {
      name,
      kind,
      config: settings,
      place,
      calls: found.calls,
      weights: this.source.of(own, config),
      version: this.version,
      ...(nestings.has(kind) ? { model: this.nested(kind, config, own, settings) } : {}),
      ...(refused === undefined ? {} : { refused }),
    };
  }

  private nested(kind: string, config: Fields, path: readonly Step[], settings: Fields): KerasModel {
    const model = this.read(kind, config, path);
    const [input, ...rest] = model.layers;
    if (
      input?.kind !== "InputLayer" ||
      input.config.batch_shape !== undefined ||
      settings.batch_shape === undefined
    )
      return model;
    return {
      ...model,
      layers: [{ ...input, config: { ...input.config, batch_shape: settings.batch_shape } }, ...rest],
    };
  }

  /** The calls of a layer. */
  private calls(nodes: unknown, place: string): { calls: Reference[][]; refused?: string } {
    const calls: Reference[][] = [];
    let refused: string | undefined;
    const refuse = (what: string) => void (refused ??= what);
    for (const node of this.list(nodes, `${place}: inbound_nodes`)) {
      const references: Reference[] = [];
      if (Array.isArray(node)) this.readKeras2(node, references, refuse, place);
      else this.readKeras3(this.fields(node, `${place}: inbound_nodes`), references, refuse, place);
      calls.push(references);
    }
    return refused === undefined ? { calls } : { calls, refused };
  }

  private reference(layer: unknown, call: unknown, output: unknown, place: string): Reference {
    const whole = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
    if (typeof layer !== "string" || !whole(call) || !whole(output))
      return this.fail(
        `${place} reads ${JSON.stringify([layer, call, output]).slice(0, 80)}, which is no output of a layer`,
      );
    return { layer, call: call as number, output: output as number };
  }

  /** `["dense", 0, 0, {}]`, or a list of these. */
  private readKeras2(
    node: readonly unknown[],
    found: Reference[],
    refuse: (what: string) => void,
    place: string,
  ): void {
    if (typeof node[0] !== "string") {
      for (const one of node)
        this.readKeras2(this.list(one, `${place}: inbound_nodes`), found, refuse, place);
      return;
    }
    const [layer, call, output, told] = node;
    found.push(this.reference(layer, call ?? 0, output ?? 0, place));
    if (isFields(told)) this.checkTold(told, refuse);
  }

  /** `{ args: [TENSOR], kwargs: {} }`. */
  private readKeras3(node: Fields, found: Reference[], refuse: (what: string) => void, place: string): void {
    const collect = (value: unknown, depth: number): void => {
      if (Array.isArray(value) && depth < 10) return value.forEach((one) => collect(one, depth + 1));
      const history = isFields(value) && isFields(value.config) ? value.config.keras_history : undefined;
      if (Array.isArray(history))
        return void found.push(this.reference(history[0], history[1], history[2], place));
      refuse(
        `is given ${JSON.stringify(value)?.slice(0, 60)} beside its inputs, which is not understood: export the model to ONNX`,
      );
    };
    for (const argument of this.list(node.args ?? [], `${place}: inbound_nodes`)) collect(argument, 0);
    if (isFields(node.kwargs)) {
      const { inputs, ...told } = node.kwargs;
      if (inputs !== undefined) collect(inputs, 0);
      this.checkTold(told, refuse);
    }
  }

  private checkTold(told: Fields, refuse: (what: string) => void): void {
    const bad = Object.entries(told).find(([, value]) => !harmless(value));
    if (bad)
      refuse(
        `is called with ${bad[0]} ${JSON.stringify(bad[1])?.slice(0, 60)}, which is not understood: export the model to ONNX`,
      );
  }

  /** References as `input_layers` and `output_layers` hold them: one, a list, or a dictionary of them. */
  private references(value: unknown, place: string): Reference[] {
    if (Array.isArray(value) && typeof value[0] === "string")
      return [this.reference(value[0], value[1] ?? 0, value[2] ?? 0, place)];
    if (Array.isArray(value))
      return value.flatMap((one: unknown) =>
        Array.isArray(one) || isFields(one)
          ? this.references(one, place)
          : this.fail(`${place} holds what is no output of a layer`),
      );
    if (isFields(value)) return Object.values(value).flatMap((one) => this.references(one, place));
    return this.fail(`${place} must be an array`);
  }
}
