import { segment, segmentAlong, shortestInterval, type SegmentResult } from "../regions";
import type { Arguments } from "./arguments";
import { countable } from "./countable";
import { commandPlace, type Region } from "./domain";
import { numbers, objectField, pointLike, type NetworkDocument } from "./document";
import { middleOf } from "./middle";
import { costs, type Report } from "./report";
import { UserError } from "./user-error";

/** Along the file's `line`: p + s d, s in [0, 1] (or in its `t`); in one dimension, without one, on its domain. */
function onOwnLine(document: NetworkDocument): SegmentResult {
  const { network, file, fields } = document;
  const n = network.inputs;
  if (fields.line === undefined && n === 1 && fields.domain !== undefined) {
    const domain = objectField(document, "domain", '{ "type": "box", "lo": [-1], "hi": [1] }');
    return segment(
      network,
      numbers(document, "domain.lo", domain.lo, 1),
      numbers(document, "domain.hi", domain.hi, 1),
    );
  }
  if (fields.line === undefined && fields.layers === undefined)
    throw new UserError(`${file}: such a file gives no line: say --line P,Q, --point twice or --box LO,HI`);
  const line = objectField(document, "line", `{ "p": ${pointLike(0, n)}, "d": ${pointLike(1, n)} }`);
  const p = numbers(document, "line.p", line.p, n);
  const d = numbers(document, "line.d", line.d, n);
  if (d.every((v) => v === 0)) throw new UserError(`${file}: line.d is zero: the line has no length`);
  const [begin, end] = line.t === undefined ? [0, 1] : numbers(document, "line.t", line.t, 2);
  if (!(begin < end)) throw new UserError(`${file}: line.t is [${begin}, ${end}]: it must go upwards`);
  const at = (t: number) => p.map((v, i) => v + t * d[i]);
  return begin === 0 && end === 1 ? segmentAlong(network, p, d) : segment(network, at(begin), at(end));
}

/** The line that a place is or, as a note says, the one that is taken of it: a box's diagonal, a plane's first direction. */
function lineIn(
  place: Region,
  { notes }: NetworkDocument,
): { from: ArrayLike<number>; to: ArrayLike<number> } {
  if (place.type === "line") return place;
  if (place.type === "plane") {
    notes.push("the segment runs along the plane's first direction, through its middle");
    const { point, range } = middleOf(place.domain);
    return { from: point(range[0]), to: point(range[1]) };
  }
  const { lo, hi } = place;
  if (lo.filter((v, i) => v < hi[i]).length > 1) notes.push("the segment is the diagonal of the box");
  return { from: lo, to: hi };
}

/** Pieces along the line that the command line gives, or else the file. */
export async function segmentReport(document: NetworkDocument, options: Arguments): Promise<Report> {
  const asked = await commandPlace(document, options);
  const line = asked && lineIn(asked.type === "points" ? countable(asked, document) : asked, document);
  const start = performance.now();
  const found = line ? segment(document.network, line.from, line.to) : onOwnLine(document);
  return {
    affine_pieces: found.pieces,
    activation_intervals: found.acts,
    linear_components: found.pieces,
    distinct_affine_maps: found.distinctMaps,
    laps: found.laps,
    flats: found.flats,
    min_interval: shortestInterval(found.activationKnots),
    certified: found.certified,
    ...costs(found.acts, start, 1),
  };
}
