import type { Call, Operators } from "../call";
import { broadcastIndex, broadcastShape, sizeOf, stridesOf, walk, wholes } from "../tensor";
import { joined, move, reshaped, type Value } from "../value";

/** A shape with 0 (as the input has it, unless told otherwise) and -1 (what is left). */
export function reshape(call: Call, value: Value, wanted: readonly number[], zeroIsZero = false): Value {
  const total = sizeOf(value.shape);
  const shape = wanted.map((size, d) => (size === 0 && !zeroIsZero ? (value.shape[d] ?? -2) : size));
  const open = shape.indexOf(-1);
  if (open >= 0) {
    const rest = shape.reduce((product, size, d) => (d === open ? product : product * size), 1);
    shape[open] = rest === 0 ? 0 : total / rest;
  }
  if (!shape.every((size) => Number.isInteger(size) && size >= 0) || sizeOf(shape) !== total)
    call.refuse(`reshapes [${value.shape}] to [${wanted}], which does not hold as many values`);
  return reshaped(value, shape);
}

/** The axes in the order `order`. */
export function transpose(value: Value, order: readonly number[]): Value {
  if (order.every((axis, d) => axis === d)) return value;
  const strides = stridesOf(value.shape);
  const shape = order.map((axis) => value.shape[axis]);
  return move(
    value,
    shape,
    walk(
      shape,
      order.map((axis) => strides[axis]),
    ),
  );
}

/** A part of a value: along each axis so many elements from a first one, in steps. */
export function part(
  call: Call,
  value: Value,
  from: readonly number[],
  sizes: readonly number[],
  steps: readonly number[],
): Value {
  const strides = stridesOf(value.shape);
  const start = from.reduce((sum, at, d) => sum + at * strides[d], 0);
  return move(
    value,
    call.checkShape(sizes),
    walk(
      sizes,
      steps.map((step, d) => step * strides[d]),
      start,
    ),
  );
}

/** Values one behind the other along an axis. */
export function concatenate(call: Call, values: readonly Value[], axis: number): Value {
  const rank = values[0].shape.length;
  const at = call.axis(axis, rank);
  for (const { shape } of values)
    if (shape.length !== rank || shape.some((size, d) => d !== at && size !== values[0].shape[d]))
      call.refuse(
        `joins values of the shapes ${values.map((v) => `[${v.shape}]`).join(" and ")} along axis ${axis}`,
      );
  const shape = call.checkShape(
    values[0].shape.map((size, d) => (d === at ? values.reduce((sum, v) => sum + v.shape[d], 0) : size)),
  );
  const inner = sizeOf(shape.slice(at + 1));
  const outer = sizeOf(shape.slice(0, at));
  const index = new Int32Array(sizeOf(shape));
  const rows = values.map((value) => value.shape[at] * inner);
  let to = 0;
  for (let o = 0; o < outer; o++) {
    let start = 0;
    values.forEach((value, v) => {
      for (let i = 0; i < rows[v]; i++) index[to++] = start + o * rows[v] + i;
      start += sizeOf(value.shape);
    });
  }
  return move(joined(values), shape, index);
}

/** The value broadcast to a shape. */
export function broadcast(call: Call, value: Value, shape: readonly number[]): Value {
  if (value.shape.length === shape.length && value.shape.every((size, d) => size === shape[d])) return value;
  return move(value, call.checkShape(shape), broadcastIndex(value.shape, shape));
}

/** The shape that all of these values broadcast to. */
export function commonShape(call: Call, values: readonly Value[]): readonly number[] {
  return values.reduce<readonly number[]>(
    (shape, value) =>
      broadcastShape(shape, value.shape) ??
      call.refuse(
        `takes values of the shapes ${values.map((v) => `[${v.shape}]`).join(" and ")}, which do not broadcast`,
      ),
    [],
  );
}

