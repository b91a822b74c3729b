import type { Graph, GraphInput, Node } from "../graph/graph";
import type { KerasLayer, KerasModel, LayerNode, Reference } from "./model";
import { kerasOperators } from "./operators";

/** Calls of layers, those of nested models written out. */
const mostNodes = 20_000;

const unknown =
  "cannot become part of a ReluNetwork, as it is no layer that is known here: dense layers, convolutions, pools, normalisations, merges, ReLUs and layers that move values can; or export the model to ONNX";

const valueName = (scope: string, { layer, call, output }: Reference) =>
  `${scope}${layer}${call > 0 || output > 0 ? `:${call}` : ""}${output > 0 ? `:${output}` : ""}`;

/** The shape of an input with a batch of any size; undefined when the file does not say it. */
function inputOf(format: string, { name, config, place }: KerasLayer): GraphInput {
  const shape = config.batch_shape ?? config.batch_input_shape;
  if (shape !== undefined && !Array.isArray(shape))
    throw new TypeError(`${format}: ${place} takes inputs of the shape ${JSON.stringify(shape)}`);
  const sizes = shape?.map((size: unknown, d: number) => (d > 0 && typeof size === "number" ? size : 0));
  return {
    name,
    shape: sizes,
    isFloat: typeof config.dtype !== "string" || !/^(u?int|bool|string)/.test(config.dtype),
  };
}

/** The graph of a model: a node for each call of a layer. */
export function graphOf(format: string, model: KerasModel): Graph {
  const nodes: Node[] = [];
  const inputs: GraphInput[] = [];
  const add = (node: Node) => {
    if (nodes.length >= mostNodes)
      throw new TypeError(`${format}: the model calls more than ${mostNodes} layers`);
    nodes.push(node);
  };
  const passOn = (from: string, to: string) =>
    add({ name: to, op: "Passed", inputs: [from], outputs: [to], attributes: new Map(), version: 1 });
  const emit = (own: KerasModel, scope: string, given: readonly string[] | undefined): void => {
    const bound = new Map(own.inputs.map(({ layer }, i) => [layer, given?.[i]]));
    for (const layer of own.layers) {
      const { name, kind, place, refused } = layer;
      if (kind === "InputLayer" && layer.calls.length === 0) {
        const from = bound.get(name);
        if (given === undefined) inputs.push(inputOf(format, layer));
        else if (from !== undefined) passOn(from, `${scope}${name}`);
        continue;
      }
      const isKnown = layer.model !== undefined || Object.prototype.hasOwnProperty.call(kerasOperators, kind);
      const why = refused ?? (isKnown ? undefined : unknown);
      layer.calls.forEach((reads, call) => {
        const from = reads.map((reference) => valueName(scope, reference));
        if (!layer.model) {
          const node: LayerNode = {
            name: `${scope}${name}`,
            place,
            op: kind,
            inputs: from,
            outputs: [valueName(scope, { layer: name, call, output: 0 })],
            attributes: new Map(),
            version: 1,
            layer,
            ...(why === undefined ? {} : { refused: why }),
          };
          return add(node);
        }
        const { model } = layer;
        if (from.length === 0) return; // the model's own call, by which it was made
        if (from.length !== model.inputs.length)
          throw new TypeError(
            `${format}: ${place} is given ${from.length} inputs: it takes ${model.inputs.length}`,
          );
        const inner = `${scope}${name}${call > 0 ? `:${call}` : ""}/`;
        emit(model, inner, from);
        model.outputs.forEach((reference, output) =>
          passOn(valueName(inner, reference), valueName(scope, { layer: name, call, output })),
        );
      });
    }
  };
  emit(model, "", undefined);
  const order = new Map(model.inputs.map(({ layer }, i) => [layer, i]));
  const known = (name: string) => order.get(name) ?? Infinity;
  inputs.sort((a, b) => (known(a.name) === known(b.name) ? 0 : known(a.name) - known(b.name)));
  return {
    format,
    nodes,
    constants: new Map(),
    inputs,
    outputs: model.outputs.map((reference) => valueName("", reference)),
  };
}
