import type { Block } from "./fuse";
import { binaryKinds, codes, unaryKinds } from "./instructions";
import type { Node, Value } from "./value";

/** Where values and gradients stand. */
export interface Places {
  at(value: { readonly id: number }): number;
  /** -1 when no gradient is wanted. */
  gradient(value: { readonly id: number }): number;
  parameterGradient(value: { readonly id: number }): number;
  /** 1 when nothing has been added to this gradient before; from now on something has. */
  first(value: { readonly id: number }): number;
  /** Room for an entry's kernels to work in; the same at every call. */
  scratch(id: number, count: number): number;
  /** Keeps numbers in the tables; returns where they begin. */
  table(entries: ArrayLike<number>): number;
}

/** How far apart neighbours of a value stand when it is stretched: [down a column, along a row]. */
const strides = ({ rows, columns }: Value): [number, number] => [
  rows === 1 ? 0 : columns,
  columns === 1 ? 0 : 1,
];

/** The records that compute an entry. */
export function emitForward(node: Node, id: number, places: Places, block: Block | undefined): number[][] {
  const { made, inputs, rows, columns } = node;
  const to = places.at({ id });
  const [a, b, c] = inputs;
  const at = (value: Value) => places.at(value);
  const count = rows * columns;
  if (block) {
    const { u, w, b, v, d, width } = block;
    const relu = made.by === "dense" && made.relu ? 1 : 0;
    return [[codes.block, to, at(u), at(w), at(b), at(v), at(d), width, columns, relu]];
  }
  switch (made.by) {
    case "parameter":
    case "constant":
    case "scheduled":
    case "detach":
      return [];
    case "uniform": {
      const stride = (bound: Value) => (bound.rows === 1 ? 0 : 1);
      return [[codes.uniform, to, rows, columns, at(a), stride(a), at(b), stride(b)]];
    }
    case "draw":
      return [[codes.draw, to, at(a), rows, a.columns, columns]];
    case "unary":
      return [[codes.unary, unaryKinds[made.kind], to, at(a), count]];
    case "binary":
      return [
        [codes.binary, binaryKinds[made.kind], to, rows, columns, at(a), ...strides(a), at(b), ...strides(b)],
      ];
    case "sumColumns":
      // The sum of all entries is the sum of one long row.
      return [[codes.sumColumns, to, at(a), rows, (a.rows * a.columns) / rows]];
    case "sumRows":
      return [[codes.sumRows, to, at(a), a.rows, columns]];
    case "gather": {
      const { table, width } = made;
      return [[codes.gather, to, at(a), places.table(table), table.length, width]];
    }
    case "concatRows":
    case "concatColumns": {
      const below = made.by === "concatRows";
      let offset = 0;
      return inputs.map((value) => {
        const record = [
          codes.copy,
          to + offset,
          columns,
          at(value),
          value.columns,
          value.rows,
          value.columns,
        ];
        offset += below ? value.rows * columns : value.columns;
        return record;
      });
    }
    case "dense":
      return [[codes.dense, to, at(a), at(b), c ? at(c) : -1, rows, a.columns, columns, made.relu ? 1 : 0]];
    case "meanSquare":
      return [[codes.meanSquare, to, at(a), at(b), a.rows * a.columns, at(c)]];
    case "boundaries": {
      const [z, ...operands] = inputs.map(at);
      return [[codes.boundaries, to, z, ...operands, a.rows * columns]];
    }
    case "crossings": {
      // One value: kernels and both parts of the normals below each other.
      const neurons = b ? a.rows : a.rows / 3;
      const [first, second] = b ? [at(a), at(b)] : [1, 2].map((part) => at(a) + part * neurons * columns);
      return [[codes.crossings, to, first, second, neurons, columns, places.scratch(id, 4 * neurons)]];
    }
    case "outsideRegion": {
      const [points, lines, signs, margin, parallel] = inputs.map(at);
      return [[codes.outsideRegion, to, points, lines, signs, rows, c.rows, columns, margin, parallel]];
    }
    case "smallest":
      return [[codes.smallest, to, at(a), rows, columns]];
  }
}

