import * as fs from "node:fs";
import { generator } from "../random";
import { randomPlane, throughPoints, type PlaneDomain } from "../regions";
import type { NetworkDocument } from "./document";
import { numbers } from "./document";
import { blame, UserError } from "./user-error";

/** Where regions are looked for: a box of as many dimensions as the input has, or a plane through it. */
export type Place =
  | { readonly type: "box"; readonly lo: number[]; readonly hi: number[] }
  | { readonly type: "plane"; readonly domain: PlaneDomain };

/** A number in words; NaN for none, which `Number` takes for 0. */
const toNumber = (text: string): number => (text.trim() === "" ? NaN : Number(text));

/** The box `LO,HI` of the command line, the same in every dimension. */
export function boxOption(text: string, dimension: number): Place {
  const [lo, hi, ...more] = text.split(",").map(toNumber);
  if (more.length > 0 || !(lo < hi) || !Number.isFinite(hi - lo)) {
    throw new UserError(`--box ${text}: two numbers LO,HI with LO below HI are needed`);
  }
  return {
    type: "box",
    lo: new Array<number>(dimension).fill(lo),
    hi: new Array<number>(dimension).fill(hi),
  };
}

/** A plane of the command line: `random[:SEED]`, `mnist:I,J,K`, or a JSON file with points or origin and directions. */
export async function planeOption(text: string, document: NetworkDocument): Promise<Place> {
  const [kind, rest] = text.split(/:(.*)/s);
  if (kind === "random") return { type: "plane", domain: seededPlane(rest, document.network.inputs) };
  if (kind === "mnist") return { type: "plane", domain: await digitsPlane(rest, document) };
  return { type: "plane", domain: planeFile(text, document) };
}

function seededPlane(seed: string | undefined, inputs: number): PlaneDomain {
  if (seed !== undefined && !/^\d{1,9}$/.test(seed)) {
    throw new UserError(`--plane random:${seed}: the seed must be a whole number`);
  }
  if (inputs < 2) throw new UserError("--plane: the network has one input; leave --plane out");
  return randomPlane(inputs, generator(Number(seed ?? 0)));
}

async function digitsPlane(
  indices: string | undefined,
  { network, file, notes }: NetworkDocument,
): Promise<PlaneDomain> {
  const chosen = (indices ?? "").split(",").map(toNumber);
  // Loaded when asked for: nothing else on the command line needs a data set.
  const { loadMnist } = await import("../datasets/index.js");
  const { train } = await loadMnist({ log: (line) => notes.push(line) }); // not on the answer's own stream
  if (chosen.length !== 3 || !chosen.every((i) => Number.isInteger(i) && i >= 0 && i < train.count)) {
    throw new UserError(
      `--plane mnist:${indices ?? ""}: three numbers I,J,K of training images are needed, each from 0 to ${train.count - 1}`,
    );
  }
  const size = train.images.length / train.count;
  if (network.inputs !== size) {
    throw new UserError(`${file}: takes ${network.inputs} inputs, but a digit has ${size} pixels`);
  }
  const [a, b, c] = chosen.map((i) =>
    Float64Array.from(train.images.subarray(i * size, (i + 1) * size), (pixel) => pixel / 255),
  );
  return blame(`--plane mnist:${indices}`, () => throughPoints(a, b, c, { orthonormal: true }));
}

function planeFile(file: string, { network }: NetworkDocument): PlaneDomain {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch {
    throw new UserError(`--plane ${file}: neither a readable file nor random[:SEED] nor mnist:I,J,K`);
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
