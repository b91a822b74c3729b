import { ReluNetwork } from "../relu-network";
import { activate, dense, none, numbersOf, push, unit, type Builder } from "./builder";
import { convolution } from "./convolution";
import { checkValues, checkWhole } from "./limits";
import { averagePool, maxPool } from "./pools";
import type { Block, ImageShape } from "./types";

function residual(builder: Builder, blocks: readonly Block[]): void {
  if (!builder.nonNegative) {
    throw new RangeError("blocks: an identity skip is supported around values that come out of a ReLU only");
  }
  // Both branches are lowered side by side: the skip is carried through each layer by one ReLU a value, which
  // changes nothing because the values are not negative; it never switches off, so it draws no boundary.
  const skip = builder.reads.length;
  const inner: Builder = { ...builder, specs: [], reads: Array.from({ length: skip }, (_, i) => unit(i)) };
  for (const block of fused(blocks)) addBlock(inner, block);
  if (inner.reads.length !== skip) {
    throw new RangeError(`blocks: x + F(x) with ${skip} values in x but ${inner.reads.length} in F(x)`);
  }
  let width = skip; // columns of the inner branch's next layer
  for (const spec of inner.specs) {
    const weights = spec.W as Float64Array;
    const count = spec.b.length;
    const rows = Array.from({ length: count }, (_, i) =>
      Array.from(weights.subarray(i * width, (i + 1) * width), (w, c): [number, number] => [c, w]).filter(
        ([, w]) => w !== 0,
      ),
    );
    const first = spec === inner.specs[0];
    const carried = Array.from({ length: skip }, (_, i) => unit(first ? i : width + i));
    push(builder, [...rows, ...carried], [...Array.from(spec.b), ...none(skip)], spec.activation);
    width = count;
  }
  builder.reads =
    inner.specs.length > 0
      ? inner.reads.map((read, i) => [...read, [width + i, 1]])
      : // F makes no layer: it picks values or adds them up.
        inner.reads.map((read, i) => [
          ...read.flatMap(([value]) => builder.reads[value]),
          ...builder.reads[i],
        ]);
  builder.nonNegative = inner.nonNegative;
}

/** The blocks with each lone activation moved into the linear block before it. */
function fused(blocks: readonly Block[]): Block[] {
  const out: Block[] = [];
  for (const block of blocks) {
    const before = out.at(-1);
    if (
      block.type === "activation" &&
      (before?.type === "dense" || before?.type === "convolution") &&
      before.activation === "linear"
    ) {
      out[out.length - 1] = { ...before, activation: block.activation };
    } else out.push(block);
  }
  return out;
}

function addBlock(builder: Builder, block: Block): void {
  switch (block.type) {
    case "activation": {
      const rows = builder.reads.map((_, i) => unit(i));
      return activate(builder, rows, none(rows.length), block.activation);
    }
    case "dense":
      return dense(builder, block);
    case "convolution":
      return convolution(builder, block);
    case "average-pool":
      return averagePool(builder, block.size, block.stride ?? block.size);
    case "max-pool":
      return maxPool(builder, block.size, block.stride ?? block.size);
    case "residual":
      return residual(builder, block.blocks);
    default:
      throw new RangeError(`blocks: "${(block as { type: string }).type}" is not a known block`);
  }
}

/**
 * The dense ReLU network that computes exactly the function of these blocks: no weight is multiplied or rounded (an
 * average pool's weight is the double nearest to one over its number of values).
 *
 * Boundaries stay those of the blocks: a leaky ReLU has its own, a convolution one a filter and place, an average
 * pool and an identity skip none, a max-pool one for each contest of its tournament (so a contest that its winner
 * loses later still bounds an activation region; linear regions do not see it).
 *
 * @param blocks first to last
 * @param input number of inputs, or [height, width, channels] of an image
 * @returns a network whose layers are dense, some of them linear
 * @throws RangeError when shapes do not fit, or a max-pool or skip takes values that may be negative
 * @example
 * fromBlocks([{ type: "dense", W: [[1]], b: [0], activation: { leaky: 0.1 } }], 1).forward([-2]); // [-0.2]
 */
export function fromBlocks(blocks: readonly Block[], input: number | ImageShape): ReluNetwork {
  const shape = typeof input === "number" ? undefined : input;
  const count = shape ? numbersOf(shape) : (input as number);
  for (const extent of shape ?? [count]) checkWhole(extent, 1, "an extent of the input");
  checkValues(count, "the input");
  const builder: Builder = {
    specs: [],
    reads: Array.from({ length: count }, (_, i) => unit(i)),
    shape,
    nonNegative: false,
  };
  for (const block of fused(blocks)) addBlock(builder, block);
  const plain = builder.reads.every((read) => read.length === 1);
  const last = builder.specs.at(-1);
  if (!plain || last?.activation !== "linear") {
    const rows = builder.reads.map((_, i) => unit(i));
    push(builder, rows, none(rows.length), "linear");
  }
  return ReluNetwork.of(builder.specs);
}