/** Zeros (or another number) around a value; negative numbers cut off. */
export function pad(
  call: Call,
  value: Value,
  before: readonly number[],
  after: readonly number[],
  fill: number,
  mode: string,
): Value {
  const shape = call.checkShape(value.shape.map((size, d) => size + before[d] + after[d]));
  const strides = stridesOf(value.shape);
  const source = (at: number, size: number): number => {
    if (at >= 0 && at < size) return at;
    if (mode === "constant") return -1;
    if (mode === "edge") return at < 0 ? 0 : size - 1;
    if (mode === "wrap") return ((at % size) + size) % size;
    const period = mode === "symmetric" ? 2 * size : Math.max(2 * size - 2, 1);
    const folded = ((at % period) + period) % period;
    return folded < size ? folded : period - (mode === "symmetric" ? 1 : 0) - folded;
  };
  const axes = shape.map((size, d) =>
    Int32Array.from({ length: size }, (_, i) => source(i - before[d], value.shape[d])),
  );
  let index = Int32Array.of(0);
  axes.forEach((axis, d) => {
    const next = new Int32Array(index.length * axis.length);
    for (let i = 0; i < index.length; i++)
      for (let k = 0; k < axis.length; k++)
        next[i * axis.length + k] = index[i] < 0 || axis[k] < 0 ? -1 : index[i] + axis[k] * strides[d];
    index = next;
  });
  return move(value, shape, index, fill);
}

/** Elements along an axis by their numbers; the numbers' shape stands in the axis's place. */
export function gather(
  call: Call,
  value: Value,
  indices: { shape: readonly number[]; values: ArrayLike<number> },
  axis: number,
): Value {
  const at = call.axis(axis, value.shape.length);
  const size = value.shape[at];
  const chosen = Int32Array.from(indices.values, (i) => (i < 0 ? i + size : i));
  const bad = chosen.findIndex((i) => !(i >= 0 && i < size));
  if (bad >= 0) call.refuse(`picks element ${indices.values[bad]} of axis ${axis}, which has ${size}`);
  const shape = call.checkShape([
    ...value.shape.slice(0, at),
    ...indices.shape,
    ...value.shape.slice(at + 1),
  ]);
  const inner = sizeOf(value.shape.slice(at + 1));
  const outer = sizeOf(value.shape.slice(0, at));
  const index = new Int32Array(sizeOf(shape));
  let to = 0;
  for (let o = 0; o < outer; o++)
    for (const i of chosen) for (let k = 0; k < inner; k++) index[to++] = (o * size + i) * inner + k;
  return move(value, shape, index);
}

/** Axes with one element taken out: those given, or all. */
export function squeeze(call: Call, value: Value, axes: readonly number[] | undefined): Value {
  const { shape } = value;
  const gone = new Set(
    axes?.map((axis) => call.axis(axis, shape.length)) ?? shape.flatMap((size, d) => (size === 1 ? [d] : [])),
  );
  for (const d of gone)
    if (shape[d] !== 1) call.refuse(`takes out axis ${d} of [${shape}], which has more than one element`);
  return reshaped(
    value,
    shape.filter((_, d) => !gone.has(d)),
  );
}

function unsqueeze(call: Call): Value {
  const value = call.value(0);
  const axes = call.wholesOf("axes", 1) ?? call.refuse("has no axes");
  const rank = value.shape.length + axes.length;
  const added = new Set(axes.map((axis) => call.axis(axis, rank)));
  if (added.size !== axes.length) call.refuse(`adds the axes [${axes}], one of them twice`);
  const old = [...value.shape];
  return reshaped(
    value,
    Array.from({ length: rank }, (_, d) => (added.has(d) ? 1 : old.shift()!)),
  );
}

function slice(call: Call): Value {
  const value = call.value(0);
  const rank = value.shape.length;
  const starts = call.wholesOf("starts", 1) ?? call.refuse("has no starts");
  const ends = call.wholesOf("ends", 2) ?? call.refuse("has no ends");
  const axes = call.wholesOf("axes", 3) ?? starts.map((_, i) => i);
  const steps = (call.has(4) ? call.wholes(4, "steps") : undefined) ?? starts.map(() => 1);
  if (![ends, axes, steps].every((list) => list.length === starts.length))
    call.refuse(`has starts [${starts}], ends [${ends}], axes [${axes}] and steps [${steps}]`);
  const from = new Array<number>(rank).fill(0);
  const sizes = [...value.shape];
  const along = new Array<number>(rank).fill(1);
  axes.forEach((given, i) => {
    const d = call.axis(given, rank);
    const [size, step] = [value.shape[d], steps[i]];
    if (step === 0) call.refuse("has the step 0");
    const clamp = (at: number, low: number, high: number) =>
      Math.min(Math.max(at < 0 ? at + size : at, low), high);
    const [begin, end] =
      step > 0
        ? [clamp(starts[i], 0, size), clamp(ends[i], 0, size)]
        : [clamp(starts[i], 0, size - 1), clamp(ends[i], -1, size - 1)];
    from[d] = begin;
    sizes[d] = Math.max(0, Math.ceil((end - begin) / step));
    along[d] = Math.max(-(2 ** 31), Math.min(step, 2 ** 31 - 1));
  });
  return part(call, value, from, sizes, along);
}

