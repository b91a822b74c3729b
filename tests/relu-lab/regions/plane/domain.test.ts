import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkDomain } from "../../../../packages/relu-lab/src/regions/plane/domain";
import type { PlaneDomain } from "../../../../packages/relu-lab/src/regions/plane/types";
import { inRows } from "../../../rows";

const polygonOf = (polygon: ArrayLike<number>) => [...checkDomain({ polygon }, 2).polygon];

/** The corners from the lowest, leftmost one on: a polygon may begin anywhere. */
function turned(flat: number[]): number[] {
  const corners = Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
  const first = corners.reduce(
    (best, [x, y], i) =>
      y < corners[best][1] || (y === corners[best][1] && x < corners[best][0]) ? i : best,
    0,
  );
  return [...corners.slice(first), ...corners.slice(0, first)].flat();
}

const refused = (domain: unknown, inputs: number, kind: typeof RangeError | typeof TypeError, text: RegExp) =>
  assert.throws(
    () => checkDomain(domain as PlaneDomain, inputs),
    (error: Error) => error instanceof kind && text.test(error.message),
  );

test("a box is its four corners, anticlockwise", () => {
  assert.equal([...checkDomain({ lo: [-1, 2], hi: [3, 5] }, 2).polygon], [-1, 2, 3, 2, 3, 5, -1, 5]);
  assert.is(checkDomain({ lo: [-1, 2], hi: [3, 5] }, 2).plane, undefined);
  refused({ lo: [0, 0], hi: [0, 1] }, 2, RangeError, /lo\[0\] = 0 is not below hi\[0\] = 0/);
  refused({ lo: [0, 2], hi: [1, 1] }, 2, RangeError, /lo\[1\] = 2 is not below hi\[1\] = 1/);
  refused({ lo: [0, 1], hi: [1, 1] }, 2, RangeError, /lo\[1\] = 1 is not below hi\[1\] = 1/);
});

test("numbers of up to 1e60 are taken", () => {
  assert.ok(checkDomain({ lo: [-1e60, 0], hi: [1e60, 1] }, 2));
  refused({ lo: [-1.1e60, 0], hi: [1, 1] }, 2, RangeError, /domain\.lo\[0\] is -1\.1e\+60: at most 1e60/);
  refused({ lo: [0, 0, 0], hi: [1, 1] }, 2, RangeError, /domain\.lo has 3 numbers, but 2/);
  refused({ lo: [0, 0], hi: [Infinity, 1] }, 2, RangeError, /hi\[0\] is Infinity: it must be a finite/);
  refused({ lo: { length: "2" }, hi: [1, 1] }, 2, TypeError, /domain\.lo must be an array of numbers/);
  refused({ lo: "ab", hi: [1, 1] }, 2, TypeError, /domain\.lo must be an array of numbers, but is ab/);
  refused({ lo: undefined, hi: [1, 1] }, 2, TypeError, /domain\.lo must be an array of numbers/);
});

test("polygons are turned anticlockwise, and lose repeated and straight corners", () => {
  const triangle = [0, 0, 4, 0, 0, 4];
  assert.equal(polygonOf(triangle), triangle);
  assert.equal(turned(polygonOf([0, 0, 0, 4, 4, 0])), triangle, "clockwise");
  assert.equal(turned(polygonOf([0, 0, 0, 0, 4, 0, 0, 4])), triangle, "one twice at the beginning");
  assert.equal(turned(polygonOf([0, 0, 4, 0, 0, 4, 0, 0])), triangle, "and at the end");
  assert.equal(turned(polygonOf([0, 0, 4, 0, 4, 0, 4, 0, 0, 4, 0, 4])), triangle);
  assert.equal(turned(polygonOf([2, 0, 4, 0, 0, 4])), [2, 0, 4, 0, 0, 4]);
  assert.equal(turned(polygonOf([2, 0, 4, 0, 2, 2, 0, 4, 0, 1, 0, 0])), triangle, "in the middle of sides");
  assert.equal(
    turned(polygonOf([0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 3, 1, 2, 2, 0, 4])),
    triangle,
    "several on a side",
  );
  assert.equal(turned(polygonOf([0, 0, 4, 0, 5, 0, 4, 0, 0, 4])), triangle, "a spike out and back");
  assert.equal(
    turned(polygonOf([0, 0, 2, 0, 2, -1, 2, 0, 4, 0, 0, 4])),
    triangle,
    "a spike from the middle of a side",
  );
  // A different x or a different y makes a different corner.
  assert.equal(polygonOf([0, 0, 1, 0, 1, 1, 0, 1]), [0, 0, 1, 0, 1, 1, 0, 1]);
  // Not straight by one ulp.
  const bent = [0, 0, 0.5, -(2 ** -54), 1, 0, 0.5, 1];
  assert.equal(polygonOf(bent), bent);
});

