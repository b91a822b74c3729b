// The engine on domains and planes of all sizes and shapes: decided right, and by integers only where need be.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, regions } from "relu-lab";
import { checkDomain } from "../../../../packages/relu-lab/src/regions/plane/domain";
import { Engine } from "../../../../packages/relu-lab/src/regions/plane/engine";
import { ExactSigns } from "../../../../packages/relu-lab/src/regions/plane/exact";
import { planOf } from "../../../../packages/relu-lab/src/regions/plan/plan";
import { inRows } from "../../../rows";

const { ReluNetwork } = network;
const box = { lo: [-1, -1], hi: [1, 1] };
const square = checkDomain(box, 2);

/** Lines a x + b y + c = 0 as one hidden layer. */
const lines = (...rows: number[][]) =>
  ReluNetwork.of([
    { W: rows.map(([a, b]) => [a, b]), b: rows.map((row) => row[2]), activation: "relu" },
    { W: [rows.map((_, i) => i + 1)], b: [0], activation: "linear" },
  ]);

test("far away, tiny, huge and thin domains: signs well off the edges are decided without exact arithmetic", () => {
  for (const [x, y, w, h] of [
    ...inRows(
      4,
      [
        0, 0, 1, 1, 1e6, -1e6, 1, 1, 0, 0, 1e-100, 1e-100, 0, 0, 1e50, 1e50, 0, 0, 1, 1e-9, 1e-3, 5, 1e9,
        1e-9,
      ],
    ),
    ...[
      [-1e30, 1e30, 1e25, 1e25],
      [3, -3, 2 ** -30, 2 ** -30],
      [1e20, 0, 1e19, 1e-5],
    ],
  ]) {
    const domain = { lo: [x - w, y - h], hi: [x + w, y + h] };
    // Two lines across the middle and two that miss it by half its size, in the domain's own units.
    const middle = (a: number, b: number, c: number) => [a / w, b / h, c - (a * x) / w - (b * y) / h];
    const net4 = lines(middle(1, 0.5, 0.125), middle(-0.25, 1, 0.25), middle(1, 1, 3), middle(1, -1, -3));
    const found = regions.countPlaneSync(net4, domain);
    assert.is(found.regions, 4, `${[x, y, w, h]}`);
    assert.is(found.fallbacks, 0, `${[x, y, w, h]}`);
  }
});

/** How often integers are asked for a sign or a place while `walk` runs. */
function exactQuestions(walk: () => void): number {
  const { sign, place } = ExactSigns.prototype;
  let count = 0;
  try {
    ExactSigns.prototype.sign = function (...ids) {
      count++;
      return sign.apply(this, ids);
    };
    ExactSigns.prototype.place = function (...ids) {
      count++;
      return place.apply(this, ids);
    };
    walk();
  } finally {
    Object.assign(ExactSigns.prototype, { sign, place });
  }
  return count;
}

test("on domains of any size, place and shape, generic boundaries need no integers: the domain's own lines are good", () => {
  const polygons = [
    [-1, -1, 1, -1, 1, 1, -1, 1],
    [0, 0, 3, 1, 2, 4],
    [-2, 0, 0, -1, 2, 0.5, 1, 2, -1, 1.5],
    [5, 5, 9, 6, 8, 8, 6, 9],
    [-9, 4, -8, 2, -6, 3],
    [1, -7, 1.5, -9, 4, -6],
  ];
  for (const polygon of polygons) {
    for (const [size, east, north] of [
      [1, 0, 0],
      [2 ** 40, 0, 0],
      [2 ** -40, 0, 0],
      [3, 100, -70],
      [1e30, 1e31, 0],
      [1, 1e5, 1e5],
    ]) {
      const flat = polygon.map((v, i) => v * size + (i % 2 ? north : east));
      const domain = checkDomain({ polygon: flat }, 2);
      const n = flat.length / 2;
      const middle = [0, 1].map((k) => flat.reduce((sum, v, i) => (i % 2 === k ? sum + v / n : sum), 0));
      // Eight lines through points around the middle, in directions of no pattern.
      const net8 = lines(
        ...Array.from({ length: 8 }, (_, i) => {
          const [a, b] = [Math.cos(1 + 2.4 * i) / size, Math.sin(1 + 2.4 * i) / size];
          const [x, y] = [
            middle[0] + 0.31 * size * Math.cos(5 * i + 0.2),
            middle[1] + 0.31 * size * Math.sin(3 * i + 0.7),
          ];
          return [a, b, -(a * x + b * y)];
        }),
      );
      let found = 0;
      const asked = exactQuestions(() => {
        const engine = new Engine(planOf(net8), domain);
        engine.run();
        found = engine.exports.regions();
        engine.release();
      });
      assert.is(asked, 0, `${polygon} times ${size} at ${east}, ${north}: ${found} regions`);
      assert.ok(found > 9);
    }
  }
});

