// What decides, in doubles alone, that the maps on the two sides of an edge differ: a jump above the bound is seen, one
// below it is left to exact arithmetic. Here exact arithmetic says "equal" throughout (all patterns are), so regions stay
// apart only where the doubles decide.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";
import { checkDomain } from "../../../../packages/relu-lab/src/regions/plane/domain";
import { mergeLinearRegions } from "../../../../packages/relu-lab/src/regions/plane/linear";
import { planOf } from "../../../../packages/relu-lab/src/regions/plan/plan";
import { inRows } from "../../../rows";

type Point = readonly [number, number];

interface Cell {
  corners: Point[];
  /** Three numbers an output. */
  map: number[];
  /** One an output. */
  errors: number[];
}

const plan = planOf(
  network.ReluNetwork.of([
    { W: [[1, 2]], b: [1], activation: "relu" },
    { W: [[3]], b: [1], activation: "linear" },
  ]),
);
const box = (lo: Point, hi: Point) => checkDomain({ lo: [...lo], hi: [...hi] }, 2);
const wide = box([-8, -8], [8, 8]);

/** Cells as an enumeration lays them out; edges that run between the same points in opposite directions are twins. */
function layOut(cells: Cell[]) {
  const offsets = [0];
  for (const { corners } of cells) offsets.push(offsets[offsets.length - 1] + corners.length);
  const edges = cells.flatMap(({ corners }, region) =>
    corners.map((p, i) => ({ region, from: p.join(), to: corners[(i + 1) % corners.length].join() })),
  );
  const outputs = cells[0].errors.length;
  return {
    count: cells.length,
    vertices: Float64Array.from(cells.flatMap(({ corners }) => corners.flat())),
    offsets: Uint32Array.from(offsets),
    twins: Int32Array.from(edges, (e) => edges.findIndex((o) => o.from === e.to && o.to === e.from)),
    regionsOfEdges: Uint32Array.from(edges, ({ region }) => region),
    patterns: new Uint32Array(cells.length),
    patternWords: 1,
    maps: Float64Array.from(cells.flatMap(({ map }) => map)),
    mapErrors: Float64Array.from(cells.flatMap(({ errors }) => errors)),
    outputs,
    areas: new Float64Array(cells.length).fill(1),
  };
}

/** Whether the doubles decide that the cells on the two sides of `edge`, given by its ends, differ. */
function decides(cells: Cell[], [p, q]: readonly [Point, Point], domain = wide): boolean {
  const found = layOut(cells);
  const e = found.twins.findIndex((twin, i) => {
    const { corners } = cells[found.regionsOfEdges[i]];
    const at = i - found.offsets[found.regionsOfEdges[i]];
    return twin >= 0 && corners[at] === p && corners[(at + 1) % corners.length] === q;
  });
  const { linearRegions } = mergeLinearRegions(plan, domain, found, [e]);
  return linearRegions === cells.length;
}

const area = (a: Point, b: Point, c: Point) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
/** The sum of the sizes of the barycentric coordinates of v in the triangle p q w. */
const spreadOf = (p: Point, q: Point, v: Point, w: Point) =>
  (Math.abs(area(v, q, w)) + Math.abs(area(p, v, w)) + Math.abs(area(p, q, v))) / Math.abs(area(p, q, w));
const rotated = <T>(list: T[], by: number) => [...list.slice(by), ...list.slice(0, by)];

/** Two triangles v and w on the two sides of the edge p q, their corners in every cyclic order. */
function* triangles(r: random.Generator, n: number) {
  const point = (): Point => [r.integer(15) - 7, r.integer(15) - 7];
  for (let i = 0; i < n;) {
    const [p, q, v, w] = [point(), point(), point(), point()];
    if (!(area(p, q, v) > 0 && area(p, q, w) < 0)) continue;
    yield { p, q, v, w, first: rotated([p, q, v], i % 3), second: rotated([q, p, w], (i >> 1) % 3) };
    i++;
  }
}

