import { ReluNetwork } from "../network";
import { decisionBoundary, type DecisionBoundary, type PlaneDomain } from "../regions";
import type { NetworkDocument } from "./document";
import type { Report } from "./report";

/** The decision boundary on a plane; that of a network of one output is where the output is zero. */
export function boundaryOn({ network, notes }: NetworkDocument, domain: PlaneDomain): DecisionBoundary {
  if (network.outputs > 1) return decisionBoundary(network, domain);
  notes.push(
    "the network has one output: its decision boundary is where that is 0; class 0 is where it is positive, class 1 where negative",
  );
  const againstZero = { W: [[1], [0]], b: [0, 0], activation: "linear" as const };
  return decisionBoundary(ReluNetwork.of([...network.sparseSpecs(), againstZero]), domain);
}

/** Length in input space of a polyline of the plane. */
function lengthIn(domain: PlaneDomain): (points: Float64Array) => number {
  const [u, v] =
    "origin" in domain
      ? domain.directions
      : [
          [1, 0],
          [0, 1],
        ];
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).reduce((sum, value, i) => sum + value * y[i], 0);
  const [uu, uv, vv] = [dot(u, u), dot(u, v), dot(v, v)];
  return (points) => {
    let length = 0;
    for (let i = 2; i < points.length; i += 2) {
      const [s, t] = [points[i] - points[i - 2], points[i + 1] - points[i - 1]];
      length += Math.sqrt(uu * s * s + 2 * uv * s * t + vv * t * t);
    }
    return length;
  };
}

/** Segments, connected pieces and lengths of the boundary, by pair of classes, and the areas of the classes. */
export function boundaryReport(
  { lines, winners, areas, decisionRegions }: DecisionBoundary,
  domain: PlaneDomain,
): Report {
  const lengthOf = lengthIn(domain);
  const name = (side: number) => winners[side].join("=");
  const pairs = new Map<
    string,
    { between: string[]; segments: number; components: number; length: number }
  >();
  for (const { sides, points } of lines) {
    // By the classes' own order: sides are numbered as they are met.
    const between = sides.map(name).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const pair = pairs.get(between.join()) ?? { between, segments: 0, components: 0, length: 0 };
    pair.segments += points.length / 2 - 1;
    pair.components++;
    pair.length += lengthOf(points);
    pairs.set(between.join(), pair);
  }
  const all = [...pairs.values()].sort((a, b) =>
    a.between.join().localeCompare(b.between.join(), "en", { numeric: true }),
  );
  const total = (key: "segments" | "components" | "length") => all.reduce((sum, pair) => sum + pair[key], 0);
  return {
    decision_regions: decisionRegions,
    boundary_segments: total("segments"),
    boundary_components: total("components"),
    boundary_length: total("length"),
    boundary_pairs: all,
    class_areas: Object.fromEntries(winners.map((_, i) => [name(i), areas[i]])),
  };
}
