import { distance } from "../regions";
import type { Arguments } from "./arguments";
import { commandPlace, type Place } from "./domain";
import { numbers, pointLike, type NetworkDocument } from "./document";
import { middleOf } from "./middle";
import type { Report } from "./report";
import { UserError } from "./user-error";

/** The points under `distance_to_boundary` in the file. */
function ownPoints(document: NetworkDocument): number[][] {
  const { fields, file, network } = document;
  const points = fields.distance_to_boundary;
  if (points === undefined && fields.layers === undefined)
    throw new UserError(
      `${file}: such a file gives no points: say --point X, once for each, or --line, --box, --plane`,
    );
  if (!Array.isArray(points)) {
    const wrong = points === undefined ? "is missing" : "must be an array of { x }";
    const example = `"distance_to_boundary": [{ "x": ${pointLike(0, network.inputs)} }]`;
    throw new UserError(`${file}: distance_to_boundary ${wrong}; write e.g. ${example}, or say --point X`);
  }
  return points.map((point: unknown, i) => {
    const x = (point as { x?: unknown } | null)?.x;
    return numbers(document, `distance_to_boundary[${i}].x`, x, network.inputs);
  });
}

/** The points that a place is or, as a note says, those that are taken of it. */
function pointsIn(place: Place, { notes }: NetworkDocument): readonly (readonly number[])[] {
  switch (place.type) {
    case "points":
      return place.points;
    case "line":
      notes.push("distances are those of the line's two ends");
      return [place.from, place.to];
    case "box":
      notes.push("the distance is that of the box's centre");
      return [place.lo.map((v, i) => v + (place.hi[i] - v) / 2)];
    case "plane": {
      notes.push("the distance is that of the middle of the plane's part");
      const { at, point } = middleOf(place.domain);
      return [point(at[0])];
    }
  }
}

/** Distances of the points that the command line gives, or else the file, in their order. */
export async function distanceReport(document: NetworkDocument, options: Arguments): Promise<Report> {
  const place = await commandPlace(document, options);
  const points = place ? pointsIn(place, document) : ownPoints(document);
  const start = performance.now();
  const found = distance(document.network, points);
  return {
    distances: [...found.distances],
    neurons: [...found.neurons],
    linear_distances: [...found.linearDistances],
    linear_exact: [...found.linearExact],
    seconds: (performance.now() - start) / 1000,
  };
}