test("polygons without area, dents or with two rounds are refused", () => {
  refused({ polygon: [] }, 2, RangeError, /domain\.polygon is empty: 0 corners/);
  refused({ polygon: [1, 1] }, 2, RangeError, /is empty: 1 corners/);
  refused({ polygon: [1, 1, 1, 1, 1, 1] }, 2, RangeError, /is empty: 3 corners/);
  refused({ polygon: [0, 0, 1, 1] }, 2, RangeError, /is empty: 2 corners/);
  refused({ polygon: [0, 0, 1, 1, 2, 2, 3, 3] }, 2, RangeError, /is empty: 4 corners/);
  refused({ polygon: [0, 0, 1] }, 2, RangeError, /has 3 numbers: x, y/);
  refused({ polygon: [0, 0, 4, 0, 1, 1, 0, 4] }, 2, RangeError, /not convex at corner 2 \(1, 1\)/);
  refused({ polygon: [0, 0, 0, 4, 1, 1, 4, 0] }, 2, RangeError, /not convex at corner 2 \(1, 1\)/);
  refused({ polygon: [0, 0, 2, 2, 2, 0, 0, 2] }, 2, RangeError, /not convex at corner/);
  // Twice round a square, and a star of seven points, turn one way only.
  refused({ polygon: [0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1] }, 2, RangeError, /crosses itself/);
  for (const step of [2, 3]) {
    const star = Array.from({ length: 7 }, (_, k) => {
      const angle = (2 * Math.PI * step * k) / 7;
      return [Math.cos(angle), Math.sin(angle)];
    });
    refused({ polygon: star.flat() }, 2, RangeError, /crosses itself/);
    refused({ polygon: star.reverse().flat() }, 2, RangeError, /crosses itself/);
  }
  const round = Array.from({ length: 7 }, (_, k) => [Math.cos(k), Math.sin(k)]).flat();
  assert.is(polygonOf(round).length, 14, "not quite a round, and convex");
});

test("a plane needs two directions that span it, and a part of it", () => {
  const bounds = { lo: [-1, -1], hi: [1, 1] };
  const slice = (u: number[], v: number[]) => ({
    origin: u.map((_, i) => i),
    directions: [u, v] as [number[], number[]],
    bounds,
  });
  const found = checkDomain(slice([1, 0, 0], [0, 0, 2]), 3);
  assert.equal([...found.polygon], [-1, -1, 1, -1, 1, 1, -1, 1]);
  assert.equal(
    [[...found.plane!.origin], [...found.plane!.u], [...found.plane!.v]],
    inRows(3, [0, 1, 2, 1, 0, 0, 0, 0, 2]),
  );
  const parallel = (u: number[], v: number[]) =>
    refused(slice(u, v), u.length, RangeError, /parallel \(or zero\)/);
  parallel([0, 0, 0], [1, 2, 3]);
  parallel([1, 2, 3], [0, 0, 0]);
  parallel([0, 2, 4], [0, 0.5, 1]);
  parallel([0, 2, 4], [-0, -3, -6]);
  parallel([0.1, 0.3], [0.2, 0.6]);
  parallel([1, 0], [3, 0]);
  for (const [u, v] of [
    inRows(3, [0, 2, 4, 1, 0.5, 1]),
    inRows(3, [0, 2, 4, 0, 0.5, 2]),
    inRows(2, [0.1, 0.3, 0.2, 0.6 + 2 ** -52]),
    inRows(2, [1, 0, 0, 1]),
    inRows(2, [1, 1, 1, -1]),
  ])
    assert.ok(checkDomain(slice(u, v), u.length), `${u} and ${v}`);
  refused(
    {
      ...slice([1, 0], [0, 1]),
      directions: [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
    },
    2,
    TypeError,
    /must hold two vectors/,
  );
  refused(
    {
      ...slice([1, 0], [0, 1]),
      directions: [
        [1, 0],
        [0, 1, 2],
      ],
    },
    2,
    RangeError,
    /directions\[1\] has 3 numbers/,
  );
  const polygon = { ...slice([1, 0, 0], [0, 0, 2]), bounds: undefined, polygon: [0, 0, 0, 1, 1, 0] };
  assert.equal(turned([...checkDomain(polygon, 3).polygon]), [0, 0, 1, 0, 0, 1]);
  refused({ ...polygon, polygon: [0, 0, 1, 1] }, 3, RangeError, /domain\.polygon is empty/);
  refused({ ...polygon, polygon: undefined }, 3, TypeError, /needs either bounds or a polygon/);
});

test("what is no domain is refused", () => {
  for (const domain of [undefined, null, 3, "box"])
    refused(domain, 2, TypeError, /must be an object with lo/);
  refused({ hi: [1, 1] }, 2, TypeError, /must have lo and hi/);
  refused({ polygon: [0, 0, 1, 0, 0, 1] }, 3, RangeError, /takes 3 inputs: give a plane/);
  refused({ lo: [0], hi: [1] }, 1, RangeError, /takes 1 inputs/);
});

test.run();
