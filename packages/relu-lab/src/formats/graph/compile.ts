import type { ReluNetwork } from "../../network";
import { Call, type Operators, type Reading } from "./call";
import type { Graph, GraphInput, Node } from "./graph";
import { Lowering } from "./lowering";
import { sizeOf } from "./tensor";
import { formsOf, isSignal, type Value } from "./value";

/** An input or output of a network that was read, with its shape in the file (a batch of one). */
export interface Port {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A network, and what its reader should know about it. */
export interface Compiled {
  readonly network: ReluNetwork;
  /** What was assumed, left out or rounded, a sentence each. */
  readonly notes: readonly string[];
  /** In the order in which the network takes their numbers, one behind the other. */
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** Numbers of constants that a graph may make: 1 GiB at the very most. */
const mostNumbers = 2 ** 27;

/** A batch of one where the first size is open. */
function inputShape(format: string, { name, shape, isFloat }: GraphInput): readonly number[] {
  if (!isFloat)
    throw new TypeError(
      `${format}: the input "${name}" holds no numbers of floating point: a network's input has to`,
    );
  if (!shape)
    throw new TypeError(
      `${format}: the file does not say the shape of the input "${name}": export it with fixed sizes`,
    );
  const own = shape.map((size, d) => (d === 0 && !(size > 0) ? 1 : size));
  const open = own.findIndex((size) => !(Number.isSafeInteger(size) && size > 0));
  if (open >= 0) {
    const shown = own.map((size) => (size > 0 ? size : "?"));
    throw new TypeError(
      `${format}: the input "${name}" has the shape [${shown}], whose size ${open + 1} is open: only the first one, the batch, may be: export it with fixed sizes`,
    );
  }
  return own;
}

/** The nodes that a name depends on, each behind those it reads. */
function needed(graph: Graph, output: string): Node[] {
  const producers = new Map<string, Node>();
  for (const node of graph.nodes)
    for (const name of node.outputs) {
      if (name === "") continue;
      if (producers.has(name) || graph.constants.has(name))
        throw new TypeError(`${graph.format}: two nodes give "${name}"`);
      producers.set(name, node);
    }
  const order: Node[] = [];
  const state = new Map<Node, "open" | "done">();
  const stack: { node: Node; next: number }[] = [];
  const visit = (name: string) => {
    const node = producers.get(name);
    if (!node || state.get(node) === "done") return;
    if (state.get(node) === "open")
      throw new TypeError(`${graph.format}: the graph runs in a circle at "${name}"`);
    state.set(node, "open");
    stack.push({ node, next: 0 });
  };
  visit(output);
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    if (top.next < top.node.inputs.length) visit(top.node.inputs[top.next++]);
    else {
      stack.pop();
      state.set(top.node, "done");
      order.push(top.node);
    }
  }
  return order;
}

/** The values of a node's outputs. */
function valuesOf(
  node: Node,
  inputs: readonly (Value | undefined)[],
  operators: Operators,
  reading: Reading,
): readonly Value[] {
  const call = new Call(node, inputs, reading);
  if (node.refused !== undefined) call.refuse(node.refused);
  if (!Object.prototype.hasOwnProperty.call(operators, node.op)) {
    call.refuse(
      "is an operator that is not known here, so whether it is piecewise linear is not either: export the model with ONNX's or TensorFlow's own layers",
    );
  }
  const dropped = inputs.map((value) => (value && isSignal(value) ? value.dropped : undefined)).find(Boolean);
  const result = operators[node.op](call);
  const values = Array.isArray(result) ? (result as readonly Value[]) : [result as Value];
  const passedOn = values.every(
    (value) =>
      isSignal(value) && inputs.some((input) => input && isSignal(input) && input.forms === value.forms),
  );
  if (dropped && !passedOn)
    throw new TypeError(
      `${reading.format}: ${dropped.place} stands inside of the network (${call.place} reads it), which is then not piecewise linear: cut the graph before it`,
    );
  const unread = call.attributes.unread();
  if (unread.length > 0) call.refuse(`has the attribute ${unread.join(", ")}, which is not understood`);
  return values;
}

/** Which of the graph's outputs is meant. */
function chosen(graph: Graph, wanted: string | undefined, notes: string[]): string {
  const { outputs, format } = graph;
  if (outputs.length === 0)
    throw new TypeError(
      `${format}: the graph has no output: it has no nodes, or they read each other in a circle`,
    );
  const names = outputs.map((name) => `"${name}"`).join(", ");
  if (wanted !== undefined) {
    if (outputs.includes(wanted)) return wanted;
    throw new TypeError(`${format}: "${wanted}" is no output of the graph: it has ${names}`);
  }
  if (outputs.length > 1) notes.push(`the output is "${outputs[0]}", the first of ${names}`);
  return outputs[0];
}

/**
 * Compiles a graph to a ReLU network: shapes follow from the inputs', what depends on constants alone is computed, the
 * rest is lowered ({@link Lowering}).
 *
 * @param graph of any format
 * @param operators what its nodes may be
 * @param output the name of the output that is wanted; the first when not given
 * @returns the network with the names of its inputs and of its output
 * @throws TypeError or RangeError that names the node, the reason and, where there is one, the remedy
 */
export function compile(graph: Graph, operators: Operators, output?: string): Compiled {
  const notes: string[] = [];
  const name = chosen(graph, output, notes);
  try {
    return compiled(graph, operators, name, notes);
  } catch (error) {
    if (output !== undefined || graph.outputs.length < 2 || !(error instanceof TypeError)) throw error;
    const others = graph.outputs.filter((other) => other !== name).map((other) => `"${other}"`);
    throw new TypeError(
      `${error.message} (this is the first output; ask for another: ${others.join(", ")})`,
      {
        cause: error,
      },
    );
  }
}

function compiled(graph: Graph, operators: Operators, name: string, notes: string[]): Compiled {
  const { format } = graph;
  const nodes = needed(graph, name);
  const read = new Set([name, ...nodes.flatMap(({ inputs }) => inputs)]);
  const inputs = graph.inputs.filter((input) => read.has(input.name));
  if (inputs.length === 0) {
    throw new TypeError(
      `${format}: the output "${name}" depends on none of the ${graph.inputs.length} inputs: one is needed`,
    );
  }
  const ports = inputs.map((input): Port => ({ name: input.name, shape: inputShape(format, input) }));
  for (const { name: input, shape } of ports)
    if (shape.length > 1 && shape[0] > 1)
      notes.push(
        `the input "${input}" has the shape [${shape}], all of which the network takes: if the first size is a batch, export it open or as 1`,
      );
  if (ports.length > 1)
    notes.push(`the inputs are ${ports.map((port) => `"${port.name}"`).join(", ")}, one behind the other`);
  const lowering = new Lowering(format);
  const values = new Map<string, Value>();
  for (const port of ports) {
    lowering.checkValues(sizeOf(port.shape), `the input "${port.name}"`);
    values.set(port.name, { shape: port.shape, forms: lowering.input(sizeOf(port.shape)) });
  }
  const reading: Reading = { format, lowering, notes: new Map(), budget: mostNumbers };
  const valueOf = (from: string): Value => {
    const known = values.get(from) ?? graph.constants.get(from)?.();
    if (!known) throw new TypeError(`${format}: "${from}" is read, but nothing gives it`);
    values.set(from, known);
    return known;
  };
  for (const node of nodes) {
    const given = valuesOf(
      node,
      node.inputs.map((from) => (from === "" ? undefined : valueOf(from))),
      operators,
      reading,
    );
    node.outputs.forEach((to, i) => given[i] && values.set(to, given[i]));
  }
  for (const [what, [first, ...more]] of reading.notes)
    notes.push(`${first}${more.length > 0 ? ` and ${more.length} more` : ""} ${what}`);
  const result = valueOf(name);
  if (isSignal(result) && result.dropped)
    notes.push(
      `the ${result.dropped.op} at the end is left out: outputs are the ${result.dropped.op === "Sigmoid" ? "values before it" : "logits"}`,
    );
  lowering.checkValues(sizeOf(result.shape), `the output "${name}"`);
  const count = ports.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const network = lowering.network(formsOf(result), count);
  return { network, notes, inputs: ports, outputs: [{ name, shape: result.shape }] };
}