/** Pieces of an axis, of these lengths. */
export function split(call: Call, value: Value, axis: number, lengths: readonly number[]): Value[] {
  const at = call.axis(axis, value.shape.length);
  if (
    lengths.reduce((sum, length) => sum + length, 0) !== value.shape[at] ||
    lengths.some((length) => !(length >= 0))
  )
    call.refuse(`splits axis ${axis} of [${value.shape}] into [${lengths}]`);
  let from = 0;
  return lengths.map((length) => {
    const start = value.shape.map((_, d) => (d === at ? from : 0));
    from += length;
    return part(
      call,
      value,
      start,
      value.shape.map((size, d) => (d === at ? length : size)),
      value.shape.map(() => 1),
    );
  });
}

function splitNode(call: Call): Value[] {
  const value = call.value(0);
  const axis = call.attributes.whole("axis", 0);
  const total = value.shape[call.axis(axis, value.shape.length)];
  const given = call.wholesOf("split", 1);
  const count = call.attributes.whole("num_outputs", call.node.outputs.length);
  if (!(count >= 1 && count <= total)) call.refuse(`splits ${total} elements into ${count} pieces`);
  const chunk = Math.ceil(total / count);
  if (!given && call.version < 18 && total % count !== 0)
    call.refuse(`splits ${total} elements into ${count} equal pieces`);
  const equal = Array.from({ length: count }, (_, i) => Math.max(0, Math.min(chunk, total - i * chunk)));
  return split(call, value, axis, given ?? equal);
}

function padNode(call: Call): Value {
  const value = call.value(0);
  const rank = value.shape.length;
  const mode = call.attributes.text("mode", "constant");
  if (!["constant", "edge", "reflect", "wrap"].includes(mode)) call.refuse(`pads in the mode "${mode}"`);
  const pads = call.attributes.wholes("pads") ?? call.attributes.wholes("paddings") ?? call.wholes(1, "pads");
  const fill = call.has(2) ? call.constant(2, "filling").values[0] : call.attributes.number("value", 0);
  const axes = call.has(3)
    ? call.wholes(3, "axes").map((axis) => call.axis(axis, rank))
    : value.shape.map((_, d) => d);
  if (pads.length !== 2 * axes.length) call.refuse(`has ${pads.length} pads for ${axes.length} axes`);
  const [before, after] = [new Array<number>(rank).fill(0), new Array<number>(rank).fill(0)];
  axes.forEach((axis, i) => {
    before[axis] = pads[i];
    after[axis] = pads[axes.length + i];
  });
  if (mode === "constant" && !Number.isFinite(fill)) call.refuse(`fills up with ${fill}`);
  return pad(call, value, before, after, fill, mode);
}

function tile(call: Call): Value {
  const value = call.value(0);
  const repeats = call.wholes(1, "repeats");
  if (repeats.length !== value.shape.length) call.refuse(`repeats [${value.shape}] [${repeats}] times`);
  const shape = call.checkShape(value.shape.map((size, d) => size * repeats[d]));
  const wrap = value.shape.map(() => 0);
  return pad(
    call,
    value,
    wrap,
    shape.map((size, d) => size - value.shape[d]),
    0,
    "wrap",
  );
}

function expand(call: Call): Value {
  const value = call.value(0);
  const wanted = call.wholes(1, "shape");
  const shape = broadcastShape(value.shape, wanted);
  return broadcast(call, value, shape ?? call.refuse(`expands [${value.shape}] to [${wanted}]`));
}

/** Channels to pixels, or back. */
function depthToSpace(call: Call): Value {
  const value = call.value(0);
  const size = call.attributes.whole("blocksize", 1);
  const mode = call.attributes.text("mode", "DCR");
  const [n, c, h, w, ...more] = value.shape;
  if (w === undefined || more.length > 0 || !(size >= 1) || c % (size * size) !== 0)
    call.refuse(`turns [${value.shape}] with blocks of ${size}`);
  const depth = c / (size * size);
  const [shape, order] =
    mode === "DCR"
      ? [
          [n, size, size, depth, h, w],
          [0, 3, 4, 1, 5, 2],
        ]
      : [
          [n, depth, size, size, h, w],
          [0, 1, 4, 2, 5, 3],
        ];
  return reshaped(transpose(reshaped(value, shape), order), [n, depth, h * size, w * size]);
}

