// The number of different maps: only pairs whose values may be equal at three corners of the domain, up to their errors,
// are compared exactly. The exact comparison is a stand-in here that notes what it is asked.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import { countDistinct } from "../../../../packages/relu-lab/src/regions/plane/distinct";
import type { MergeInput } from "../../../../packages/relu-lab/src/regions/plane/types";
import { inRows } from "../../../rows";

type Point = readonly [number, number];

interface Region {
  corners: Point[];
  /** Three numbers an output. */
  map: number[];
  errors: number[];
  area?: number;
  /** Its linear region; its own number when not given. */
  linear?: number;
}

const domain: Point[] = inRows(2, [-4, -8, 12, -2, 2, 16, -9, 9]);

/** The count, and the pairs that had to be compared exactly: every pair whose maps are equal, when `answer` is not given. */
function count(
  regions: Region[],
  { answer, polygon = domain }: { answer?: boolean; polygon?: Point[] } = {},
): { distinct: number; asked: string[] } {
  const offsets = [0];
  for (const { corners } of regions) offsets.push(offsets[offsets.length - 1] + corners.length);
  const linearRegion = Uint32Array.from(regions, ({ linear }, r) => linear ?? r);
  const found = {
    count: regions.length,
    vertices: Float64Array.from(regions.flatMap(({ corners }) => corners.flat())),
    offsets: Uint32Array.from(offsets),
    areas: Float64Array.from(regions, ({ area }) => area ?? 1),
    maps: Float64Array.from(regions.flatMap(({ map }) => map)),
    mapErrors: Float64Array.from(regions.flatMap(({ errors }) => errors)),
    outputs: regions[0]?.errors.length ?? 1,
  } as unknown as MergeInput;
  const asked: string[] = [];
  const equal = (i: number, j: number): boolean => {
    asked.push(`${i},${j}`);
    return answer ?? regions[i].map.join() === regions[j].map.join();
  };
  const linearRegions = Math.max(-1, ...linearRegion) + 1;
  const polygonOf = Float64Array.from(polygon.flat());
  const distinct = countDistinct(found, linearRegion, linearRegions, polygonOf, { equal });
  return { distinct, asked };
}

const cross = (a: Point, b: Point, c: Point) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
/** The sum of the sizes of the barycentric coordinates of a point in a triangle. */
const spreadOf = ([a, b, c]: readonly Point[], p: Point) =>
  (Math.abs(cross(p, b, c)) + Math.abs(cross(a, p, c)) + Math.abs(cross(a, b, p))) / Math.abs(cross(a, b, c));
/** The affine map with these values at the domain's first three corners. */
function through(values: readonly number[]): number[] {
  const [p, q, r] = domain;
  const det = cross(p, q, r);
  const [d1, d2] = [values[1] - values[0], values[2] - values[0]];
  const a = (d1 * (r[1] - p[1]) - d2 * (q[1] - p[1])) / det;
  const b = (d2 * (q[0] - p[0]) - d1 * (r[0] - p[0])) / det;
  return [a, b, values[0] - a * p[0] - b * p[1]];
}

const unit: Point[] = inRows(2, [0, 0, 1, 0, 0, 1]);

/**
 * Whether the maps of two regions are told apart without exact arithmetic when they differ by `jump` at one corner of the
 * domain and by nothing at the other two.
 */
function apart(corners: Point[], error: number, at: number, jump: number, last = false): boolean {
  const exact: Region = { corners: unit, map: [0, 0, 0], errors: [0] };
  const doubtful: Region = {
    corners,
    map: through([0, 1, 2].map((p) => (p === at ? jump : 0))),
    errors: [error],
  };
  // Regions far away before and after, with maps of their own.
  const far = (x: number): Region => ({
    corners: inRows(2, [x, x, x + 900, x, x, x + 900]),
    map: [0, 0, 1e9 * x],
    errors: [0],
  });
  const regions = last ? [far(500), exact, doubtful] : [doubtful, far(500), exact, far(-500)];
  const { asked } = count(regions);
  assert.ok(asked.length <= 1);
  return asked.length === 0;
}

test("maps are told apart above four times the error, as far as it grows to a corner of the domain", () => {
  const r = random.generator("triangles");
  const point = (): Point => [r.integer(13) - 6, r.integer(13) - 6];
  const spreads: number[] = [];
  for (let trial = 0; trial < 80;) {
    const corners = [point(), point(), point()];
    if (cross(corners[0], corners[1], corners[2]) === 0) continue;
    trial++;
    for (let at = 0; at < 3; at++) {
      const spread = spreadOf(corners, domain[at]);
      spreads.push(spread);
      const error = 2 ** (r.integer(20) - 10);
      const bound = 4 * spread * error;
      for (const side of [1, -1]) {
        const name = `${corners.join(" ")}, corner ${at}, error ${error}`;
        assert.is(apart(corners, error, at, side * 0.999 * bound, trial % 2 === 0), false, `${name}: below`);
        assert.is(apart(corners, error, at, side * 1.001 * bound, trial % 2 === 0), true, `${name}: above`);
      }
    }
  }
  assert.ok(Math.max(...spreads) > 20 && Math.min(...spreads) < 3, "near and far extrapolations were seen");
});