test("a jump is decided above four times the errors there, those of the second map as far as they grow", () => {
  const r = random.generator("jumps");
  const spreads: number[] = [];
  for (const { p, q, v, w, first, second } of triangles(r, 150)) {
    const spread = spreadOf(p, q, v, w);
    spreads.push(spread);
    const errors = [
      [1, 0],
      [0, 1],
      [1, 1],
      [1, 8],
    ][r.integer(4)];
    const least = 4 * (errors[0] + spread * errors[1]);
    // The second map is any integer one, the first is it plus a map that is `jump` at v.
    const [a, b, c] = [r.integer(9) - 4, r.integer(9) - 4, r.integer(9) - 4];
    const [da, db] = [r.integer(9) - 4, r.integer(9) - 4];
    const cells = (jump: number): Cell[] => [
      {
        corners: first,
        map: [a + da, b + db, c + jump - da * v[0] - db * v[1]],
        errors: [errors[0]],
      },
      { corners: second, map: [a, b, c], errors: [errors[1]] },
    ];
    for (const side of [1, -1]) {
      const name = `${[p, q, v, w].join(" ")}, errors ${errors}`;
      assert.is(decides(cells(side * least * 0.999), [p, q]), false, `${name}: below`);
      assert.is(decides(cells(side * least * 1.001), [p, q]), true, `${name}: above`);
    }
  }
  assert.ok(Math.max(...spreads) > 10 && Math.min(...spreads) < 2, "near and far extrapolations were seen");
});

test("the jump is measured at the first region's farthest corner, extrapolated from the second's", () => {
  // Along y = 0 from (0, 0) to (2, 0), or the same turned by a quarter.
  for (const turn of [([x, y]: Point): Point => [x, y], ([x, y]: Point): Point => [-y, x]]) {
    const [p, q] = (
      [
        [0, 0],
        [2, 0],
      ] as Point[]
    ).map(turn);
    const normal = turn([0, 1]);
    for (let top = 0; top < 3; top++) {
      // Heights above the edge; the first region's largest is 6, the second's largest depth is 4.
      const first = (
        [
          [3, 2],
          [2, 1],
          [-1, 1],
        ] as Point[]
      ).map(([x, y], i): Point => turn([x, i === top ? 6 : y]));
      const second = (
        [
          [-1, -1],
          [0, -2],
          [3, -1],
        ] as Point[]
      ).map(([x, y], i): Point => turn([x, i === top ? -4 : y]));
      for (let by = 0; by < 5; by++) {
        // A crease along the edge: the maps differ by `slope` times the height.
        const cells = (slope: number, errors: number[]): Cell[] => [
          {
            corners: rotated([p, q, ...first], by),
            map: [slope * normal[0], slope * normal[1], 0],
            errors: [errors[0]],
          },
          { corners: rotated([q, p, ...second], (2 * by) % 5), map: [0, 0, 0], errors: [errors[1]] },
        ];
        const name = `corner ${top}, rotated by ${by}`;
        assert.is(decides(cells(0.99 * (4 / 6), [1, 0]), [p, q]), false, name);
        assert.is(decides(cells(1.01 * (4 / 6), [1, 0]), [p, q]), true, name);
        const spread = spreadOf(p, q, first[top], second[top]);
        assert.is(decides(cells(0.99 * ((4 * spread) / 6), [0, 1]), [p, q]), false, name);
        assert.is(decides(cells(1.01 * ((4 * spread) / 6), [0, 1]), [p, q]), true, name);
      }
    }
  }
});

test("corners equally far from the edge: the first of them counts", () => {
  const [p, q, v1, v2, w]: Point[] = inRows(2, [0, 0, 4, 0, 4, 3, 0, 3, 0, -3]);
  // The jump is 1 at v1, 9 at v2.
  const cells: Cell[] = [
    { corners: [p, q, v1, v2], map: [-2, 0, 9], errors: [1] },
    { corners: [q, p, w], map: [0, 0, 0], errors: [0] },
  ];
  assert.is(decides(cells, [p, q]), false);
  assert.is(decides([{ ...cells[0], corners: [v2, p, q, v1] }, cells[1]], [p, q]), true);
});