function spaceToDepth(call: Call): Value {
  const value = call.value(0);
  const size = call.attributes.whole("blocksize", 1);
  const [n, c, h, w, ...more] = value.shape;
  if (w === undefined || more.length > 0 || !(size >= 1) || h % size !== 0 || w % size !== 0)
    call.refuse(`turns [${value.shape}] with blocks of ${size}`);
  const cut = reshaped(value, [n, c, h / size, size, w / size, size]);
  return reshaped(transpose(cut, [0, 3, 5, 1, 2, 4]), [n, c * size * size, h / size, w / size]);
}

function where(call: Call): Value {
  const condition = call.constant(0, "condition");
  const [yes, no] = [call.value(1), call.value(2)];
  const shape = call.checkShape(commonShape(call, [condition, yes, no]));
  const test = broadcastIndex(condition.shape, shape);
  const [a, b] = [broadcastIndex(yes.shape, shape), broadcastIndex(no.shape, shape)];
  const index = test.map((from, i) => (condition.values[from] !== 0 ? a[i] : sizeOf(yes.shape) + b[i]));
  return move(joined([yes, no]), shape, index);
}

function dropout(call: Call): Value | Value[] {
  const ratio = call.has(1) ? call.constant(1, "ratio").values[0] : call.attributes.number("ratio", 0.5);
  const on = call.has(2)
    ? call.constant(2, "training mode").values[0] !== 0
    : call.version < 7 && !call.attributes.flag("is_test");
  call.attributes.ignore("is_test", "seed", "consumed_inputs");
  if (on && ratio !== 0)
    call.refuse(`is in training mode, so its output is random: export the model in evaluation mode`);
  const value = call.value(0);
  return [
    value,
    { shape: value.shape, values: new Float64Array(sizeOf(value.shape)).fill(1), kind: "truth" },
  ];
}

function flatten(call: Call): Value {
  const value = call.value(0);
  const given = call.attributes.whole("axis", 1);
  const rank = value.shape.length;
  const axis = given < 0 ? given + rank : given;
  if (!(axis >= 0 && axis <= rank)) call.refuse(`flattens [${value.shape}] at axis ${given}`);
  return reshaped(value, [sizeOf(value.shape.slice(0, axis)), sizeOf(value.shape.slice(axis))]);
}

export const movement: Operators = {
  Identity: (call) => call.value(0),
  Dropout: dropout,
  Reshape: (call) => {
    const shape = call.wholesOf("shape", 1) ?? call.refuse("has no shape");
    return reshape(call, call.value(0), shape, call.attributes.flag("allowzero"));
  },
  Flatten: flatten,
  Squeeze: (call) => squeeze(call, call.value(0), call.wholesOf("axes", 1)),
  Unsqueeze: unsqueeze,
  Transpose: (call) => {
    const value = call.value(0);
    const rank = value.shape.length;
    const order = call.attributes.wholes("perm") ?? value.shape.map((_, d) => rank - 1 - d);
    if (order.length !== rank || new Set(order.map((axis) => call.axis(axis, rank))).size !== rank)
      call.refuse(`turns the axes of [${value.shape}] into the order [${order}]`);
    return transpose(
      value,
      order.map((axis) => call.axis(axis, rank)),
    );
  },
  Concat: (call) => concatenate(call, call.values(), call.attributes.whole("axis", 1)),
  Split: splitNode,
  Slice: slice,
  Gather: (call) =>
    gather(call, call.value(0), call.constant(1, "indices"), call.attributes.whole("axis", 0)),
  Pad: padNode,
  Tile: tile,
  Expand: expand,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Where: where,
  Shape: (call) => {
    const { shape } = call.value(0);
    const at = (name: string, otherwise: number) => {
      const given = call.attributes.whole(name, otherwise);
      return Math.min(Math.max(given < 0 ? given + shape.length : given, 0), shape.length);
    };
    return wholes(shape.slice(at("start", 0), at("end", shape.length)));
  },
  Size: (call) => wholes([sizeOf(call.value(0).shape)], []),
};
