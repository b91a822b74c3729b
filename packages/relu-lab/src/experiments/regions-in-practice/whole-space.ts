import type { ReluNetwork } from "../../network";
import { countPlaneSync, segmentAlong } from "../../regions";

type Vector = ArrayLike<number>;

/** Where the line is cut, as multiples of its direction: fine near the origin, where small biases put the regions. */
const cuts = [0.03, 1];

/**
 * Activation intervals along origin + t direction for |t| <= reach, in stages.
 *
 * One walk over all of it would be bound by the far ends: rounding errors there are a thousand times those near the
 * origin, where nearly all boundaries lie, and too many signs would have to be decided in integers. So the line is
 * cut, and each cut takes back the one interval that it counts twice.
 *
 * @param network dense layers with ReLU or linear activations
 * @param origin a point of the line
 * @param direction its direction and unit of length
 * @param reach how far in both directions, in units of `direction`; more than 1
 * @returns the number of activation intervals, every decision certain
 */
export function countLine(network: ReluNetwork, origin: Vector, direction: Vector, reach: number): number {
  const ends = [-reach, ...cuts.map((c) => -c).reverse(), ...cuts, reach];
  let total = 0;
  for (let i = 0; i + 1 < ends.length; i++) total += along(network, origin, direction, ends[i], ends[i + 1]);
  return total - (ends.length - 2);
}

function along(network: ReluNetwork, origin: Vector, direction: Vector, from: number, to: number): number {
  const start = Float64Array.from(origin, (o, i) => o + from * direction[i]);
  const { acts, certified } = segmentAlong(
    network,
    start,
    Float64Array.from(direction, (d) => (to - from) * d),
  );
  if (!certified) throw new Error("countLine: a sign stayed uncertain, which the counter should never allow");
  return acts;
}

/**
 * Activation regions on the plane origin + s u + t v for |s|, |t| <= reach, in stages, for the reason of
 * {@link countLine}. Regions are convex, so a straight cut doubles exactly those that it meets: as many as there are
 * activation intervals along the cut.
 *
 * @param network dense layers with ReLU or linear activations
 * @param origin a point of the plane
 * @param directions its two directions and units of length
 * @param reach half the side of the square, in those units; more than 1
 * @returns the number of activation regions, every decision certain
 */
export function countSquare(
  network: ReluNetwork,
  origin: Vector,
  directions: readonly [Vector, Vector],
  reach: number,
): number {
  const box = (lo: number[], hi: number[]) => {
    const { regions, certified } = countPlaneSync(network, { origin, directions, bounds: { lo, hi } });
    if (!certified)
      throw new Error("countSquare: a sign stayed uncertain, which the counter should not allow");
    return regions;
  };
  const [u, v] = directions;
  const shifted = (d: Vector, by: number) => Float64Array.from(origin, (o, i) => o + by * d[i]);
  /** The square of this half side and what lies around it: two wide strips beside, two short ones above and below. */
  const around = (half: number, outer: number): number => {
    const beside = box([-outer, -outer], [-half, outer]) + box([half, -outer], [outer, outer]);
    const between = box([-half, -outer], [half, -half]) + box([-half, half], [half, outer]);
    const long =
      along(network, shifted(u, -half), v, -outer, outer) +
      along(network, shifted(u, half), v, -outer, outer);
    const short =
      along(network, shifted(v, -half), u, -half, half) + along(network, shifted(v, half), u, -half, half);
    return beside + between - long - short;
  };
  const [inner, middle] = cuts;
  return box([-inner, -inner], [inner, inner]) + around(inner, middle) + around(middle, reach);
}
