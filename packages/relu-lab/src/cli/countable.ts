import { throughPoints } from "../regions";
import type { NetworkDocument } from "./document";
import { lineThrough, type Place, type Region } from "./domain";
import { blame, UserError } from "./user-error";

/** The engine of any dimension counts in so many. */
const MOST_DIMENSIONS = 8;

type Point = readonly number[];
type Box = Extract<Place, { type: "box" }>;

/** The plane or line of the inputs that vary in a box, where these are fewer than all. */
function withoutFixed({ lo, hi }: Box, varying: readonly number[]): Region {
  if (varying.length === 1) return { type: "line", from: lo, to: hi };
  const fixed = lo.map((v, i) => (varying.includes(i) ? 0 : v));
  const unit = (k: number) => lo.map((_, i) => (i === varying[k] ? 1 : 0));
  const bounds = { lo: varying.map((i) => lo[i]), hi: varying.map((i) => hi[i]) };
  return { type: "plane", domain: { origin: fixed, directions: [unit(0), unit(1)], bounds } };
}

function boxPlace(box: Box, { file, network }: NetworkDocument): Region {
  const { lo, hi } = box;
  const varying = lo.flatMap((v, i) => (v < hi[i] ? [i] : []));
  const n = network.inputs;
  if (varying.length === n && n === 2) return { type: "plane", domain: { lo, hi } };
  if (varying.length === 1 || varying.length === 2) return withoutFixed(box, varying);
  if (varying.length === n && n >= 3 && n <= MOST_DIMENSIONS) return box;
  if (varying.length === 0) throw new UserError(`${file}: no input varies in the box: it is a point`);
  const [i, j] = varying;
  const fixed = varying.length < n ? `, of which ${varying.length} vary` : "";
  throw new UserError(
    `${file}: domain is a box of ${n} dimensions${fixed}: regions are counted in 1 to ${MOST_DIMENSIONS}, or on a plane within the box: ` +
      `add --plane random:0 or --plane axes:${i},${j} (to --vnnlib, or to --box with a pair for each input), or give --line P,Q`,
  );
}

/**
 * The place in a form that can be counted: a line, a plane, or the box of a network of three inputs.
 *
 * Inputs that are fixed in a box leave a line or a plane; two points are the line between them, three span a plane.
 *
 * @throws UserError that says what can be counted instead
 */
export function countable(place: Place, document: NetworkDocument): Region {
  if (place.type === "box") return boxPlace(place, document);
  if (place.type !== "points") return place;
  const points: readonly Point[] = place.points;
  if (points.length === 2) return lineThrough(points[0], points[1], "--point");
  if (points.length === 3) {
    const [a, b, c] = points;
    return { type: "plane", domain: blame("--point", () => throughPoints(a, b, c, { orthonormal: true })) };
  }
  if (points.length > 3)
    throw new UserError(
      `--point: ${points.length} points: two make a line, three a plane; \`distance\` takes any number`,
    );
  throw new UserError(
    "--point: a point lies in one region; add --plane random:0 or --plane axes:I,J through it, or a second point, or ask for `distance`",
  );
}
