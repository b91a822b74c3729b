import type { NormModule, Token } from "./modules";
import type { Link } from "./order";

/** a x + b, channel by channel. */
export interface Scaling {
  readonly factors: Float64Array;
  readonly shifts: Float64Array;
}

/** A dense layer with the normalisations of its inputs and of its sums (before the activation), in their order. */
export interface Placed<T extends Link> {
  readonly link: T;
  readonly before: Scaling[];
  readonly behind: Scaling[];
}

/** Batch normalisation with stored statistics. */
function scalingOf(
  { path, scale, shift, mean, variance, eps }: NormModule,
  fail: (what: string) => never,
): Scaling {
  const factors = variance.map((v, c) => (scale?.[c] ?? 1) / Math.sqrt(v + eps));
  if (!factors.every(Number.isFinite))
    fail(`the batch normalisation "${path}" has the variance ${variance.find((v) => !(v + eps > 0))}`);
  return { factors, shifts: mean.map((m, c) => (shift?.[c] ?? 0) - m * factors[c]) };
}

const numbersOf = (tokens: readonly Token[]) => tokens.filter((token) => typeof token === "number").join();

/** Where a normalisation stands: the number of a layer, and whether it is behind its sums or before its inputs. */
interface Spot {
  readonly at: number;
  readonly side: "behind" | "before";
}

/** By its number among those of its neighbours in one container: `0` dense, `1` normalisation, `3` dense. */
function byNumber(chain: readonly Link[], norm: NormModule, fail: (what: string) => never): Spot | undefined {
  const depth = norm.tokens.length - 1;
  const own = norm.tokens[depth];
  if (typeof own !== "number") return undefined;
  const siblings = chain.flatMap(({ tokens }, at) => {
    const number = tokens[depth];
    const same = norm.tokens.slice(0, depth).every((token, d) => token === tokens[d]);
    return same && typeof number === "number" ? [{ at, number }] : [];
  });
  const before = siblings.filter(({ number }) => number < own).at(-1);
  const after = siblings.find(({ number }) => number > own);
  if (siblings.length === 0 || siblings.some(({ number }) => number === own)) return undefined;
  if (!before) return { at: after!.at, side: "before" };
  if (own - before.number === 1) return { at: before.at, side: "behind" };
  if (after && after.number - own === 1) return { at: after.at, side: "before" };
  return fail(
    `the batch normalisation "${norm.path}" may stand before or behind an activation by its number: export ONNX`,
  );
}

/** By the numbers in its name (`bn1` and `fc1`), or as the only layer with as many outputs. */
function byName(chain: readonly Link[], norm: NormModule): Spot | undefined {
  const fits = chain.flatMap(({ outputs }, at) => (outputs === norm.channels ? [at] : []));
  const same = fits.filter((at) => numbersOf(chain[at].tokens) === numbersOf(norm.tokens));
  const at = same.length === 1 ? same[0] : fits.length === 1 ? fits[0] : undefined;
  if (at !== undefined) return { at, side: "behind" };
  return fits.length === 0 && chain[0].inputs === norm.channels ? { at: 0, side: "before" } : undefined;
}

/**
 * The layers of a chain with the normalisations that stand around them.
 *
 * @param some whether only some layers of the file are wanted: a normalisation that fits nowhere belongs to the others
 */
export function placeNorms<T extends Link>(
  chain: readonly T[],
  norms: readonly NormModule[],
  some: boolean,
  fail: (what: string) => never,
  notes: string[],
): Placed<T>[] {
  const placed = chain.map((link): Placed<T> => ({ link, before: [], behind: [] }));
  const sorted = [...norms].sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
  for (const norm of sorted) {
    const group = norm.tokens[0];
    if (
      some &&
      typeof group === "string" &&
      !chain.some(({ tokens }) => tokens[0] === group) &&
      norm.tokens.length > 1
    )
      continue;
    const spot = byNumber(chain, norm, fail) ?? byName(chain, norm);
    if (!spot) {
      if (some) continue;
      return fail(
        `where the batch normalisation "${norm.path}" of ${norm.channels} channels stands does not follow from its name: export ONNX`,
      );
    }
    const { link } = placed[spot.at];
    const channels = spot.side === "behind" ? link.outputs : link.inputs;
    if (channels !== norm.channels)
      return fail(
        `the batch normalisation "${norm.path}" has ${norm.channels} channels, but "${link.path}" beside it has ${channels}`,
      );
    placed[spot.at][spot.side].push(scalingOf(norm, fail));
    const where =
      spot.side === "behind" ? `behind "${link.path}", before its activation` : `before "${link.path}"`;
    notes.push(
      `the batch normalisation "${norm.path}" is taken ${where}, with eps ${norm.eps} (not in the file), and rounded to doubles`,
    );
  }
  return placed;
}
