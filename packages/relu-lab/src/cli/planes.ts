import * as fs from "node:fs";
import { generator } from "../random";
import { randomPlane, throughPoints, type SliceDomain } from "../regions";
import { clippedPlane } from "./clipped-plane";
import type { NetworkDocument } from "./document";
import { numbers } from "./document";
import { readPoints } from "./points";
import { blame, UserError } from "./user-error";
import type { InputBox } from "./vnnlib";

/** What is said of a plane beside what it is. */
export interface PlaneFrame {
  /** A point through which it shall go. */
  readonly point?: readonly number[];
  /** A box of the inputs out of which it shall not lead. */
  readonly within?: InputBox;
}

/**
 * A plane of the command line: `random[:SEED]`, `axes:I,J`, three points, or a JSON file with points or with origin and
 * directions.
 */
export async function planeOption(
  text: string,
  document: NetworkDocument,
  frame: PlaneFrame = {},
): Promise<SliceDomain> {
  const { network } = document;
  if (network.inputs < 2) throw new UserError("--plane: the network has one input; leave --plane out");
  const [, kind, rest] = /^(random|axes)(?::(.*))?$/s.exec(text) ?? [];
  const { point, within } = frame;
  if (kind === "random") return seededPlane(rest, network.inputs, frame);
  if (kind === "axes") return axesPlane(rest ?? "", network.inputs, frame);
  if (point) throw new UserError(`--plane ${text}: only random and axes:I,J go through a --point`);
  const found = isFile(text) ? planeFile(text, document) : await pointsPlane(text, document);
  return within ? blame(`--plane ${text}`, () => clippedPlane(found, within)) : found;
}

function seededPlane(seed: string | undefined, inputs: number, { point, within }: PlaneFrame): SliceDomain {
  if (seed !== undefined && !/^\d{1,9}$/.test(seed)) {
    throw new UserError(`--plane random:${seed}: the seed must be a whole number`);
  }
  const chance = generator(Number(seed ?? 0));
  if (!within) {
    const drawn = randomPlane(inputs, chance);
    return point ? { ...drawn, origin: point } : drawn;
  }
  const { lo, hi } = within;
  const widths = lo.map((v, i) => hi[i] - v);
  if (widths.filter((width) => width > 0).length < 2)
    throw new UserError("--plane: fewer than two inputs vary in the box; leave --plane out");
  const origin = point ?? lo.map((v, i) => v + chance.uniform() * widths[i]);
  // Directions in units of the box's sides: an input that is fixed there stays so on the plane.
  const [b, c] = [0, 1].map(() => widths.map((width, i) => origin[i] + width * chance.normal()));
  return clippedPlane(throughPoints(origin, b, c, { orthonormal: true }), within);
}

/** The plane of two inputs, in their own units; the others stay where the point or the box's centre is. */
function axesPlane(text: string, inputs: number, { point, within }: PlaneFrame): SliceDomain {
  const axes = text.split(",");
  const [i, j] = axes.map(Number);
  if (axes.length !== 2 || i === j || !axes.every((axis) => /^\d+$/.test(axis) && Number(axis) < inputs)) {
    throw new UserError(`--plane axes:${text}: two different inputs I,J from 0 to ${inputs - 1} are needed`);
  }
  const centre =
    point ?? within?.lo.map((v, k) => v + (within.hi[k] - v) / 2) ?? new Array<number>(inputs).fill(0);
  const ends = (k: number) => (within ? [within.lo[k], within.hi[k]] : [centre[k] - 1, centre[k] + 1]);
  const fixed = [i, j].find((k) => !(ends(k)[0] < ends(k)[1]));
  if (fixed !== undefined)
    throw new UserError(`--plane axes:${text}: input ${fixed} does not vary in the box`);
  const unit = (k: number) => centre.map((_, l) => (l === k ? 1 : 0));
  return {
    origin: centre.map((v, k) => (k === i || k === j ? 0 : v)),
    directions: [unit(i), unit(j)],
    bounds: { lo: [ends(i)[0], ends(j)[0]], hi: [ends(i)[1], ends(j)[1]] },
  };
}

async function pointsPlane(text: string, document: NetworkDocument): Promise<SliceDomain> {
  const points = await readPoints(text, "--plane", document);
  if (points.length !== 3) {
    throw new UserError(
      `--plane ${text}: three points are needed, but these are ${points.length} (or random[:SEED], axes:I,J, a JSON file)`,
    );
  }
  const [a, b, c] = points;
  return blame(`--plane ${text}`, () => throughPoints(a, b, c, { orthonormal: true }));
}

/** Whether this is one name rather than points; a name of what does not exist is one too. */
const isFile = (text: string) => !/^\[|^mnist:|,/.test(text) || fs.existsSync(text);

function planeFile(file: string, { network }: NetworkDocument): SliceDomain {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch {
    throw new UserError(
      `--plane ${file}: neither a readable file nor random[:SEED], axes:I,J, mnist:I,J,K or three points`,
    );
  }
  const fields = blame(`${file}: not JSON`, () => JSON.parse(text) as Record<string, unknown> | null);
  const place = { file, network, fields: fields ?? {}, notes: [] };
  const vector = (name: string, value: unknown) => numbers(place, name, value, network.inputs);
  const { points, origin, directions, lo, hi } = place.fields as Record<string, unknown[] | undefined>;
  if (Array.isArray(points) && points.length === 3) {
    const [a, b, c] = points.map((point, i) => vector(`points[${i}]`, point));
    return blame(file, () => throughPoints(a, b, c, { orthonormal: true }));
  }
  if (!Array.isArray(directions) || directions.length !== 2) {
    throw new UserError(`${file}: three points, or origin, two directions, lo and hi, are needed`);
  }
  return {
    origin: vector("origin", origin),
    directions: [vector("directions[0]", directions[0]), vector("directions[1]", directions[1])],
    bounds: { lo: numbers(place, "lo", lo, 2), hi: numbers(place, "hi", hi, 2) },
  };
}
