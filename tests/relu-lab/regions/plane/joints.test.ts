// Subtrees joined along cuts: which edges lie along which side, and which face one another, told by where they lie.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { joinSubtrees, type Joints } from "../../../../packages/relu-lab/src/regions/plane/joints";
import { inRows } from "../../../rows";

type Point = [number, number];

interface Edge {
  number: number;
  from: Point;
  to: Point;
}

const cross = (a: Point, b: Point, c: Point) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** The part of a polygon on one side of the line p q, anticlockwise, and the polygon's first corner that it has first. */
function part(polygon: Point[], signs: number[], side: number): Point[] {
  const corners: Point[] = [];
  polygon.forEach((corner, i) => {
    const [here, next] = [signs[i] * side, signs[(i + 1) % polygon.length] * side];
    if (here >= 0) corners.push(corner);
    const after = polygon[(i + 1) % polygon.length];
    if (here * next < 0) corners.push([(corner[0] + after[0]) / 2, (corner[1] + after[1]) / 2]);
  });
  return corners;
}

/** Splits each side of a polygon into some edges, numbered from `first`. */
function edgesOf(polygon: Point[], pieces: (a: Point, b: Point) => number, first: number): Edge[][] {
  let number = first;
  return polygon.map((a, i) => {
    const b = polygon[(i + 1) % polygon.length];
    const n = pieces(a, b);
    const at = (k: number): Point => [a[0] + ((b[0] - a[0]) * k) / n, a[1] + ((b[1] - a[1]) * k) / n];
    return Array.from({ length: n }, (_, k) => ({ number: number++, from: at(k), to: at(k + 1) }));
  });
}

const numbers = (sides: Edge[][]) => sides.map((side) => side.map(({ number }) => number));
const newJoints = (): Joints => ({ twins: new Int32Array(64).fill(-1), joined: [], mismatches: 0 });

/** The sides of the polygon that a script puts together, seen from a cut of it that is nothing but itself. */
function joined(script: (number | Int8Array)[], sides: number[][][], joints: Joints): void {
  joinSubtrees(script, (subtree) => sides[subtree], joints);
}

// Corners are multiples of 24: halves and thirds of what is between corners and middles are integers.
const polygons: Point[][] = [
  inRows(2, [0, 0, 96, 0, 0, 96]),
  inRows(2, [0, 0, 96, 0, 96, 96, 0, 96]),
  inRows(2, [0, 0, 96, -24, 144, 48, 48, 120, -48, 72]),
];

/** Every way to cut a polygon through two corners or middles of sides that are not on one side. */
function* cuts(): Generator<{ polygon: Point[]; signs: number[]; name: string }> {
  for (const polygon of polygons) {
    const n = polygon.length;
    const places = polygon.flatMap((a, i): Point[] => {
      const b = polygon[(i + 1) % n];
      return [a, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]];
    });
    for (const p of places)
      for (const q of places) {
        if (p === q) continue;
        const signs = polygon.map((corner) => Math.sign(cross(p, q, corner)));
        if (!signs.includes(1) || !signs.includes(-1)) continue;
        yield { polygon, signs, name: `${polygon.join(" ")} cut from ${p} to ${q}` };
      }
  }
}

const same = (a: Point, b: Point) => a[0] === b[0] && a[1] === b[1];