test("the error grows from a large triangle of the region's corners", () => {
  // The first corner, the one farthest from it, and the one farthest from the line of both; the others are nearer.
  const shapes: [Point[], number[]][] = [
    [inRows(2, [0, 0, 1, -0.5, 6, 0, 3, 3, 1, 1]), [0, 2, 3]],
    [inRows(2, [0, 0, 3, -3, 6, 0, 4, 1, 1, 1]), [0, 2, 1]],
    [inRows(2, [2, 3, -3, 3, -4, 2.5, -4, 2, 1, -1]), [0, 3, 4]],
    [inRows(2, [0, 0, 1, 0, 2, 2, 2, 5, -1, 3]), [0, 3, 4]],
    [inRows(2, [-2, -1, 0, -3, 1, -2, 1.5, 0, -1, 2]), [0, 3, 4]],
    [inRows(2, [5, 5, 4.5, 5.5, 4, 5, 4.25, 4, 4.75, 4.25]), [0, 3, 2]],
  ];
  for (const [corners, triangle] of shapes) {
    const [a, b] = [corners[0], corners[triangle[1]]];
    const distance = (c: Point) => Math.hypot(c[0] - a[0], c[1] - a[1]);
    assert.ok(corners.every((c) => distance(c) <= distance(b)));
    assert.ok(corners.every((c) => Math.abs(cross(a, b, c)) <= Math.abs(cross(a, b, corners[triangle[2]]))));
    for (let at = 0; at < 3; at++) {
      const bound =
        4 *
        spreadOf(
          triangle.map((i) => corners[i]),
          domain[at],
        );
      for (const last of [false, true]) {
        assert.is(apart(corners, 1, at, 0.999 * bound, last), false, `${corners.join(" ")}, corner ${at}`);
        assert.is(apart(corners, 1, at, 1.001 * bound, last), true, `${corners.join(" ")}, corner ${at}`);
      }
    }
  }
});

test("rounding of the values counts: 1e-14 of the sizes of a map's terms", () => {
  const big = 2 ** 30;
  const [x, y] = [8, 2];
  // One map cancels to nothing at (8, 2), the other is nothing but the jump.
  const polygon: Point[] = inRows(2, [x, y, x + 1, y, x, y + 1]);
  const told = (map: number[], jump: number, at: Point[]): boolean => {
    const regions = [
      { corners: unit, map, errors: [0] },
      { corners: unit, map: [map[0] + jump, map[1], map[2]], errors: [0] },
    ];
    return count(regions, { polygon: at }).asked.length === 0;
  };
  for (const [map, size] of [
    [[big, -4 * big, 0], 16 * big],
    [[-big, 0, 8 * big], 16 * big],
    [[0, 4 * big, -8 * big], 16 * big],
    [[big, 0, 0], 8 * big],
    [[0, big, 0], 2 * big],
    [[0, 0, big], big],
  ] as const) {
    // All three corners are that one, so that no other tells the maps apart. Both have the error.
    const at = [polygon[0], polygon[0], polygon[0]];
    for (const side of [1, -1]) {
      const bound = (side * 2 * 1e-14 * size) / x;
      assert.is(told([...map], 0.98 * bound, at), false, `${map}`);
      assert.is(told([...map], 1.02 * bound, at), true, `${map}`);
    }
  }
});

test("any value tells two maps apart: every output, every corner, on either side", () => {
  const zeros = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let k = 0; k < 3; k++)
    for (let at = 0; at < 3; at++)
      for (const jump of [1, -1]) {
        const map = zeros.slice();
        map.splice(3 * k, 3, ...through([0, 1, 2].map((p) => (p === at ? 64 * jump : 0))));
        const of = (errors: number[]) =>
          count([
            { corners: unit, map: zeros, errors: [0, 0, 0] },
            { corners: unit, map, errors },
            { corners: unit, map: zeros.map((_, i) => 1e6 + i), errors: [0, 0, 0] },
          ]);
        const others = [0, 1, 2].map((i) => (i === k ? 0 : 1e4));
        assert.equal(of(others), { distinct: 3, asked: [] }, `output ${k}, corner ${at}`);
        const own = of([0, 1, 2].map((i) => (i === k ? 1e4 : 0)));
        assert.equal(own.distinct, 3);
        assert.is(own.asked.length, 1, `output ${k}, corner ${at}`);
      }
});

test("equal maps count once, however many regions have them and in whichever order", () => {
  const r = random.generator("families");
  for (let trial = 0; trial < 30; trial++) {
    const outputs = 1 + r.integer(3);
    const maps = Array.from({ length: 1 + r.integer(4) }, () =>
      Array.from({ length: 3 * outputs }, () => r.integer(3) - 1),
    );
    const regions = Array.from({ length: r.integer(12) }, () => ({
      corners: unit,
      map: maps[r.integer(maps.length)],
      errors: Array.from({ length: outputs }, () => [0, 1e-9, 0.05][r.integer(3)]),
    }));
    const { distinct } = count(regions);
    assert.is(distinct, new Set(regions.map(({ map }) => map.join())).size, `trial ${trial}`);
  }
});

