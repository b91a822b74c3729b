import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { box } from "./compare";
import { inRows } from "../../../rows";

const { ReluNetwork, heNetwork } = network;
const { countPlaneSync, sliceSpace, spaceSync } = regions;

const sum = (values: Float64Array) => values.reduce((s, v) => s + v, 0);

test("a slice through space has the regions of the plane itself", () => {
  for (const [seed, sizes] of [
    [3, 14, 13, 1],
    [3, 8, 7, 6, 1],
    [3, 20, 1],
  ].entries()) {
    const net = heNetwork(sizes, random.generator(seed), 0.2);
    const found = spaceSync(net, box, { shapes: true });
    for (const plane of [
      {
        origin: [0, 0, 0.1],
        directions: [
          [1, 0, 0],
          [0, 1, 0],
        ],
      },
      {
        origin: [0.1, 0.05, 0],
        directions: [
          [0, 0, 1],
          [0.3, 1, 0.2],
        ],
      },
      {
        origin: [0, 0, 0.1],
        directions: [
          [1, 0, 0.3],
          [0, 1, -0.2],
        ],
      },
    ] as { origin: number[]; directions: [number[], number[]] }[]) {
      const slice = sliceSpace(found, plane);
      const [u, v] = plane.directions;
      // Corners in input space lie in the box, and every polygon's region is the one its middle lies in.
      const neurons = net.layers.slice(0, -1).reduce((s, layer) => s + layer.outputs, 0);
      for (let i = 0; i < slice.count; i++) {
        let [s, t] = [0, 0];
        const n = slice.offsets[i + 1] - slice.offsets[i];
        for (let k = slice.offsets[i]; k < slice.offsets[i + 1]; k++) {
          s += slice.vertices[2 * k] / n;
          t += slice.vertices[2 * k + 1] / n;
          assert.ok(slice.edgeNeurons[k] >= -6 && slice.edgeNeurons[k] < neurons);
        }
        if (slice.areas[i] < 1e-9) continue;
        const x = plane.origin.map((o, k) => o + s * u[k] + t * v[k]);
        const first = net.layers[0];
        for (let j = 0; j < first.outputs; j++) {
          const z = x.reduce((total, value, k) => total + first.weights[3 * j + k] * value, first.biases[j]);
          const on = (found.patterns[slice.regions[i] * found.patternWords + (j >> 5)] >> (j & 31)) & 1;
          assert.is(on, z > 0 ? 1 : 0);
        }
      }
      if (Math.abs(v[0]) < 0.1) {
        // The plane's own square stays within the box, and the box cuts nothing else from the plane.
        const bounds = { lo: [-1, -1], hi: [1, 1] };
        assert.is(slice.count, countPlaneSync(net, { ...plane, bounds }).regions);
        assert.ok(Math.abs(sum(slice.areas) - 4 * Math.hypot(1, u[2], v[2])) < 1e-12);
      }
    }
  }
});

test("a plane along a boundary is filled once", () => {
  const W = inRows(3, [0, 0, 1, 1, 0, 0, 0, 1, 0]);
  const net = ReluNetwork.of([{ W, b: [0, 0, 0.25], activation: "relu" }]);
  const found = spaceSync(net, box, { shapes: true });
  const slice = sliceSpace(found, {
    origin: [0, 0, 0],
    directions: [
      [1, 0, 0],
      [0, 1, 0],
    ],
  });
  assert.is(found.count, 8);
  assert.is(slice.count, 4);
  assert.equal([...slice.areas].sort(), [0.75, 0.75, 1.25, 1.25]);
  assert.equal([...slice.offsets], [0, 4, 8, 12, 16]);
});

test("a slice without shapes, or by no plane, is refused", () => {
  const net = heNetwork([3, 2, 1], random.generator(0));
  const found = spaceSync(net, box);
  const [x, y] = [
    [1, 0, 0],
    [0, 1, 0],
  ];
  assert.throws(() => sliceSpace(found, { origin: [0, 0, 0], directions: [x, y] }), /shapes: true/);
  const shaped = spaceSync(net, box, { shapes: true });
  assert.throws(() => sliceSpace(shaped, { origin: [0, 0, 0], directions: [x, [2, 0, 0]] }), /do not span/);
  assert.throws(
    () => sliceSpace(shaped, { origin: [0, 0], directions: [x, y] }),
    /plane\.origin is \[0, 0\]/,
  );
});

