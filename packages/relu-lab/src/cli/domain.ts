import type { PlaneDomain } from "../regions";
import type { Arguments, PlaceOptions } from "./arguments";
import type { NetworkDocument } from "./document";
import { planeOption, type PlaneFrame } from "./planes";
import { pointSyntax, readPoints, toNumber } from "./points";
import { UserError } from "./user-error";
import { vnnlibBox, type InputBox } from "./vnnlib";

/** Where a network is looked at: in a box of all its inputs, along a line, on a plane or at points. */
export type Place =
  | { readonly type: "box"; readonly lo: readonly number[]; readonly hi: readonly number[] }
  | { readonly type: "line"; readonly from: readonly number[]; readonly to: readonly number[] }
  | { readonly type: "plane"; readonly domain: PlaneDomain }
  | { readonly type: "points"; readonly points: readonly (readonly number[])[] };

/** A place of more than points. */
export type Region = Exclude<Place, { type: "points" }>;

/** The pairs LO,HI of `--box`. */
function pairs(text: string): [lo: number, hi: number][] {
  const values = text.split(",").map(toNumber);
  const found = Array.from({ length: values.length / 2 }, (_, i): [number, number] => [
    values[2 * i],
    values[2 * i + 1],
  ]);
  if (values.length % 2 === 1 || !values.every(Number.isFinite)) {
    throw new UserError(`--box ${text}: two numbers LO,HI are needed, or such a pair for each input`);
  }
  const wrong = found.findIndex(([lo, hi]) => !(found.length === 1 ? lo < hi : lo <= hi));
  if (wrong >= 0) {
    const which = found.length === 1 ? "" : ` (pair ${wrong + 1})`;
    throw new UserError(`--box ${text}: two numbers LO,HI with LO below HI are needed${which}`);
  }
  return found;
}

/** The box `LO,HI` of the command line, the same for each input, or one pair for each. */
function boxOption(text: string, inputs: number): InputBox {
  const found = pairs(text);
  if (found.length !== 1 && found.length !== inputs) {
    throw new UserError(
      `--box ${text}: ${found.length} pairs, but the network takes ${inputs} inputs: one pair or ${inputs}`,
    );
  }
  const of = (side: 0 | 1) =>
    Array.from({ length: inputs }, (_, i) => found[found.length === 1 ? 0 : i][side]);
  return { lo: of(0), hi: of(1) };
}

/** `--plane`, with what `--box`, `--vnnlib` and `--point` add to it. */
async function framedPlane(document: NetworkDocument, plane: string, options: PlaceOptions): Promise<Place> {
  const { inputs } = document.network;
  const { box, vnnlib, point } = options;
  const bounds = box === undefined ? [] : pairs(box);
  // One pair or two are the plane's own coordinates: a box of more inputs is known by its pairs.
  const ofInputs = bounds.length > 2;
  let frame: PlaneFrame = {};
  if (vnnlib !== undefined) frame = { within: vnnlibBox(vnnlib, inputs) };
  else if (ofInputs) frame = { within: boxOption(box!, inputs) };
  if (point.length > 0) {
    const points = await allPoints(point, document);
    if (points.length > 1)
      throw new UserError("--plane goes through one --point; three of them make a plane by themselves");
    frame = { ...frame, point: points[0] };
  }
  const domain = await planeOption(plane, document, frame);
  if (bounds.length === 0 || ofInputs) return { type: "plane", domain };
  const [s, t] = [bounds[0], bounds[bounds.length - 1]];
  const { origin, directions } = domain;
  return { type: "plane", domain: { origin, directions, bounds: { lo: [s[0], t[0]], hi: [s[1], t[1]] } } };
}

async function allPoints(texts: readonly string[], document: NetworkDocument): Promise<number[][]> {
  const points: number[][] = [];
  for (const text of texts) points.push(...(await readPoints(text, "--point", document)));
  return points;
}

/** Refuses options of which only one can be meant. */
export function checkPlaceOptions({ box, line, point, plane, vnnlib }: PlaceOptions): void {
  const given = Object.entries({ plane, line, vnnlib, box, point: point.length > 0 ? "" : undefined })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => `--${name}`);
  const both = box !== undefined && vnnlib !== undefined;
  if (both || (given.length > 1 && (plane === undefined || line !== undefined))) {
    throw new UserError(
      `${given.join(" and ")} cannot ${given.length === 2 ? "both" : "all"} be given: only --plane takes a --box or --vnnlib, and a --point, beside it`,
    );
  }
}

/**
 * The place that the command line asks for; undefined where it leaves it to the file.
 *
 * @throws UserError when an option does not fit the network, or two of them each other
 */
export async function commandPlace(
  document: NetworkDocument,
  options: Pick<Arguments, keyof PlaceOptions>,
): Promise<Place | undefined> {
  const { box, line, point, plane, vnnlib } = options;
  const { inputs } = document.network;
  checkPlaceOptions(options);
  if (plane !== undefined) return framedPlane(document, plane, options);
  if (vnnlib !== undefined) return { type: "box", ...vnnlibBox(vnnlib, inputs) };
  if (box !== undefined) return { type: "box", ...boxOption(box, inputs) };
  if (point.length > 0) return { type: "points", points: await allPoints(point, document) };
  if (line === undefined) return undefined;
  const ends = await readPoints(line, "--line", document);
  if (ends.length !== 2) {
    throw new UserError(
      `--line ${line}: two points P,Q are needed, each ${pointSyntax}; these are ${ends.length}`,
    );
  }
  return lineThrough(ends[0], ends[1], `--line ${line}`);
}

/** The line between two points that differ. */
export function lineThrough(from: readonly number[], to: readonly number[], what: string): Region {
  if (from.every((v, i) => v === to[i])) throw new UserError(`${what}: both ends are the same point`);
  return { type: "line", from, to };
}
