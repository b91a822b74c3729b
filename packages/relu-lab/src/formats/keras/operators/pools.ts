import type { Call, Operator, Operators } from "../../graph/call";
import { averagePool, maxPool } from "../../graph/operators/pools";
import { reduce } from "../../graph/operators/reductions";
import { channelsFirst, configOf, image, sizes, windows } from "./settings";

const pool =
  (rank: number, isMax: boolean): Operator =>
  (call: Call) => {
    const { value, back } = image(call, rank);
    const size = sizes(call, "pool_size", rank, 2);
    const strides = sizes(call, "strides", rank, size);
    const settings = windows(call, value.shape, size, strides);
    return back(isMax ? maxPool(call, value, settings) : averagePool(call, value, settings, false));
  };

const globalPool =
  (rank: number, kind: "mean" | "max"): Operator =>
  (call: Call) => {
    const value = call.value(0);
    if (value.shape.length !== rank + 2) call.refuse(`takes values of the shape [${value.shape}]`);
    const from = channelsFirst(call) ? 2 : 1;
    const axes = Array.from({ length: rank }, (_, d) => d + from);
    return reduce(call, value, axes, configOf(call).keepdims === true, kind);
  };

export const pools: Operators = Object.fromEntries(
  [1, 2].flatMap((rank) => [
    ...[`MaxPooling${rank}D`, `MaxPool${rank}D`].map((name) => [name, pool(rank, true)] as const),
    ...[`AveragePooling${rank}D`, `AvgPool${rank}D`].map((name) => [name, pool(rank, false)] as const),
    ...[`GlobalAveragePooling${rank}D`, `GlobalAvgPool${rank}D`].map(
      (name) => [name, globalPool(rank, "mean")] as const,
    ),
    ...[`GlobalMaxPooling${rank}D`, `GlobalMaxPool${rank}D`].map(
      (name) => [name, globalPool(rank, "max")] as const,
    ),
  ]),
);
