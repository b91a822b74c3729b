import type { Call, Operators } from "../call";
import { sizeOf } from "../tensor";
import { formsOf, type Value } from "../value";
import { places, slidingWindows, windowSettings, type WindowSettings, type Windows } from "./windows";

/** The numbers of the values under each window: every batch element and channel in turn. */
function cells(call: Call, value: Value, windows: Windows, kernel: readonly number[]) {
  const [batch, channels, ...image] = value.shape;
  const shape = [batch, channels, ...windows.sizes];
  call.lowering.checkValues(sizeOf(shape), call.place);
  const spots = places(call, windows, image, kernel).map(({ inputs }) => inputs);
  call.lowering.reserve(spots.reduce((sum, spot) => sum + spot.length, 0) * batch * channels, call.place);
  const pixels = sizeOf(image);
  const found = Array.from({ length: batch * channels }, (_, plane) =>
    spots.map((spot) => spot.map((at) => plane * pixels + at)),
  ).flat();
  return { shape, cells: found };
}

/** The largest value of each window; zeros around the image take no part. */
export function maxPool(call: Call, value: Value, settings: WindowSettings): Value {
  const found = cells(call, value, slidingWindows(call, settings), settings.kernel);
  if (found.cells.some((window) => window.length === 0))
    call.refuse("has a window that lies outside of the image");
  return call.signal(found.shape, call.lowering.maxima(formsOf(value), found.cells), value);
}

/** Means of lists of values, each divided by a number of its own. */
export function means(
  call: Call,
  value: Value,
  shape: readonly number[],
  cellsOf: readonly (readonly number[])[],
  divisors: ArrayLike<number>,
): Value {
  const starts = new Int32Array(cellsOf.length + 1);
  cellsOf.forEach((window, i) => (starts[i + 1] = starts[i] + window.length));
  const columns = new Int32Array(starts[cellsOf.length]);
  const values = new Float64Array(columns.length);
  cellsOf.forEach((window, i) => {
    columns.set(window, starts[i]);
    values.fill(1 / divisors[i], starts[i], starts[i + 1]);
  });
  return call.signal(
    shape,
    call.lowering.linear(formsOf(value), { starts, columns, values }, new Float64Array(cellsOf.length)),
    value,
  );
}

/** The mean of each window: of its values, or of these and of the zeros around the image. */
export function averagePool(call: Call, value: Value, settings: WindowSettings, withZeros: boolean): Value {
  const windows = slidingWindows(call, settings);
  const found = cells(call, value, windows, settings.kernel);
  const counts = windows.counted.reduce<number[]>(
    (all, axis) => all.flatMap((c) => axis.map((d) => c * d)),
    [1],
  );
  const divisors = found.cells.map((window, i) => (withZeros ? counts[i % counts.length] : window.length));
  return means(call, value, found.shape, found.cells, divisors);
}

function image(call: Call): readonly number[] {
  const { shape } = call.value(0);
  if (shape.length < 3) call.refuse(`takes values of the shape [${shape}]: [batch, channels, ...] is needed`);
  return shape.slice(2);
}

function pool(call: Call): WindowSettings {
  const own = image(call);
  const kernel = call.attributes.wholes("kernel_shape") ?? call.refuse("has no kernel_shape");
  return windowSettings(call, own, kernel);
}

/** Windows as large as the image. */
const whole = (call: Call): WindowSettings => {
  const own = image(call);
  const all = (value: number) => own.map(() => value);
  if (own.length > 2)
    call.refuse(`works on ${own.length} axes: one (a signal) or two (an image) are understood`);
  return {
    image: own,
    kernel: own,
    strides: all(1),
    dilations: all(1),
    before: all(0),
    after: all(0),
    automatic: "NOTSET",
    ceil: false,
  };
};

export const pools: Operators = {
  MaxPool: (call) => {
    call.attributes.ignore("storage_order"); // the order of the second output
    return maxPool(call, call.value(0), pool(call));
  },
  AveragePool: (call) =>
    averagePool(call, call.value(0), pool(call), call.attributes.flag("count_include_pad")),
  GlobalMaxPool: (call) => maxPool(call, call.value(0), whole(call)),
  GlobalAveragePool: (call) => averagePool(call, call.value(0), whole(call), false),
};