type Plane = { origin: number[]; directions: [number[], number[]] };

/** Planes a x + b y + c z + d = 0 as one hidden layer, and the box's regions with their polyhedra. */
function arrangement(planes: number[][], size = 1) {
  const W = planes.map((plane) => plane.slice(0, 3));
  const net = ReluNetwork.of([
    { W, b: planes.map((plane) => plane[3]), activation: "relu" },
    { W: [planes.map(() => 1)], b: [0], activation: "linear" },
  ]);
  const [lo, hi] = [
    [-size, -size, -size],
    [size, size, size],
  ];
  return spaceSync(net, { lo, hi }, { shapes: true });
}

const crossOf = ([a, b, c]: number[], [p, q, r]: number[]) => [b * r - c * q, c * p - a * r, a * q - b * p];

/** Each polygon's region, area, corners in input space, and what its edges lie on; that it turns anticlockwise is checked. */
function polygonsOf(slice: regions.SpaceSlice, { origin, directions: [u, v] }: Plane) {
  assert.is(slice.offsets.length, slice.count + 1);
  assert.equal([slice.areas.length, slice.regions.length], [slice.count, slice.count]);
  assert.equal(
    [slice.vertices.length, slice.edgeNeurons.length],
    [2 * slice.offsets[slice.count], slice.offsets[slice.count]],
  );
  return Array.from({ length: slice.count }, (_, i) => {
    const corners = Array.from({ length: slice.offsets[i + 1] - slice.offsets[i] }, (_v, k) => {
      const at = slice.offsets[i] + k;
      return { s: slice.vertices[2 * at], t: slice.vertices[2 * at + 1], facet: slice.edgeNeurons[at] };
    });
    let twice = 0;
    corners.forEach(({ s, t }, k) => {
      const [next, after] = [corners[(k + 1) % corners.length], corners[(k + 2) % corners.length]];
      twice += s * next.t - t * next.s;
      assert.ok(
        (next.s - s) * (after.t - next.t) - (next.t - t) * (after.s - next.s) > -1e-12,
        "convex, anticlockwise",
      );
    });
    const area = (twice / 2) * Math.hypot(...crossOf(u, v));
    assert.ok(Math.abs(area - slice.areas[i]) <= 1e-12 * area, `area ${area}, not ${slice.areas[i]}`);
    const points = corners.map(({ s, t }) => origin.map((o, k) => o + s * u[k] + t * v[k]));
    return {
      region: slice.regions[i],
      area: slice.areas[i],
      points,
      facets: corners.map(({ facet }) => facet),
    };
  });
}

/** That both ends of each edge lie on the facet it names: a face of the box, or where its neuron vanishes. */
function checkFacets(
  polygons: ReturnType<typeof polygonsOf>,
  valueAt: (neuron: number, x: number[]) => number,
) {
  for (const { points, facets } of polygons) {
    facets.forEach((facet, k) => {
      for (const x of [points[k], points[(k + 1) % points.length]]) {
        const face = -1 - facet;
        const value = facet < 0 ? x[face >> 1] - (face & 1 ? 1 : -1) : valueAt(facet, x);
        assert.ok(Math.abs(value) < 1e-12, `facet ${facet} at ${x}: ${value}`);
      }
    });
  }
}

