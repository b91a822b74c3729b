/** The tree above the subtrees, in the order of a walk: a subtree's number, or the signs of a cut of the two before. */
export type Script = (number | Int8Array)[];

/** The twins along the cuts above the subtrees. */
export interface Joints {
  readonly twins: Int32Array;
  /** One edge of each pair that is joined. */
  readonly joined: number[];
  /** Cuts whose two sides have unequal numbers of edges: 0, unless a sign was wrong. */
  mismatches: number;
}

/** The edges along each side of a polygon, anticlockwise. */
type Sides = readonly (readonly number[])[];

/** Pairs the edges on the two sides of a cut: one side forwards, the other backwards. */
function zip(above: readonly number[], below: readonly number[], joints: Joints): void {
  if (above.length !== below.length) joints.mismatches++;
  for (let i = 0; i < Math.min(above.length, below.length); i++) {
    const [e, twin] = [above[i], below[below.length - 1 - i]];
    joints.twins[e] = twin;
    joints.twins[twin] = e;
    joints.joined.push(Math.min(e, twin));
  }
}

/** The sides of a polygon from those of its two parts, which are zipped along the cut; signs are the corners'. */
function merge(signs: Int8Array, above: Sides, below: Sides, joints: Joints): Sides {
  let [up, down] = [0, 0];
  let [cutAbove, cutBelow]: Sides = [[], []];
  const sides = Array.from(signs, (here, i) => {
    const next = signs[(i + 1) % signs.length];
    if (here === 0) {
      const [u, d] = [above[up++], below[down++]];
      if (next < 0) {
        cutAbove = u;
        return d;
      }
      cutBelow = d;
      return u;
    }
    if (here > 0) {
      const side = above[up++];
      if (next >= 0) return side;
      cutAbove = above[up++];
      return [...side, ...below[down++]];
    }
    const side = below[down++];
    if (next <= 0) return side;
    cutBelow = below[down++];
    return [...side, ...above[up++]];
  });
  zip(cutAbove, cutBelow, joints);
  return sides;
}

/**
 * Joins subtrees that several workers have enumerated, along the cuts above them (as `merge` of assembly/regions/join.ts
 * does below).
 *
 * @param script the tree above the subtrees
 * @param sidesOf the edges along each side of a subtree's polygon, in their final numbers
 */
export function joinSubtrees(script: Script, sidesOf: (subtree: number) => Sides, joints: Joints): void {
  const stack: Sides[] = [];
  for (const step of script) {
    if (typeof step === "number") stack.push(sidesOf(step));
    else {
      const [above, below] = stack.splice(-2);
      stack.push(merge(step, above, below, joints));
    }
  }
}