test("of nearly parallel lines, and of lines an ulp beside a corner, integers are asked", () => {
  const asked = (...rows: number[][]) =>
    exactQuestions(() => {
      const engine = new Engine(planOf(lines(...rows)), square);
      engine.run();
      engine.release();
    });
  assert.ok(asked([1, 0, 0], [1, 3 * 2 ** -51, -(2 ** -51)]) > 0);
  assert.ok(asked([1, 1, -2 + 2 ** -52]) > 0);
  assert.ok(asked([1 / 3, 1 / 7, -1 / 3 - 1 / 7]) > 0);
  assert.is(asked([1, 1, -1.99]), 0);
});

test("lines along an edge or through a corner are told from those an ulp beside them, on any polygon", () => {
  const ulp = 2 ** -52;
  for (const size of [1, 2 ** -400 * 2 ** 300, 2 ** 150]) {
    const polygon = [-1, -1, 1, -1, 1, 0.5, 0.5, 1, -1, 1].map((v) => v * size);
    const at = (rows: number[][]) =>
      regions.countPlaneSync(lines(...rows.map(([a, b, c]) => [a, b, c * size])), { polygon }).regions;
    assert.is(at([[1, 0, 1]]), 1, "along the left side");
    assert.is(at([[1, 0, 1 - ulp]]), 2);
    assert.is(at([[1, 0, 1 + ulp]]), 1);
    assert.is(at([[1, 1, -1.5]]), 1, "along the slanted side");
    assert.is(at([[1, 1, -1.5 + ulp]]), 2);
    assert.is(at([[-1, -1, 1.5 + ulp]]), 1);
    assert.is(at([[1, 0.5, -1.25]]), 1, "through the corner (1, 1/2)");
    assert.is(at([[1, 0.5, -1.25 + ulp]]), 2);
    assert.is(at([[1, -1, 0]]), 2, "through the corner (-1, -1)");
    assert.is(at(inRows(3, [1, -1, 0, 1, 0, 1, 0, 1, 1, 1, 1, -1.5])), 2);
  }
});

test("neurons that see only what is 0 on a plane are constant there", () => {
  // Inputs 2 and 3 are 0 on the plane; with rows of non-zeros the neurons that read only them make no boundaries.
  const plane = {
    origin: [0.5, 0, 0, 0.25],
    directions: [
      [1, 0, 0, 0],
      [0, 0, 0, 1],
    ] as [number[], number[]],
    bounds: box,
  };
  const deep = ReluNetwork.of([
    {
      W: inRows(4, [1, 0, 0, 1, 0, 3, 5, 0, 0, -2, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]),
      b: [0, 0.5, 0.5, -1, 0, 0],
      activation: "relu",
    },
    {
      W: inRows(6, [1, 1, -1, 4, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0, 7, 1, -1]),
      b: [-0.5, 0, 0.125],
      activation: "relu",
    },
    { W: [[1, 1, 1]], b: [0], activation: "linear" },
  ]);
  const found = [true, false].map((sparse) => {
    const engine = new Engine(planOf(deep), checkDomain(plane, 4), {}, true, false, sparse);
    engine.run();
    const result = [engine.exports.regions(), ...engine.cells()];
    engine.release();
    return result;
  });
  assert.equal(found[0], found[1]);
  // By hand on the plane: x = s + 1/2, y = t + 1/4.
  const flat = ReluNetwork.of([
    { W: inRows(2, [1, 1, 1, 0, 0, 1]), b: [0.75, 0.5, 0.25], activation: "relu" },
    { W: inRows(3, [1, 0, 0, 0, -1, 0, 0, 1, -1]), b: [-0.5, 0.5, 0.125], activation: "relu" },
    { W: [[1, 1, 1]], b: [0], activation: "linear" },
  ]);
  assert.is(found[0][0], regions.countPlaneSync(flat, box).regions);
});