test("four rectangles, in any directions of the same plane: corners, areas, neurons and faces along the edges", () => {
  const found = arrangement(inRows(4, [1, 0, 0, -0.25, 0, 1, 0, 0.5]));
  for (const directions of [
    [
      [1, 0, 0],
      [0, 1, 0],
    ],
    [
      [2, 0, 0],
      [0, 0.5, 0],
    ],
    [
      [1, 1, 0],
      [0, 1, 0],
    ],
    [
      [0, 1, 0],
      [1, 0, 0],
    ],
    [
      [-3, 1, 0],
      [2, 5, 0],
    ],
    [
      [1e3, 0, 0],
      [1e3, 1, 0],
    ],
    [
      [1e-3, 0, 0],
      [0, 1e3, 0],
    ],
    [
      [1e7, 0, 0],
      [0, 1e7, 0],
    ],
    [
      [1e7, 0, 0],
      [0, 1, 0],
    ],
  ] as [number[], number[]][]) {
    const plane = { origin: [0.125, -2, 0.5], directions };
    const polygons = polygonsOf(sliceSpace(found, plane), plane);
    checkFacets(polygons, (neuron, x) => (neuron === 0 ? x[0] - 0.25 : x[1] + 0.5));
    const round = (value: number) => Math.round(value * 1e9) / 1e9;
    const all = polygons.map(({ region, area, points }) => [
      found.patterns[region],
      round(area),
      points
        .map((x) => x.map(round).join(" "))
        .sort()
        .join(),
    ]);
    const rectangle = (xs: number[], ys: number[]) =>
      xs
        .flatMap((x) => ys.map((y) => `${x} ${y} 0.5`))
        .sort()
        .join();
    assert.equal(
      all.sort(([p], [q]) => Number(p) - Number(q)),
      [
        [0, 0.625, rectangle([-1, 0.25], [-1, -0.5])],
        [1, 0.375, rectangle([0.25, 1], [-1, -0.5])],
        [2, 1.875, rectangle([-1, 0.25], [-0.5, 1])],
        [3, 1.125, rectangle([0.25, 1], [-0.5, 1])],
      ],
    );
  }
});

test("sections of the cube: hexagon, triangles, a plane through corners and edges, and what only touches", () => {
  const cube = arrangement([[0, 0, 0, 1]]);
  const section = (origin: number[], u: number[], v: number[]) => {
    const plane: Plane = { origin, directions: [u, v] };
    const polygons = polygonsOf(sliceSpace(cube, plane), plane);
    checkFacets(polygons, () => NaN);
    return polygons.map(({ points, area, facets }) => [
      points.length,
      Math.round(area * 1e9) / 1e9,
      [...facets].sort().join(),
    ]);
  };
  const round = (value: number) => Math.round(value * 1e9) / 1e9;
  const [u, v] = [
    [1, -1, 0],
    [0, 1, -1],
  ];
  assert.equal(section([0, 0, 0], u, v), [[6, round(3 * Math.sqrt(3)), "-1,-2,-3,-4,-5,-6"]]);
  assert.equal(section([1, 1, 0], u, v), [[3, round(Math.sqrt(3) / 2), "-2,-4,-6"]]);
  assert.equal(
    section([1, 1, -1], u, v),
    [[3, round(2 * Math.sqrt(3)), "-2,-4,-6"]],
    "through three corners",
  );
  assert.equal(section([-1, -1, 1], v, u), [[3, round(2 * Math.sqrt(3)), "-1,-3,-5"]]);
  assert.equal(
    section([0, 0, 0], [1, -1, 0], [0, 0, 1]).map(([n, area]) => [n, area]),
    [[4, round(4 * Math.SQRT2)]],
    "through two edges",
  );
  assert.equal(section([1, 1, 1], u, v), [], "one corner");
  assert.equal(section([1, 1, 1], v, u), []);
  assert.equal(section([1, 1, 0], [1, -1, 0], [0, 0, 1]), [], "one edge");
  assert.equal(section([1, 1, 0], [0, 0, 1], [1, -1, 0]), []);
  assert.equal(section([0, 0, 2], [1, 0, 0], [0, 1, 0]), [], "above");
  assert.equal(section([0, 0, -2], [1, 0, 0], [0, 1, 0]), [], "below");
});