test("a map without errors meets itself at the limit of its window", () => {
  const zero = { corners: unit, map: [0, 0, 0], errors: [0] };
  assert.equal(count([zero, zero, zero]), { distinct: 1, asked: ["0,1", "0,2"] });
  assert.equal(count([zero, zero, zero], { answer: false }).distinct, 3);
});

test("without regions, or without outputs, there are no maps", () => {
  assert.equal(count([]), { distinct: 0, asked: [] });
  const none = { corners: unit, map: [], errors: [] };
  assert.equal(count([none, none]), { distinct: 0, asked: [] });
});

test("a map of unknown error may equal any other", () => {
  for (const error of [Infinity, NaN]) {
    const unknown = { corners: unit, map: [0, 0, 0], errors: [error] };
    const known = (c: number) => ({ corners: unit, map: [0, 0, c], errors: [0] });
    for (const regions of [
      [known(-5), unknown, known(1e9)],
      [unknown, known(-5), known(1e9)],
      [known(-5), known(1e9), unknown],
    ]) {
      const { distinct, asked } = count(regions);
      assert.is(distinct, 3);
      assert.is(asked.length, 2, "with each of the others");
    }
  }
});

test("each linear region is known by its largest region, the first of them where they are equally large", () => {
  const region = (linear: number, area: number, c: number): Region => ({
    corners: unit,
    map: [0, 0, c],
    errors: [0],
    area,
    linear,
  });
  // Two linear regions; only their largest regions have equal maps.
  const regions = [region(0, 1, 10), region(1, 3, 7), region(0, 2, 7), region(1, 2, 20), region(0, 1.5, 30)];
  assert.equal(count(regions), { distinct: 1, asked: ["2,1"] });
  const ties = [region(0, 2, 7), region(0, 2, 8), region(1, 0, 7), region(1, 0, 6)];
  assert.equal(count(ties), { distinct: 1, asked: ["0,2"] });
});

test("corners in any order: the first of those equally far counts", () => {
  const r = random.generator("many corners");
  const point = (): Point => [r.integer(7) - 3, r.integer(7) - 3];
  let seen = 0;
  for (let trial = 0; trial < 60; trial++) {
    const corners = Array.from({ length: 4 + r.integer(3) }, point);
    const first = (sizes: number[]) => sizes.indexOf(Math.max(...sizes));
    const a = corners[0];
    const b = corners[first(corners.map((c) => (c[0] - a[0]) ** 2 + (c[1] - a[1]) ** 2))];
    const areas = corners.map((c) => Math.abs(cross(a, b, c)));
    if (Math.max(...areas) === 0) continue;
    seen++;
    const triangle = [a, b, corners[first(areas)]];
    const at = trial % 3;
    const bound = 4 * spreadOf(triangle, domain[at]);
    assert.is(apart(corners, 1, at, 0.999 * bound), false, `${corners.join(" ")}`);
    assert.is(apart(corners, 1, at, 1.001 * bound), true, `${corners.join(" ")}`);
  }
  assert.ok(seen > 40);
});

test("maps are met in the order of the value that spreads them widest", () => {
  // Regions 0 and 1 may be equal. Value v of the second output has region 2 far away; there 1 comes before 0.
  for (const unitOf of [1, 2 ** -30])
    for (let k = 0; k < 2; k++)
      for (let at = 0; at < 3; at++) {
        const map = (own: number, others: number) =>
          [0, 1].flatMap((output) =>
            through([0, 1, 2].map((p) => unitOf * (output === k && p === at ? own : others))),
          );
        const errors = [100 * unitOf, 100 * unitOf];
        const regions: Region[] = [
          { corners: unit, map: map(1, 0), errors },
          { corners: unit, map: map(0, 1), errors },
          { corners: unit, map: map(1e7, 1e6), errors },
        ];
        const name = `output ${k}, corner ${at}, unit ${unitOf}`;
        assert.equal(count(regions).asked, ["1,0"], name);
        // The same with the far region on the other side, and with one whose values are not known.
        regions[2].map = map(-1e7, -1e6);
        assert.equal(count(regions).asked, ["1,0"], name);
        const unknown = { corners: unit, map: map(0, 0), errors: [Infinity, Infinity] };
        assert.ok(count([...regions, unknown]).asked.includes("1,0"), name);
      }
  // Equally wide: the first value decides, and equal values keep the regions' order.
  const alike = [1, 0].map((c) => ({ corners: unit, map: [0, 0, c], errors: [50] }));
  assert.equal(count(alike).asked, ["1,0"]);
  const crossed = [0, 1].map((c) => ({ corners: unit, map: [0, 0, 1 - c, 0, 0, c], errors: [50, 50] }));
  assert.equal(count(crossed).asked, ["1,0"]);
  const same = [0, 0, 0].map(() => ({ corners: unit, map: [0, 0, 0], errors: [1] }));
  assert.equal(count(same, { answer: false }).asked, ["0,1", "0,2", "1,2"]);
});

test.run();
