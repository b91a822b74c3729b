import type { network } from "relu-lab";
import { unitBox } from "../../../packages/relu-lab/src/losses/box";
import {
  pairKinds,
  shortestLine,
  smallestSine,
  smallestSquare,
  type IntersectionOptions,
} from "../../../packages/relu-lab/src/losses/options";
import { affineForms, type AffineNeuron } from "./affine-forms";

type Line = readonly [number, number, number];

function normalised({ form: [a, b, c] }: AffineNeuron): Line {
  const square = a * a + b * b;
  const scale = square > shortestLine ? 1 / Math.sqrt(square + smallestSquare) : 0;
  return [a * scale, b * scale, c * scale];
}

const meet = ([a, b, c]: Line, [d, e, f]: Line): Line => [b * f - c * e, c * d - a * f, a * e - b * d];
const positive = (v: number) => Math.max(0, v);

function outsideBox([x, y, w]: Line, margin: number): number {
  return (
    positive(Math.abs(x) - (1 - margin) * Math.abs(w)) + positive(Math.abs(y) - (1 - margin) * Math.abs(w))
  );
}

function outsideRegion([x, y, w]: Line, [a, b, c]: Line, active: boolean, margin: number): number {
  const crossing = Math.abs(w) > smallestSine ? Math.sign(w) : 0;
  const side = active ? crossing : -crossing;
  return positive(margin * Math.abs(w) - side * (a * x + b * y + c * w));
}

/**
 * `losses.intersectionPenalty` in doubles, written out: what the other forms are checked against.
 *
 * @param layers the two hidden layers
 * @param options sample points, and what the loss itself takes
 * @returns the loss
 */
export function intersectionReference(
  layers: readonly network.DenseLayer[],
  { points, margin = 0.05, box = unitBox(2), pairs = pairKinds }: IntersectionOptions,
): number {
  const sums = { first: 0, mixed: 0, second: 0 };
  for (const x of points) {
    const [one, two] = affineForms(layers, x, box);
    const [first, second] = [one.map(normalised), two.map(normalised)];
    const region = (p: Line, but = -1) =>
      first.reduce((sum, l, k) => (k === but ? sum : sum + outsideRegion(p, l, one[k].z > 0, margin)), 0);
    for (const a of first) for (const b of first) sums.first += outsideBox(meet(a, b), margin);
    for (const a of second) {
      for (const b of second) sums.second += outsideBox(meet(a, b), margin) + region(meet(a, b));
    }
    const [u, v] = x.map((value, d) => (2 * value - box.min[d] - box.max[d]) / (box.max[d] - box.min[d]));
    const distance = ([a, b, c]: Line) => (a === 0 && b === 0 ? Infinity : Math.abs(a * u + b * v + c));
    const nearest = first.reduce((best, l, k) => (distance(l) < distance(first[best]) ? k : best), 0);
    for (const b of second) {
      const p = meet(first[nearest], b);
      sums.mixed += outsideBox(p, margin) + region(p, nearest);
    }
  }
  const ordered = (n: number) => Math.max(1, n * (n - 1)) * points.length;
  const [n1, n2] = layers.map(({ outputs }) => outputs);
  const means = {
    first: sums.first / ordered(n1),
    mixed: sums.mixed / (n2 * points.length),
    second: sums.second / ordered(n2),
  };
  return pairs.reduce((sum, kind) => sum + means[kind], 0);
}