/** The records that send an entry's gradient on to its inputs. */
export function emitBackward(node: Node, id: number, places: Places, block: Block | undefined): number[][] {
  const { made, inputs, rows, columns } = node;
  const own = places.at({ id });
  const g = places.gradient({ id });
  const [a, b, c] = inputs;
  const at = (value: Value) => places.at(value);
  const count = rows * columns;
  if (block)
    return [blockGradient(block, g, own, columns, made.by === "dense" && made.relu === true, places)];
  /** Place and first, for an input whose gradient is wanted; else -1 and 0. */
  const into = (value: Value): [number, number] => {
    const place = places.gradient(value);
    return place < 0 ? [-1, 0] : [place, places.first(value)];
  };
  const records: number[][] = [];
  switch (made.by) {
    case "unary": {
      const [ga, first] = into(a);
      if (ga >= 0)
        records.push([codes.unaryGradient, unaryKinds[made.kind], ga, g, at(a), own, count, first]);
      break;
    }
    case "binary":
      [a, b].forEach((value, side) => {
        const [target, first] = into(value);
        if (target < 0) return;
        const kind = binaryKinds[made.kind];
        const operands = [at(a), ...strides(a), at(b), ...strides(b)];
        records.push([codes.binaryGradient, kind, side, first, rows, columns, g, own, ...operands, target]);
      });
      break;
    case "sumColumns":
    case "sumRows": {
      const [ga, first] = into(a);
      const whole = rows === 1 && columns === 1;
      const stride = whole ? [0, 0] : made.by === "sumRows" ? [0, 1] : [1, 0];
      if (ga >= 0) records.push([codes.spread, ga, first, a.rows, a.columns, g, ...stride]);
      break;
    }
    case "gather": {
      const [ga, first] = into(a);
      const { table, width } = made;
      if (ga >= 0)
        records.push([
          codes.scatter,
          ga,
          a.rows * a.columns,
          g,
          places.table(table),
          table.length,
          width,
          first,
        ]);
      break;
    }
    case "concatRows":
    case "concatColumns": {
      let offset = 0;
      for (const value of inputs) {
        const [target, first] = into(value);
        if (target >= 0)
          records.push([codes.accumulate, target, first, g + offset, columns, value.rows, value.columns]);
        offset += made.by === "concatRows" ? value.rows * columns : value.columns;
      }
      break;
    }
    case "dense": {
      const sizes = [rows, a.columns, columns];
      if (made.relu) records.push([codes.mask, g, own, count]);
      const [gX, firstX] = into(b);
      if (gX >= 0) records.push([codes.denseInput, gX, at(a), g, ...sizes, firstX]);
      const [gW, firstW] = into(a);
      if (gW >= 0) records.push([codes.denseWeights, gW, g, at(b), ...sizes, firstW]);
      const [gb, firstB] = c ? into(c) : [-1, 0];
      if (gb >= 0) records.push([codes.denseBiases, gb, g, rows, columns, firstB]);
      break;
    }
    case "meanSquare": {
      const [ga, firstA] = into(a);
      const [gb, firstB] = into(b);
      const size = a.rows * a.columns;
      records.push([codes.meanSquareGradient, g, at(a), at(b), size, at(c), ga, firstA, gb, firstB]);
      break;
    }
    case "boundaries": {
      const [z, x, y, factor, , least] = inputs.map(at);
      const size = a.rows * columns;
      const targets = [a, b, c].flatMap(into);
      records.push([codes.boundariesGradient, g, own, z, x, y, factor, least, size, ...targets]);
      break;
    }
    case "crossings": {
      const neurons = b ? a.rows : a.rows / 3;
      const scratch = places.scratch(id, 4 * neurons);
      if (b) {
        const targets = [a, b].flatMap(into);
        records.push([codes.crossingsGradient, g, at(a), at(b), neurons, columns, ...targets, scratch]);
        break;
      }
      const [ga, first] = into(a);
      if (first === 1) records.push([codes.scatter, ga, a.rows * columns, 0, 0, 0, 0, 1]); // clears it
      const part = neurons * columns;
      const operands = [at(a) + part, at(a) + 2 * part, neurons, columns];
      records.push([codes.crossingsGradient, g, ...operands, ga + part, 0, ga + 2 * part, 0, scratch]);
      break;
    }
    case "outsideRegion": {
      const [points, lines, signs, margin, parallel] = inputs.map(at);
      const operands = [points, lines, signs, rows, c.rows, columns, margin, parallel];
      records.push([codes.outsideRegionGradient, g, ...operands, ...[a, b].flatMap(into)]);
      break;
    }
    default: // nothing comes before it
  }
  return records;
}

function blockGradient(
  { u, w, b, v, d, width }: Block,
  g: number,
  y: number,
  columns: number,
  relu: boolean,
  places: Places,
): number[] {
  const gu = places.gradient(u);
  const into = [gu, gu < 0 ? 0 : places.first(u)];
  for (const value of [w, b, v, d]) into.push(places.parameterGradient(value), places.first(value));
  const operands = [u, w, b, v].map((value) => places.at(value));
  return [codes.blockGradient, g, y, ...operands, width, columns, relu ? 1 : 0, ...into];
}
