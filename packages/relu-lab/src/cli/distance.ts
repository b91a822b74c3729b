import { distance } from "../regions";
import { numbers, pointLike, type NetworkDocument } from "./document";
import type { Report } from "./report";
import { UserError } from "./user-error";

/** Distances of the file's `distance_to_boundary` points, in their order. */
export function distanceReport(document: NetworkDocument): Report {
  const { fields, file, network } = document;
  const points = fields.distance_to_boundary;
  if (!Array.isArray(points)) {
    const wrong = points === undefined ? "is missing" : "must be an array of { x }";
    const example = `"distance_to_boundary": [{ "x": ${pointLike(0, network.inputs)} }]`;
    throw new UserError(`${file}: distance_to_boundary ${wrong}; write e.g. ${example}`);
  }
  const start = performance.now();
  const found = distance(
    network,
    points.map((point: unknown, i) => {
      const x = (point as { x?: unknown } | null)?.x;
      return numbers(document, `distance_to_boundary[${i}].x`, x, network.inputs);
    }),
  );
  return {
    distances: [...found.distances],
    neurons: [...found.neurons],
    linear_distances: [...found.linearDistances],
    linear_exact: [...found.linearExact],
    seconds: (performance.now() - start) / 1000,
  };
}
