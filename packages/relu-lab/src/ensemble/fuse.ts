import type { Node, Value } from "./value";

/** A block u -> v relu(w u + b) + d that runs as one kernel: a dense layer and the hidden one before it. */
export interface Block {
  /** Entry of the hidden layer, which is not kept. */
  readonly hidden: number;
  readonly u: Value;
  readonly w: Value;
  readonly b: Value;
  readonly v: Value;
  readonly d: Value;
  readonly width: number;
}

/**
 * Finds the pairs of layers 1 -> w (ReLU) -> 1 of parameters whose hidden layer nobody else looks at. Fusing them changes
 * no bit: the order of every sum stays.
 *
 * @returns blocks by the entry of their second layer
 */
export function blocksOf(
  nodes: readonly Node[],
  needed: Uint8Array,
  outputs: readonly Value[],
): Map<number, Block> {
  const uses = new Int32Array(nodes.length);
  for (const { id } of outputs) uses[id]++;
  nodes.forEach(({ inputs }, id) => {
    if (needed[id]) for (const input of inputs) uses[input.id]++;
  });
  const isParameter = (value: Value) => nodes[value.id].made.by === "parameter";
  const blocks = new Map<number, Block>();
  nodes.forEach(({ made, inputs, rows }, id) => {
    if (!needed[id] || made.by !== "dense" || rows !== 1 || inputs.length !== 3) return;
    const [v, hidden, d] = inputs;
    const layer = nodes[hidden.id];
    if (layer.made.by !== "dense" || !layer.made.relu || layer.inputs.length !== 3) return;
    const [w, u, b] = layer.inputs;
    if (blocks.has(hidden.id)) return; // with width 1, a block's end could be taken for a hidden layer
    if (w.columns !== 1 || uses[hidden.id] !== 1 || ![w, b, v, d].every(isParameter)) return;
    blocks.set(id, { hidden: hidden.id, u, w, b, v, d, width: w.rows });
  });
  return blocks;
}
