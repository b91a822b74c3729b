import type { Graph, GraphInput, Node } from "../graph/graph";
import type { Kind, Tensor } from "../graph/tensor";
import { attributesOf, type GraphNode } from "./graph-node";
import { fieldsOf, listOf, textOf, type Weight } from "./weights";

const kinds: Readonly<Record<string, Kind>> = { float32: "float", int32: "whole", bool: "truth" };
const floats = new Set(["DT_FLOAT", "DT_HALF", "DT_DOUBLE", "DT_BFLOAT16", "1", "2", "14", "19"]);
const inputs = new Set(["Placeholder", "PlaceholderWithDefault"]);

/** A value's name: the node's, with the number of its output unless that is the first. */
const valueName = (input: string) => input.replace(/:0$/, "");

/** Names of the values that a node reads; edges of control carry none. */
const reads = ({ input }: GraphNode) => input.filter((name) => !name.startsWith("^")).map(valueName);

function inputOf(node: GraphNode): GraphInput {
  const attributes = attributesOf(node);
  const type = attributes.get("dtype")?.text;
  return {
    name: node.name,
    shape: attributes.get("shape")?.numbers,
    isFloat: type === undefined || floats.has(type),
  };
}

/** The graph of a graph model, as the tfjs converter writes it from a SavedModel. */
export interface TfjsGraph extends Graph {
  /** Names of the outputs in the model's signature, each with the value it stands for. */
  readonly signature: ReadonlyMap<string, string>;
}

function signatureOf(model: Readonly<Record<string, unknown>>): Map<string, string> {
  const found = new Map<string, string>();
  const meta = model.userDefinedMetadata as { signature?: unknown } | null | undefined;
  const signature = model.signature ?? meta?.signature;
  if (typeof signature !== "object" || signature === null) return found;
  const { outputs } = signature as { outputs?: unknown };
  if (typeof outputs !== "object" || outputs === null) return found;
  for (const [key, value] of Object.entries(outputs as Record<string, { name?: unknown } | null>))
    if (typeof value?.name === "string") found.set(key, valueName(value.name));
  return found;
}

/**
 * The graph of a graph model.
 *
 * @param model model.json
 * @param weights the values of its Const nodes
 * @throws TypeError that names the node which is no node
 */
export function graphOf(
  model: Readonly<Record<string, unknown>>,
  weights: ReadonlyMap<string, Weight>,
): TfjsGraph {
  const topology = fieldsOf(model.modelTopology, "modelTopology");
  const entries = listOf(topology.node, "modelTopology.node").map((node, i): GraphNode => {
    const { name, op, input, attr } = fieldsOf(node, `node[${i}]`);
    return {
      name: textOf(name, `node[${i}].name`),
      op: textOf(op, `node[${i}].op`),
      input: listOf(input ?? [], `node[${i}].input`).map((one) => textOf(one, `node[${i}].input`)),
      attr: fieldsOf(attr ?? {}, `node[${i}].attr`),
    };
  });
  const read = new Set(entries.flatMap(reads));
  const highest = new Map<string, number>(); // the last output of a node that is read
  for (const name of read) {
    const [, node, number] = /^(.*):(\d{1,3})$/.exec(name) ?? [];
    if (node !== undefined) highest.set(node, Math.max(Number(number), highest.get(node) ?? 0));
  }
  const outputsOf = ({ name }: GraphNode) =>
    Array.from({ length: 1 + (highest.get(name) ?? 0) }, (_, k) => (k === 0 ? name : `${name}:${k}`));
  const constants = new Map<string, () => Tensor>();
  const nodes: Node[] = [];
  for (const entry of entries) {
    if (inputs.has(entry.op) || entry.op === "NoOp") continue;
    if (entry.op === "Const") {
      const weight = weights.get(entry.name);
      if (weight)
        constants.set(entry.name, () => ({
          shape: weight.shape,
          values: weight.values,
          kind: kinds[weight.type] ?? "float",
        }));
      continue;
    }
    nodes.push({
      name: entry.name,
      op: entry.op,
      inputs: reads(entry),
      outputs: outputsOf(entry),
      attributes: attributesOf(entry),
      version: 1,
    });
  }
  const signature = signatureOf(model);
  const ends = nodes.filter(({ outputs }) => !outputs.some((name) => read.has(name))).map(({ name }) => name);
  return {
    format: "tfjs",
    nodes,
    constants,
    inputs: entries.filter(({ op }) => inputs.has(op)).map(inputOf),
    outputs: signature.size > 0 ? [...new Set(signature.values())] : ends,
    signature,
  };
}
