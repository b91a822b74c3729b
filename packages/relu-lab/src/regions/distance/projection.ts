/** Half spaces a . y >= b with |a| = 1: `dimension` numbers and one each. */
export interface HalfSpaces {
  readonly dimension: number;
  readonly normals: readonly Float64Array[];
  readonly offsets: readonly number[];
}

const dot = (p: Float64Array, q: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += p[i] * q[i];
  return sum;
};

/** A normal that leaves less than this outside the span of the active ones lies in it. */
const DEPENDENT = 1e-11;

/**
 * The point of an intersection of half spaces that is nearest to the origin: null when there is none, undefined when
 * rounding kept the method from ending.
 *
 * Goldfarb and Idnani's dual method for |y|^2: from the unconstrained optimum, the most violated half space becomes
 * active, and active ones whose multiplier would turn negative leave. The active normals are kept as they are and
 * made orthonormal anew at each step: they are few.
 *
 * @see Goldfarb, Idnani, A numerically stable dual method for solving strictly convex quadratic programs, 1983
 */
export function nearestPoint({ dimension, normals, offsets }: HalfSpaces): Float64Array | null | undefined {
  const y = new Float64Array(dimension);
  const active: number[] = [];
  let multipliers: number[] = [];
  for (let step = 0; step < 20 * (normals.length + dimension + 5); step++) {
    let worst = -1;
    let violation = 0;
    const size = Math.sqrt(dot(y, y));
    for (let i = 0; i < normals.length; i++) {
      const slack = dot(normals[i], y) - offsets[i];
      if (slack < violation - 1e-13 * (size + Math.abs(offsets[i])) && !active.includes(i)) {
        violation = slack;
        worst = i;
      }
    }
    if (worst < 0) return y;
    multipliers.push(0);
    for (;;) {
      const { direction, weights } = resolve(normals[worst], active, normals);
      const square = dot(direction, direction);
      const slack = dot(normals[worst], y) - offsets[worst];
      const full = square > DEPENDENT * DEPENDENT ? -slack / square : Infinity;
      let most = Infinity;
      let leaves = -1;
      for (let k = 0; k < active.length; k++) {
        if (weights[k] > 0 && multipliers[k] / weights[k] < most) {
          most = multipliers[k] / weights[k];
          leaves = k;
        }
      }
      const length = Math.min(full, most);
      if (length === Infinity) return null;
      for (let k = 0; k < active.length; k++) multipliers[k] -= length * weights[k];
      multipliers[active.length] += length;
      if (full < Infinity) for (let i = 0; i < dimension; i++) y[i] += length * direction[i];
      if (length === full) {
        active.push(worst);
        break;
      }
      active.splice(leaves, 1);
      multipliers = multipliers.filter((_, k) => k !== leaves);
    }
  }
  return undefined;
}

/** `vector` as a combination of the active normals, and what is left of it, orthogonal to them. */
function resolve(
  vector: Float64Array,
  active: readonly number[],
  normals: readonly Float64Array[],
): { direction: Float64Array; weights: Float64Array } {
  const n = active.length;
  const basis: Float64Array[] = [];
  const triangle: Float64Array[] = [];
  const orthogonalise = (rest: Float64Array): Float64Array => {
    const parts = new Float64Array(n);
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < basis.length; k++) {
        const part = dot(rest, basis[k]);
        parts[k] += part;
        for (let i = 0; i < rest.length; i++) rest[i] -= part * basis[k][i];
      }
    }
    return parts;
  };
  for (const i of active) {
    const rest = normals[i].slice();
    const parts = orthogonalise(rest);
    const length = Math.sqrt(dot(rest, rest)) || 1;
    parts[basis.length] = length;
    triangle.push(parts);
    basis.push(rest.map((v) => v / length));
  }
  const direction = vector.slice();
  const parts = orthogonalise(direction);
  const weights = new Float64Array(n);
  for (let k = n - 1; k >= 0; k--) {
    let sum = parts[k];
    for (let j = k + 1; j < n; j++) sum -= triangle[j][k] * weights[j];
    weights[k] = sum / triangle[k][k];
  }
  return { direction, weights };
}