test("rounding of the values themselves counts in full: six terms, 1e-14 of their sizes", () => {
  const [p, q]: Point[] = inRows(2, [0, 0, 3, 1]);
  const [v, w]: Point[] = inRows(2, [5, 7, 4, -6]);
  const big = 2 ** 30;
  /** Two maps whose difference is `jump` at v, all of it in the first map's constant unless that is large. */
  const pairs: Record<string, (jump: number) => [number[], number[], number]> = {
    "both gradients by x": (jump) => [[big, 0, jump], [big, 0, 0], 2 * big * 5],
    "both gradients by y": (jump) => [[0, big, jump], [0, big, 0], 2 * big * 7],
    "both constants": (jump) => [[jump / 5, 0, big], [0, 0, big], 2 * big],
    "both constants, the second map's gradient": (jump) => [[0, 0, big], [0, jump / 7, big], 2 * big],
    "the first gradient": (jump) => [[7 * big, -5 * big, jump], [0, 0, 0], 70 * big],
    "the second gradient": (jump) => [[0, 0, jump], [-7 * big, 5 * big, 0], 70 * big],
    "by x against the constant": (jump) => [[big, 0, -5 * big], [0, jump / 7, 0], 10 * big],
    "by y against the constant": (jump) => [[0, 0, 0], [jump / 5, -big, 7 * big], 14 * big],
  };
  for (const [name, make] of Object.entries(pairs)) {
    for (const [factor, expected] of [
      [0.99, false],
      [1.01, true],
      [-0.99, false],
      [-1.01, true],
    ] as const) {
      const size = make(0)[2];
      const [one, other] = make(factor * 1e-14 * size);
      const cells = [
        { corners: [p, q, v], map: one, errors: [0] },
        { corners: [q, p, w], map: other, errors: [0] },
      ];
      assert.is(decides(cells, [p, q]), expected, `${name}, ${factor} of the bound`);
    }
  }
});

test("any output may tell the maps apart, each with its own errors", () => {
  const [p, q, v, w]: Point[] = inRows(2, [0, 0, 1, 0, 0, 1, 0, -1]);
  const [far, near, alone]: Point[] = inRows(2, [5, 5, 6, 5, 5, 6]);
  const other = (map: number[]): Cell => ({ corners: [far, near, alone], map, errors: [0, 0, 0] });
  const zeros = new Array<number>(9).fill(0);
  for (let k = 0; k < 3; k++) {
    for (const [before, between, after] of [
      [1, 1, 1],
      [0, 0, 0],
      [2, 0, 1],
      [0, 1, 0],
    ]) {
      // All other regions have maps that would differ, in every output.
      const one = Array.from({ length: 9 }, (_, i) => 100 + i);
      const found = (jumpOf: number, errorOf: number): Cell[] => [
        ...Array.from({ length: before }, () => other(one)),
        {
          corners: [p, q, v],
          map: zeros.map((_, i) => (i === 3 * jumpOf + 2 ? 5 : 0)),
          errors: [0, 1, 2].map((i) => (i === errorOf ? 2 : 0)),
        },
        ...Array.from({ length: between }, () => other(one)),
        { corners: [q, p, w], map: zeros, errors: [0, 0, 0] },
        ...Array.from({ length: after }, () => other(one)),
      ];
      const name = `output ${k}, other regions ${[before, between, after]}`;
      assert.is(decides(found(k, (k + 1) % 3), [p, q]), true, `${name}: another output's error`);
      assert.is(decides(found(k, k), [p, q]), false, `${name}: its own error`);
      assert.is(decides(found(-1, -1), [p, q]), false, `${name}: no jump`);
    }
  }
});