test("a plane along facets takes the regions behind it, by its normal u x v; close to them is along them", () => {
  for (const size of [1, 1e3, 1e-6]) {
    const found = arrangement([[0, 0, 1, 0]], size);
    const sides = (z: number, flip = false) => {
      const directions = flip
        ? [
            [0, 1, 0],
            [1, 0, 0],
          ]
        : [
            [1, 0, 0],
            [0, 1, 0],
          ];
      const plane = { origin: [0, 0, z * size], directions } as Plane;
      return polygonsOf(sliceSpace(found, plane), plane).map(({ region, area }) => [
        found.patterns[region],
        Math.round(area / size ** 2),
      ]);
    };
    const [lower, upper] = [[[0, 4]], [[1, 4]]];
    assert.equal([sides(0), sides(0, true)], [lower, upper], `size ${size}`);
    assert.equal([sides(1e-13), sides(1e-13, true)], [lower, upper]);
    assert.equal([sides(-1e-13), sides(-1e-13, true)], [lower, upper]);
    assert.equal([sides(1e-11), sides(1e-11, true)], [upper, upper]);
    assert.equal([sides(-1e-11), sides(-1e-11, true)], [lower, lower]);
    assert.equal([sides(1), sides(1, true)], [upper, []], "the box's highest face");
    assert.equal([sides(-1), sides(-1, true)], [[], lower], "and its lowest");
  }
});

test("of a network, the edges lie where their neurons vanish, and the polygons fill the square", () => {
  const net = heNetwork([3, 6, 5, 1], random.generator("facets"), 0.3);
  const found = spaceSync(net, box, { shapes: true });
  const valueAt = (neuron: number, x: number[]) => {
    const [first, second] = net.layers;
    const z = (layer: typeof first, h: number[], j: number) =>
      h.reduce((s, value, k) => s + layer.weights[j * layer.inputs + k] * value, layer.biases[j]);
    const below = Array.from({ length: 6 }, (_, j) => z(first, x, j));
    return neuron < 6
      ? below[neuron]
      : z(
          second,
          below.map((value) => Math.max(0, value)),
          neuron - 6,
        );
  };
  for (const [a, b] of inRows(2, [0, 0, 0.2, -0.3, -0.1, 0.4])) {
    const plane: Plane = {
      origin: [0, 0, 0.1],
      directions: [
        [1, 0, a],
        [0, 1, b],
      ],
    };
    const polygons = polygonsOf(sliceSpace(found, plane), plane);
    checkFacets(polygons, valueAt);
    const total = polygons.reduce((s, { area }) => s + area, 0);
    assert.ok(Math.abs(total - 4 * Math.hypot(1, a, b)) < 1e-12);
    assert.ok(polygons.length > 10);
  }
});

test("what is no plane is refused by the name of what is wrong", () => {
  const cube = arrangement([[1, 0, 0, 0]]);
  const refused = (plane: unknown, text: RegExp) =>
    assert.throws(
      () => sliceSpace(cube, plane as Plane),
      (error: Error) => error instanceof RangeError && text.test(error.message),
    );
  const [o, x, y] = inRows(3, [0, 0, 0, 1, 0, 0, 0, 1, 0]);
  refused({ origin: o }, /plane\.directions\[0\] is \[\]: 3 finite numbers/);
  refused({ origin: o, directions: [x] }, /plane\.directions\[1\] is \[\]/);
  refused({ origin: o, directions: [[1, NaN, 0], y] }, /plane\.directions\[0\] is \[1, NaN, 0\]/);
  refused({ origin: o, directions: [x, [0, 1, 0, 0]] }, /plane\.directions\[1\] is \[0, 1, 0, 0\]/);
  refused({ origin: o, directions: [x, [NaN, 1, 0]] }, /plane\.directions\[1\] is \[NaN, 1, 0\]/);
  refused({ directions: [x, y] }, /plane\.origin is \[\]/);
  refused({ origin: [0, 0, Infinity], directions: [x, y] }, /plane\.origin is \[0, 0, Infinity\]/);
  refused({ origin: o, directions: [x, o] }, /do not span a plane/);
  refused({ origin: o, directions: [x, [-2, 0, 0]] }, /\[1, 0, 0\] and \[-2, 0, 0\] do not span/);
  refused({ origin: o, directions: [x, [1, 1e-13, 0]] }, /do not span/);
  refused(
    {
      origin: o,
      directions: [
        [1e9, 0, 0],
        [1e9, 1e-4, 0],
      ],
    },
    /do not span/,
  );
  assert.is(sliceSpace(cube, { origin: o, directions: [x, [1, 1e-11, 0]] }).count, 2);
  assert.is(
    sliceSpace(cube, {
      origin: o,
      directions: [
        [1e-9, 0, 0],
        [0, 1e-9, 0],
      ],
    }).count,
    2,
  );
});

test.run();
