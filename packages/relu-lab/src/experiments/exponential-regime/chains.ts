import type { ReluNetwork } from "../../network";
import type { Generator } from "../../random";
import {
  breakpointChain,
  finalOnly,
  geometric,
  heChain,
  logarithmic,
  mirrorChain,
  type Grading,
} from "../../training";

/** Where a chain begins. */
export interface ChainStartKind {
  /** Random bends, He's weights, or mirror maps with relative noise. */
  readonly kind: "breakpoints" | "he" | "mirror";
  /** Neurons a block; 2 for mirror maps. */
  readonly width: number;
  /** Variance of a mirror start's noise. */
  readonly variance?: number;
}

/** What the levels' errors weigh: 4^-l, all the same, b^-l, their logarithms, or the last one alone. */
export type Supervision = "graded" | "uniform" | "final" | "logarithms" | `base ${number}`;

/** A start in words. */
export function chainStartName({ kind, width, variance }: ChainStartKind): string {
  if (kind === "mirror") return `mirror maps, variance ${variance}`;
  return `${kind === "he" ? "He" : "random bends"}, width ${width}`;
}

/** A chain of `blocks` blocks, as a trial starts with it. */
export function chainStart(start: ChainStartKind, blocks: number, random: Generator): ReluNetwork {
  const own = random.split(`${chainStartName(start)}, ${blocks}`);
  const { kind, width, variance = 0 } = start;
  if (kind === "mirror") return mirrorChain(blocks, variance, own);
  return (kind === "he" ? heChain : breakpointChain)({ blocks, width }, own);
}

/** @throws RangeError when the supervision is not one that is known */
export function gradingOf(supervision: Supervision): Grading {
  if (supervision === "graded") return geometric();
  if (supervision === "uniform") return geometric(1);
  if (supervision === "final") return finalOnly();
  if (supervision === "logarithms") return logarithmic();
  const base = Number(supervision.replace("base ", ""));
  if (!(base > 0))
    throw new RangeError(
      `the supervision "${supervision}" is not one of "graded", "uniform", "final", "logarithms", "base 3"`,
    );
  return geometric(base);
}
