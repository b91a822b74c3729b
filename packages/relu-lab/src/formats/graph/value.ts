import { Forms } from "./forms";
import { rounded, sizeOf, type Kind, type Tensor } from "./tensor";

/** A value that depends on the network's input. */
export interface Signal {
  readonly shape: readonly number[];
  /** One affine form an element, row-major. */
  readonly forms: Forms;
  /** What stands between this and the graph's own value, when a softmax or sigmoid was left out on the way. */
  readonly dropped?: Dropped;
}

/** A node that was left out: its operator, and what messages call it. */
export interface Dropped {
  readonly op: string;
  readonly place: string;
}

/** What a name of the graph stands for, once its node has been read. */
export type Value = Tensor | Signal;

export const isSignal = (value: Value): value is Signal => "forms" in value;

/** The elements of these numbers in a new shape; -1 gives `fill`. */
export function move(value: Value, shape: readonly number[], index: Int32Array, fill = 0): Value {
  if (isSignal(value)) return settled({ ...value, shape, forms: value.forms.pick(index, fill) });
  return { ...value, shape, values: Float64Array.from(index, (i) => (i < 0 ? fill : value.values[i])) };
}

/** The same elements in a new shape. */
export const reshaped = (value: Value, shape: readonly number[]): Value => ({ ...value, shape });

/** Values one behind the other, as one list. */
export function joined(values: readonly Value[]): Value {
  if (values.some(isSignal)) {
    const forms = Forms.join(values.map(formsOf));
    const dropped = values.map((value) => (isSignal(value) ? value.dropped : undefined)).find(Boolean);
    return { shape: [forms.count], forms, ...(dropped ? { dropped } : {}) };
  }
  const tensors = values as readonly Tensor[];
  const all = new Float64Array(tensors.reduce((sum, { values: own }) => sum + own.length, 0));
  let at = 0;
  for (const { values: own } of tensors) {
    all.set(own, at);
    at += own.length;
  }
  return { shape: [all.length], values: all, kind: tensors[0].kind };
}

/** A value's forms; those of a constant have no entries. */
export const formsOf = (value: Value): Forms =>
  isSignal(value) ? value.forms : Forms.constant(value.values);

/** A value that no longer depends on the input is a constant. */
export function settled(signal: Signal, kind: Kind = "float"): Value {
  if (signal.forms.wires.length > 0 || signal.dropped) return signal;
  return { shape: signal.shape, values: signal.forms.constants, kind };
}

/** A function of constants, element by element; they have one shape. */
export function mapped(tensors: readonly Tensor[], f: (...values: number[]) => number, kind?: Kind): Tensor {
  const own = kind ?? tensors[0].kind;
  const { shape } = tensors[0];
  const values = Float64Array.from({ length: sizeOf(shape) }, (_, i) =>
    rounded(own, f(...tensors.map((tensor) => tensor.values[i]))),
  );
  return { shape, values, kind: own };
}