test("edges and regions of at most 1e-9 of the domain are left to exact arithmetic", () => {
  /** An edge of this length from p and regions of these depths on its sides, with a jump of 1 and no errors. */
  const cells = (p: Point, length: number, up: number, down: number): [Cell[], [Point, Point]] => {
    const [q, v, w]: Point[] = inRows(2, [p[0] + length, p[1], p[0], p[1] + up, p[0], p[1] - down]);
    return [
      [
        { corners: [p, q, v], map: [0, 0, 1], errors: [0] },
        { corners: [q, p, w], map: [0, 0, 0], errors: [0] },
      ],
      [p, q],
    ];
  };
  const at = (domain: typeof wide, p: Point, ...sizes: [number, number, number]) => {
    const [both, edge] = cells(p, ...sizes);
    return decides(both, edge, domain);
  };
  const [exact, above, below] = [1e-9, 1.001e-9, 0.999e-9];
  // The larger side of the domain counts, wherever it lies.
  for (const [lo, hi, size] of [
    [[0, 0], [1, 1], 1],
    [[-0.25, -0.5], [0.25, 0.5], 1],
    [[-1, -0.125], [0, 0], 1],
    [[-2, -512], [2, 512], 1024],
    [[-512, -2], [512, 2], 1024],
    [[-(2 ** -11), 0], [2 ** -11, 2 ** -12], 2 ** -10],
  ] as [Point, Point, number][]) {
    const domain = box(lo, hi);
    const p: Point = [0, 0];
    for (let which = 0; which < 3; which++) {
      const sizes = (small: number) =>
        [0, 1, 2].map((i) => (i === which ? small : 0.1) * size) as [number, number, number];
      const name = `box ${lo} to ${hi}, ${["edge", "above", "below"][which]}`;
      assert.is(at(domain, p, ...sizes(below)), false, name);
      assert.is(at(domain, p, ...sizes(exact)), false, `${name}, of exactly that size`);
      assert.is(at(domain, p, ...sizes(above)), true, name);
    }
  }
  // Far from the origin: its distance does not count.
  const far = box([16384, -8192], [16385, -8191.5]);
  assert.is(at(far, [16384, -8192], 2 ** -20, 2 ** -20, 2 ** -20), true);
  // The depth is a length: it does not shrink with the edge, nor grow with it.
  assert.is(at(box([0, 0], [1024, 1024]), [0, 0], 2 ** -14, 2 ** -12, 2 ** -12), true);
  assert.is(at(box([0, 0], [1024, 1024]), [0, 0], 512, 2 ** -24, 2 ** -12), false);
  assert.is(at(box([0, 0], [1024, 1024]), [0, 0], 512, 2 ** -12, 2 ** -24), false);
});

test("regions merge along chains and rings of equal maps; the smallest number names them", () => {
  const centre: Point = [0, 0];
  const rim = Array.from({ length: 6 }, (_, i): Point => [
    Math.round(4 * Math.cos((i * Math.PI) / 3)),
    Math.round(4 * Math.sin((i * Math.PI) / 3)),
  ]);
  const slice = (i: number, c: number): Cell => ({
    corners: [centre, rim[i], rim[(i + 1) % 6]],
    map: [0, 0, c],
    errors: [0],
  });
  /** Spokes between slices i and i + 1 (the last is the first's first edge). */
  const merged = (constants: number[], spokes: number[]) => {
    const cells = constants.map((c, i) => slice(i, c));
    const found = layOut(cells);
    const edges = spokes.map((i) => 3 * i + 2);
    const { linearRegion, linearRegions, countDistinctMaps } = mergeLinearRegions(plan, wide, found, edges);
    return { labels: [...linearRegion], linearRegions, distinct: countDistinctMaps() };
  };
  assert.equal(merged([0, 0, 0, 0, 0, 0], []).labels, [0, 1, 2, 3, 4, 5]);
  assert.equal(merged([0, 0, 0, 0, 0, 0], [0, 1, 2, 3, 4, 5]), {
    labels: [0, 0, 0, 0, 0, 0],
    linearRegions: 1,
    distinct: 1,
  });
  assert.equal(merged([0, 0, 9, 9, 0, 0], [0, 1, 2, 3, 4, 5]), {
    labels: [0, 0, 1, 1, 0, 0],
    linearRegions: 2,
    distinct: 2,
  });
  assert.equal(merged([0, 0, 9, 0, 0, 9], [0, 1, 2, 3, 4, 5]), {
    labels: [0, 0, 1, 2, 2, 3],
    linearRegions: 4,
    distinct: 2,
  });
  assert.equal(merged([0, 0, 0, 0, 0, 0], [4, 2]).labels, [0, 1, 2, 2, 3, 3]);
});

test("patterns are compared only where the doubles do not decide, and once the regions are one no more", () => {
  const [p, q, v, w]: Point[] = inRows(2, [0, 0, 1, 0, 0, 1, 0, -1]);
  const read = (jump: number, edges: (found: ReturnType<typeof layOut>) => number[]) => {
    const found = layOut([
      { corners: [p, q, v], map: [0, 0, jump], errors: [0] },
      { corners: [q, p, w], map: [0, 0, 0], errors: [0] },
    ]);
    let reads = 0;
    const patterns = new Proxy([] as number[], { get: () => (reads++, 0) }) as unknown as Uint32Array;
    mergeLinearRegions(plan, wide, { ...found, patterns }, edges(found));
    return reads;
  };
  assert.is(
    read(1, () => [0]),
    0,
  );
  const once = read(0, () => [0]);
  assert.ok(once > 0);
  assert.is(
    read(0, ({ twins }) => [0, twins[0], 0]),
    once,
  );
});

test.run();
