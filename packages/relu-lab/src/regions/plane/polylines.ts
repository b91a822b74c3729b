import { cornerPoints } from "./corners";
import type { PlaneRegions } from "./types";

/** A connected piece of a neuron's bent hyperplane. */
export interface Polyline {
  readonly neuron: number;
  /** 1 for the first hidden layer. */
  readonly layer: number;
  /** Flat x, y. */
  readonly points: Float64Array;
  /** The last point is followed by the first. */
  readonly closed: boolean;
}

/** The pieces of one neuron's boundary as a graph: half-edges at each point. */
export function chains(edges: number[], from: Int32Array, to: (e: number) => number): number[][] {
  const at = new Map<number, number[]>();
  const note = (point: number, e: number): void => {
    const list = at.get(point);
    if (list) list.push(e);
    else at.set(point, [e]);
  };
  for (const e of edges) {
    note(from[e], e);
    note(to(e), e);
  }
  const used = new Set<number>();
  const follow = (first: number, start: number): number[] => {
    const path = [start];
    let e = first;
    let point = start;
    for (;;) {
      used.add(e);
      point = from[e] === point ? to(e) : from[e];
      path.push(point);
      const here = at.get(point) as number[];
      // A polyline ends at the border, and where more than two pieces meet.
      if (here.length !== 2) return path;
      const onward = here[0] === e ? here[1] : here[0];
      if (used.has(onward)) return path; // a ring
      e = onward;
    }
  };
  const paths: number[][] = [];
  for (const [point, list] of at) {
    if (list.length === 2) continue;
    for (const e of list) if (!used.has(e)) paths.push(follow(e, point));
  }
  for (const e of edges) if (!used.has(e)) paths.push(follow(e, from[e])); // rings
  return paths;
}

/**
 * The bent hyperplane of each hidden neuron: where its pre-activation vanishes and the neuron switches, as polylines.
 *
 * @param found all regions of a network on a plane
 * @param neurons which neurons (default all)
 * @returns polylines in order of neurons
 * @example
 * polylines(planeSync(network, box)).filter((line) => line.layer === 1); // straight lines
 */
export function polylines(found: PlaneRegions, neurons?: ArrayLike<number>): Polyline[] {
  const { twins, regionsOfEdges, offsets, patterns, patternWords, vertices, layerOfNeuron } = found;
  const { pointOf, points } = cornerPoints(found);
  const wanted = neurons === undefined ? undefined : new Set(Array.from(neurons));
  const byNeuron = new Map<number, number[]>();
  const edgeAt = new Int32Array(points);
  for (let e = 0; e < twins.length; e++) {
    edgeAt[pointOf[e]] = e;
    if (twins[e] < e) continue;
    const [p, q] = [regionsOfEdges[e] * patternWords, regionsOfEdges[twins[e]] * patternWords];
    for (let word = 0; word < patternWords; word++) {
      for (let bits = patterns[p + word] ^ patterns[q + word]; bits !== 0; bits &= bits - 1) {
        const neuron = 32 * word + 31 - Math.clz32(bits & -bits);
        if (wanted && !wanted.has(neuron)) continue;
        const list = byNeuron.get(neuron);
        if (list) list.push(e);
        else byNeuron.set(neuron, [e]);
      }
    }
  }
  const end = (e: number): number => {
    const region = regionsOfEdges[e];
    return pointOf[e + 1 === offsets[region + 1] ? offsets[region] : e + 1];
  };
  const result: Polyline[] = [];
  for (const [neuron, edges] of [...byNeuron].sort((a, b) => a[0] - b[0])) {
    for (const path of chains(edges, pointOf, end)) {
      const closed = path.length > 2 && path[0] === path[path.length - 1];
      if (closed) path.pop();
      const flat = Float64Array.from(
        path.flatMap((point) => [vertices[2 * edgeAt[point]], vertices[2 * edgeAt[point] + 1]]),
      );
      result.push({ neuron, layer: layerOfNeuron[neuron], points: flat, closed });
    }
  }
  return result;
}
