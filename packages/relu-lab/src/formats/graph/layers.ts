import type { SparseLayerSpec } from "../../network";
import { ascending } from "../../network/sparse-rows";
import type { Forms } from "./forms";

/** Rows of one kind: row i gives the wire `first` + i. */
export interface Rows {
  readonly first: number;
  readonly forms: Forms;
  readonly isRelu: boolean;
}

/** Where one output of a layer comes from: a row of its own, or a wire of a lower layer that is carried past. */
interface Place {
  readonly wire: number;
  readonly rows: Rows | undefined;
}

/** Up to which layer each wire is read; -1 where it is not. Every ReLU counts: its boundary is the network's. */
function lastReads(blocks: readonly Rows[], levels: Int32Array, outputs: Forms, depth: number): Int32Array {
  const last = new Int32Array(levels.length).fill(-1);
  const read = (forms: Forms, i: number, level: number) => {
    for (let k = forms.starts[i]; k < forms.starts[i + 1]; k++)
      last[forms.wires[k]] = Math.max(last[forms.wires[k]], level - 1);
  };
  for (const { first, forms, isRelu } of blocks)
    if (isRelu) for (let i = 0; i < forms.count; i++) last[first + i] = levels[first + i];
  for (let i = 0; i < outputs.count; i++) read(outputs, i, depth);
  for (const { first, forms } of [...blocks].reverse())
    for (let i = forms.count - 1; i >= 0; i--) if (last[first + i] >= 0) read(forms, i, levels[first + i]);
  return last;
}

/** The layer of these places, reading the layer whose outputs are `columnOf`; a ReLU changes no wire of `nonNegative`. */
function layer(
  places: readonly Place[],
  columnOf: Int32Array,
  inputs: number,
  nonNegative: Uint8Array | undefined,
): SparseLayerSpec {
  let entries = 0;
  for (const { wire, rows } of places)
    entries += rows ? rows.forms.starts[wire - rows.first + 1] - rows.forms.starts[wire - rows.first] : 1;
  const starts = new Int32Array(places.length + 1);
  const columns = new Int32Array(entries);
  const values = new Float64Array(entries);
  const b = new Float64Array(places.length);
  const identities = new Uint8Array(places.length);
  let at = 0;
  places.forEach(({ wire, rows }, i) => {
    if (!rows) {
      columns[at] = columnOf[wire];
      values[at++] = 1;
    } else {
      const { forms, first } = rows;
      for (let k = forms.starts[wire - first]; k < forms.starts[wire - first + 1]; k++) {
        columns[at] = columnOf[forms.wires[k]];
        values[at++] = forms.weights[k];
      }
      b[i] = forms.constants[wire - first];
    }
    identities[i] = rows?.isRelu || nonNegative?.[wire] ? 0 : 1;
    starts[i + 1] = at;
  });
  const isLinear = !places.some(({ rows }) => rows?.isRelu);
  return {
    rows: ascending({ starts, columns, values }, inputs),
    inputs,
    b,
    activation: isLinear ? "linear" : "relu",
    ...(isLinear ? {} : { identities }),
  };
}

/**
 * Layers for rows: each row stands as low as what it reads allows, wires that are read further up are carried by identity
 * rows (one a wire and layer, whoever reads it), and sums that no output depends on are left out. The outputs come last.
 *
 * @param blocks in the order they were made: a row reads inputs and wires of rows before it
 * @param levels the layer of each wire, 0 for inputs
 * @param nonNegative 1 for each wire that is surely not negative: carried past a layer of ReLUs it is one of them
 * @param inputs how many of the first wires are inputs
 * @param outputs the network's outputs
 */
export function layersOf(
  blocks: readonly Rows[],
  levels: Int32Array,
  nonNegative: Uint8Array,
  inputs: number,
  outputs: Forms,
): SparseLayerSpec[] {
  let depth = 1 + outputs.wires.reduce((deepest, wire) => Math.max(deepest, levels[wire]), 0);
  for (const { first, forms, isRelu } of blocks)
    if (isRelu) for (let i = 0; i < forms.count; i++) depth = Math.max(depth, 1 + levels[first + i]);
  const last = lastReads(blocks, levels, outputs, depth);
  const places = Array.from({ length: depth }, (): Place[] => []);
  for (const rows of blocks)
    for (let i = 0; i < rows.forms.count; i++) {
      const wire = rows.first + i;
      if (last[wire] >= 0) places[levels[wire]].push({ wire, rows });
    }
  for (let wire = 0; wire < last.length; wire++)
    for (let level = levels[wire] + 1; level <= last[wire]; level++)
      places[level].push({ wire, rows: undefined });
  const specs: SparseLayerSpec[] = [];
  const columnOf = Int32Array.from(levels, (_, wire) => wire);
  let width = inputs;
  for (const level of places.slice(1)) {
    specs.push(layer(level, columnOf, width, nonNegative));
    level.forEach(({ wire }, i) => (columnOf[wire] = i));
    width = level.length;
  }
  const end: Rows = { first: 0, forms: outputs, isRelu: false };
  specs.push(
    layer(
      Array.from({ length: outputs.count }, (_, wire) => ({ wire, rows: end })),
      columnOf,
      width,
      undefined,
    ),
  );
  return specs;
}
