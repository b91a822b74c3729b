import { segment, segmentAlong, shortestInterval } from "../regions";
import { numbers, objectField, pointLike, type NetworkDocument } from "./document";
import { costs, type Report } from "./report";
import { UserError } from "./user-error";

/** Pieces along the file's `line`: p + s d, s in [0, 1] (or in its `t`); in one dimension, without one, on its domain. */
export function segmentReport(document: NetworkDocument): Report {
  const { network, file, fields } = document;
  const n = network.inputs;
  const start = performance.now();
  let found;
  if (fields.line === undefined && n === 1) {
    const domain = objectField(document, "domain", '{ "type": "box", "lo": [-1], "hi": [1] }');
    found = segment(
      network,
      numbers(document, "domain.lo", domain.lo, 1),
      numbers(document, "domain.hi", domain.hi, 1),
    );
  } else {
    const line = objectField(document, "line", `{ "p": ${pointLike(0, n)}, "d": ${pointLike(1, n)} }`);
    const p = numbers(document, "line.p", line.p, n);
    const d = numbers(document, "line.d", line.d, n);
    if (d.every((v) => v === 0)) throw new UserError(`${file}: line.d is zero: the line has no length`);
    const [begin, end] = line.t === undefined ? [0, 1] : numbers(document, "line.t", line.t, 2);
    if (!(begin < end)) throw new UserError(`${file}: line.t is [${begin}, ${end}]: it must go upwards`);
    const at = (t: number) => p.map((v, i) => v + t * d[i]);
    found = begin === 0 && end === 1 ? segmentAlong(network, p, d) : segment(network, at(begin), at(end));
  }
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