test("edges on the two sides of a cut are twins where they are the same segment", () => {
  let seen = 0;
  for (const { polygon, signs, name } of cuts()) {
    for (const pieces of [1, 2, 3]) {
      // Sides have 1 or 2 edges, the cut has `pieces` in both parts.
      const onSide = (a: Point, b: Point) =>
        polygon.some(
          (c, i) =>
            cross(c, polygon[(i + 1) % polygon.length], a) === 0 &&
            cross(c, polygon[(i + 1) % polygon.length], b) === 0,
        );
      const split = (a: Point, b: Point) =>
        onSide(a, b) ? 1 + ((Math.abs(a[0] + 3 * b[1]) / 12) % 2) : pieces;
      const above = edgesOf(part(polygon, signs, 1), split, 5);
      const below = edgesOf(part(polygon, signs, -1), split, 30);
      const joints = newJoints();
      joined([0, 1, Int8Array.from(signs)], [numbers(above), numbers(below)], joints);
      const expected = new Int32Array(64).fill(-1);
      const firsts: number[] = [];
      for (const e of above.flat())
        for (const f of below.flat())
          if (same(e.from, f.to) && same(e.to, f.from)) {
            expected[e.number] = f.number;
            expected[f.number] = e.number;
            firsts.push(Math.min(e.number, f.number));
          }
      assert.is(firsts.length, pieces, name);
      assert.equal(joints.twins, expected, name);
      assert.equal(
        joints.joined.sort((a, b) => a - b),
        firsts.sort((a, b) => a - b),
        name,
      );
      assert.is(joints.mismatches, 0);
      seen++;
    }
  }
  assert.ok(seen > 100);
});

test("a side that a cut has divided holds the edges of both parts in its own order", () => {
  // A triangle beyond the side faces it edge by edge: a second cut, along the side, makes them twins.
  for (const { polygon, signs, name } of cuts()) {
    const n = polygon.length;
    const above = edgesOf(part(polygon, signs, 1), () => 1, 0);
    const below = edgesOf(part(polygon, signs, -1), () => 1, 20);
    for (let side = 0; side < n; side++) {
      const [a, b] = [polygon[side], polygon[(side + 1) % n]];
      const along = ({ from }: Edge) => (from[0] - a[0]) * (b[0] - a[0]) + (from[1] - a[1]) * (b[1] - a[1]);
      const on = [...above.flat(), ...below.flat()]
        .filter(({ from, to }) => cross(a, b, from) === 0 && cross(a, b, to) === 0)
        .sort((e, f) => along(e) - along(f))
        .map(({ number }) => number);
      const facing = on.map((_, i) => 50 + i);
      // Corners of polygon and triangle together: the apex follows the corner at which the side begins.
      const last = side === n - 1;
      const outer = polygon.map((_, i): number => (i === side || i === (side + 1) % n ? 0 : 1));
      outer.splice(side + 1, 0, -1);
      const triangle = last ? [facing, [60], [61]] : [[60], [61], facing];
      const joints = newJoints();
      const script = [0, 1, Int8Array.from(signs), 2, Int8Array.from(outer)];
      joined(script, [numbers(above), numbers(below), triangle], joints);
      assert.is(joints.mismatches, 0, `${name}, side ${side}`);
      on.forEach((e, i) => {
        const twin = facing[facing.length - 1 - i];
        assert.is(joints.twins[e], twin, `${name}, side ${side}`);
        assert.is(joints.twins[twin], e, `${name}, side ${side}`);
      });
      assert.is(joints.twins[60], -1);
    }
  }
});

test("cuts with unequal numbers of edges are counted, and joined as far as they go", () => {
  for (const [first, second] of [
    [[1, 2], [7]],
    [[7], [1, 2]],
    [[], [7]],
    [
      [1, 2, 3],
      [7, 8],
    ],
  ]) {
    const joints = newJoints();
    // Corner 0 on the cut, corner 1 below, corner 2 on the cut, corner 3 above.
    const above = [first, [20], [21]];
    const below = [[30], [31], second];
    joined([0, 1, Int8Array.of(0, -1, 0, 1)], [above, below], joints);
    assert.is(joints.mismatches, 1);
    const pairs = Math.min(first.length, second.length);
    assert.equal(
      joints.joined,
      first.slice(0, pairs).map((e, i) => Math.min(e, second[second.length - 1 - i])),
    );
    assert.is(joints.twins.filter((twin) => twin >= 0).length, 2 * pairs);
    for (const e of [20, 21, 30, 31]) assert.is(joints.twins[e], -1);
  }
});

test("one subtree alone has no cuts", () => {
  const joints = newJoints();
  joined([0], [[[0], [1], [2]]], joints);
  joined([], [], joints);
  assert.equal(joints, newJoints());
});

test.run();