test("what constant neurons make vanish identically costs no exact decision", () => {
  const plane = {
    origin: [0, 0, 0],
    directions: [
      [1, 0, 0],
      [0, 1, 0],
    ] as [number[], number[]],
    bounds: box,
  };
  // 0, 1 and 4 are 1/2 all over the plane, 2 is not (it reads an input that varies), 3 is -1.
  const first = {
    W: inRows(3, [0, 0, 3, 0, 0, 0, 1, 0, 5, 0, 0, 7, 0, 0, -2]),
    b: [0.5, 0.5, 0.25, -1, 0.5],
    activation: "relu" as const,
  };
  const net5 = ReluNetwork.of([
    first,
    {
      W: inRows(5, [1, -1, 0, 0, 0, 3, 0, 0, 2, -3, 0, -1, 1, 0, 1, 0, 0, 0, 1, 0]),
      b: [0, 0, 0, 0],
      activation: "relu",
    },
    { W: [[1, 1, 1, 1]], b: [0], activation: "linear" },
  ]);
  const engine = new Engine(planOf(net5), checkDomain(plane, 3), {}, true, false, true);
  engine.run();
  // Neuron 2 alone bends: x = -1/4.
  assert.equal([engine.exports.regions(), engine.exports.fallbacks()], [2, 0]);
  engine.release();
});

test("an input is seen along either direction of a plane, or at its origin", () => {
  const net5 = ReluNetwork.of([
    { W: inRows(3, [0, 0, 3, 0, 0, 0, 1, 0, 5]), b: [0.5, 0.5, 0.25], activation: "relu" },
    { W: inRows(3, [1, -1, 0, 3, -3, 1]), b: [0, -0.125], activation: "relu" },
    { W: [[1, 1]], b: [0], activation: "linear" },
  ]);
  for (const [origin, u, v] of [
    inRows(3, [0, 0, 1, 1, 0, 0, 0, 1, 0]),
    inRows(3, [0, 0, 0, 1, 0, 1, 0, 1, 0]),
    inRows(3, [0, 0, 0, 1, 0, 0, 0, 1, 1]),
  ]) {
    const tilted = { bounds: box, origin, directions: [u, v] as [number[], number[]] };
    const counts = [true, false].map((sparse) => {
      const walk = new Engine(planOf(net5), checkDomain(tilted, 3), {}, true, false, sparse);
      walk.run();
      const found = walk.exports.regions();
      walk.release();
      return found;
    });
    assert.is(counts[0], counts[1], `origin ${origin}, u ${u}, v ${v}`);
  }
});

test("an input that is the same all over a plane, but not 0, counts", () => {
  // Neuron 0 is 7/2 and neuron 1 is 1/2: 3 - relu(4 x) bends at 3/4, where 0 - relu(4 x) would not.
  const constant = ReluNetwork.of([
    { W: inRows(3, [0, 0, 3, 0, 0, 0, 4, 0, 0]), b: [0.5, 0.5, 0], activation: "relu" },
    { W: [[1, -1, -1]], b: [0], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]);
  for (const sparse of [true, false]) {
    const domain = checkDomain(
      {
        origin: [0, 0, 1],
        directions: [
          [1, 0, 0],
          [0, 1, 0],
        ],
        bounds: box,
      },
      3,
    );
    const engine = new Engine(planOf(constant), domain, {}, true, false, sparse);
    engine.run();
    assert.is(engine.exports.regions(), 3);
    engine.release();
  }
});

test("where nearly parallel lines meet is known to the last bit", () => {
  // x = 0 and x + 3 2^-51 (y - 1/3) = 0.
  for (const [slope, rest, place] of [
    [3 * 2 ** -51, 2 ** -51, 1 / 3],
    [-7 * 2 ** -51, 2 ** -51, -1 / 7],
  ]) {
    const { vertices } = regions.planeSync(lines([1, 0, 0], [1, slope, -rest]), box);
    const inner = Array.from({ length: vertices.length / 2 }, (_, e) => [
      vertices[2 * e],
      vertices[2 * e + 1],
    ]).filter(([, y]) => !(Math.abs(y) === 1));
    assert.ok(inner.length >= 4, `${inner.length}`);
    for (const [x, y] of inner) assert.equal([x, y], [0, place]);
    const across = regions.planeSync(lines([0, 1, 0], [slope, 1, -rest]), box).vertices;
    assert.ok(across.some((x, k) => k % 2 === 0 && x === place && across[k + 1] === 0));
  }
});

test.run();
