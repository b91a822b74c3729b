import type { ReadBeside } from "../beside";
import type { Attribute } from "../graph/attributes";
import type { Graph, GraphInput, Node } from "../graph/graph";
import type { Tensor } from "../graph/tensor";
import type { AttributeMessage, FunctionMessage, ModelMessage, NodeMessage, OpsetMessage } from "./messages";
import { isFloatType, readSparseTensor, readTensor } from "./tensors";

/** Functions call functions; more levels or nodes than these are no exporter's doing. */
const deepest = 100;
const mostNodes = 100_000;

const isOwn = (domain: string) => domain === "" || domain === "ai.onnx";

const decoder = new TextDecoder();

/** An attribute by its kind; files from before kinds were written down hold one field that is not empty. */
function attributeOf(message: AttributeMessage, beside: ReadBeside | undefined): Attribute {
  const { type, f, i, s, t, floats, ints, strings, sparseTensor } = message;
  switch (type) {
    case 1:
      return { number: f };
    case 2:
      return { number: i };
    case 3:
      return { text: decoder.decode(s) };
    case 6:
      return { numbers: floats };
    case 7:
      return { numbers: ints };
    case 8:
      return { texts: strings.map((text) => decoder.decode(text)) };
  }
  const tensor = t
    ? () => readTensor(t, beside)
    : sparseTensor
      ? () => readSparseTensor(sparseTensor, beside)
      : undefined;
  if (tensor) return { tensor };
  if (type !== 0) return {};
  const numbers = [ints, floats].find((list) => list.length > 0);
  if (numbers) return { numbers };
  return s.length > 0 ? { text: decoder.decode(s) } : { number: f === 0 ? i : f };
}

const keyOf = (domain: string, name: string, overload: string) =>
  JSON.stringify([isOwn(domain) ? "" : domain, name, overload]);

const versionOf = (opsets: readonly OpsetMessage[]) =>
  opsets.find(({ domain }) => isOwn(domain))?.version ?? Infinity;

/** Names and attributes that a function's nodes see: its own, under the names of whoever calls it. */
interface Scope {
  readonly rename: (name: string) => string;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly version: number;
  readonly depth: number;
}

/** Nodes with the functions among them written out. */
class Inliner {
  readonly nodes: Node[] = [];
  private readonly functions = new Map<string, FunctionMessage>();
  private calls = 0;

  constructor(
    functions: readonly FunctionMessage[],
    private readonly beside: ReadBeside | undefined,
  ) {
    for (const one of functions) this.functions.set(keyOf(one.domain, one.name, one.overload), one);
  }

  add(node: NodeMessage, scope: Scope): void {
    const attributes = new Map<string, Attribute>();
    for (const message of node.attribute) {
      const given =
        message.refAttrName === ""
          ? attributeOf(message, this.beside)
          : scope.attributes.get(message.refAttrName);
      if (given) attributes.set(message.name, given);
    }
    const inputs = node.input.map(scope.rename);
    const outputs = node.output.map(scope.rename);
    const body = this.functions.get(keyOf(node.domain, node.opType, node.overload));
    if (body) return this.call(body, node, inputs, outputs, attributes, scope);
    if (this.nodes.length >= mostNodes)
      throw new TypeError(`ONNX: its functions come to more than ${mostNodes} nodes`);
    this.nodes.push({
      name: scope.rename(node.name),
      op: node.opType,
      inputs,
      outputs,
      attributes,
      version: scope.version,
      ...(isOwn(node.domain)
        ? {}
        : {
            refused: `belongs to the domain "${node.domain}", so it is not ONNX's own ${node.opType} and the file does not define it: export the model with standard operators`,
          }),
    });
  }

  private call(
    body: FunctionMessage,
    node: NodeMessage,
    inputs: readonly string[],
    outputs: readonly string[],
    given: ReadonlyMap<string, Attribute>,
    scope: Scope,
  ): void {
    if (scope.depth >= deepest || ++this.calls > mostNodes)
      throw new TypeError(`ONNX: function "${body.name}" calls functions without end`);
    const names = new Map<string, string>();
    body.input.forEach((name, i) => names.set(name, inputs[i] ?? ""));
    body.output.forEach((name, i) => {
      // An output that is an input as well, or that nobody reads, has no name of its own outside.
      if (outputs[i] && !names.has(name)) names.set(name, outputs[i]);
      else if (outputs[i])
        this.nodes.push({
          name: "",
          op: "Identity",
          inputs: [names.get(name) ?? ""],
          outputs: [outputs[i]],
          attributes: new Map(),
          version: scope.version,
        });
    });
    const prefix = `${scope.rename(node.name || node.output[0] || node.opType)}/${this.calls}/`;
    const attributes = new Map(given);
    for (const message of body.attributeProto)
      if (!attributes.has(message.name)) attributes.set(message.name, attributeOf(message, this.beside));
    const inner: Scope = {
      rename: (name) => (name === "" ? "" : (names.get(name) ?? `${prefix}${name}`)),
      attributes,
      version: versionOf(
        body.opsetImport.length > 0 ? body.opsetImport : [{ domain: "", version: scope.version }],
      ),
      depth: scope.depth + 1,
    };
    for (const one of body.node) this.add(one, inner);
  }
}

/** The graph of an ONNX file. */
export function graphOf(model: ModelMessage, beside?: ReadBeside): Graph {
  const constants = new Map<string, () => Tensor>();
  const { graph } = model;
  for (const tensor of graph.initializer) constants.set(tensor.name, () => readTensor(tensor, beside));
  for (const tensor of graph.sparseInitializer)
    if (tensor.values) constants.set(tensor.values.name, () => readSparseTensor(tensor, beside));
  const inliner = new Inliner(model.functions, beside);
  const scope: Scope = {
    rename: (name) => name,
    attributes: new Map(),
    version: versionOf(model.opsetImport),
    depth: 0,
  };
  for (const node of graph.node) inliner.add(node, scope);
  const inputs = graph.input
    .filter(({ name }) => !constants.has(name))
    .map(({ name, type }): GraphInput => {
      const tensor = type?.tensorType;
      return {
        name,
        shape: tensor?.shape?.dim.map(({ dimValue }) => dimValue),
        isFloat: tensor ? isFloatType(tensor.elemType) : false,
      };
    });
  return {
    format: "ONNX",
    nodes: inliner.nodes,
    constants,
    inputs,
    outputs: graph.output.map(({ name }) => name),
  };
}
