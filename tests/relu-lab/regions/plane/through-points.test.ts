import { test } from "uvu";
import * as assert from "uvu/assert";
import { random, regions } from "relu-lab";
import { inRows } from "../../../rows";

const { randomPlane, throughPoints } = regions;

const near = (actual: ArrayLike<number>, expected: number[], text = "") => {
  assert.is(actual.length, expected.length, text);
  expected.forEach((value, i) =>
    assert.ok(Math.abs(actual[i] - value) < 1e-12, `${text} ${[...Array.from(actual)]} is not ${expected}`),
  );
};

const [a, b, c] = inRows(3, [1, 2, 3, 4, 6, 3, 1, 2, 13]);

test("the plane of the differences: the points are (0, 0), (1, 0) and (0, 1)", () => {
  const { origin, directions, bounds, points } = throughPoints(a, b, c);
  assert.equal([...origin], a);
  assert.equal([[...directions[0]], [...directions[1]]], inRows(3, [3, 4, 0, 0, 0, 10]));
  assert.equal(points, inRows(2, [0, 0, 1, 0, 0, 1]));
  // A quarter around the points' own box.
  assert.equal(
    [[...Array.from(bounds.lo)], [...Array.from(bounds.hi)]],
    inRows(2, [-0.25, -0.25, 1.25, 1.25]),
  );
});

test("orthonormal directions: coordinates are lengths, and lead back to the points", () => {
  for (const [p, q, s] of [
    [a, b, c],
    inRows(2, [0.5, -1, 2.5, 0.5, -3, 7]),
    inRows(4, [0, 0, 0, 1, 0, 2, 0, 1, 1, -3, 2, 5]),
  ]) {
    const { origin, directions, points, bounds } = throughPoints(p, q, s, { orthonormal: true });
    const [u, v] = directions;
    const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
      Array.from(x).reduce((sum, value, i) => sum + value * y[i], 0);
    near([dot(u, u), dot(v, v), dot(u, v)], [1, 1, 0]);
    [p, q, s].forEach((point, k) => {
      const [x, y] = points[k];
      near(
        Array.from(origin, (o, i) => o + x * u[i] + y * v[i]),
        point,
        `point ${k}`,
      );
    });
    assert.is(points[1][1], 0);
    assert.ok(points[1][0] > 0 && points[2][1] > 0);
    // The box: the points' own, and a quarter of its size around it.
    for (const axis of [0, 1]) {
      const values = points.map((point) => point[axis]);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      near([bounds.lo[axis], bounds.hi[axis]], [low - (high - low) / 4, high + (high - low) / 4]);
    }
  }
});

test("the third point may lie before the first one: the box reaches it", () => {
  const { points, bounds } = throughPoints([0, 0], [1, 0], [-3, 2], { orthonormal: true });
  assert.equal(points, inRows(2, [0, 0, 1, 0, -3, 2]));
  assert.equal([bounds.lo, bounds.hi], inRows(2, [-4, -0.5, 2, 2.5]));
});

test("bounds that are given are taken", () => {
  const bounds = { lo: [-1, -2], hi: [3, 4] };
  assert.is(throughPoints(a, b, c, { bounds }).bounds, bounds);
});

test("points that do not fit together, or lie on a line, are refused", () => {
  assert.throws(() => throughPoints([1, 2], b, c), /the points have 2, 3 and 3 coordinates/);
  assert.throws(() => throughPoints(a, [1, 2], c), /the points have 3, 2 and 3 coordinates/);
  assert.throws(() => throughPoints(a, b, [1, 2, 3, 4]), /the points have 3, 3 and 4 coordinates/);
  assert.throws(() => throughPoints([1], [2], [3]), /the points have 1, 1 and 1 coordinates/);
  for (const [p, q, s] of [
    ...[
      [a, a, c],
      [a, b, a],
      [a, b, b],
      [a, a, a],
      inRows(2, [0, 0, 1, 2, 2, 4]),
      inRows(2, [0, 0, 1, 2, -0.5, -1]),
    ],
    ...[
      inRows(2, [0, 0, 1, 0, 1, 1e-13]),
      inRows(2, [0, 0, NaN, 1, 1, 0]),
      inRows(2, [0, 0, 0, 1, 1, NaN]),
      inRows(2, [0, 0, Infinity, 0, 0, 1]),
    ],
  ])
    assert.throws(
      () => throughPoints(p, q, s),
      (error: Error) => error instanceof RangeError && /lie on a line/.test(error.message),
    );
  // Nearly on a line is not on it.
  assert.ok(throughPoints([0, 0], [1, 0], [1, 1e-11]));
  assert.ok(throughPoints([0, 0], [1, 0], [1e6, 1e-5]), "the distance counts against the third point's own");
  assert.throws(() => throughPoints([0, 0], [1, 0], [1e6, 1e-7]), /lie on a line/);
});

test("a random plane: orthonormal, through the cube, with its box, by the generator alone", () => {
  for (const inputs of [2, 3, 20]) {
    const { origin, directions, bounds } = randomPlane(inputs, random.generator(inputs), 3);
    assert.is(origin.length, inputs);
    assert.ok(origin.every((x) => x >= -1 && x <= 1));
    assert.equal([bounds.lo, bounds.hi], inRows(2, [-3, -3, 3, 3]));
    const [u, v] = directions;
    const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
    near([dot(u, u), dot(v, v), dot(u, v)], [1, 1, 0]);
  }
  const plane = () => randomPlane(4, random.generator("plane"));
  assert.equal(plane(), plane());
  assert.equal([plane().bounds.lo, plane().bounds.hi], inRows(2, [-1, -1, 1, 1]));
  assert.throws(() => randomPlane(1, random.generator(0)), /1, 1 and 1 coordinates/);
  // Origins fill the cube: both signs, and values beyond 1/2.
  const all = randomPlane(200, random.generator("wide")).origin;
  assert.ok(all.some((x) => x > 0.5) && all.some((x) => x < -0.5));
  const mean = all.reduce((sum, x) => sum + x, 0) / 200;
  assert.ok(Math.abs(mean) < 0.2, `mean ${mean}`);
  // Directions are normal: on average as often up as down.
  const [u] = randomPlane(400, random.generator("directions")).directions;
  assert.ok(Math.abs(u.reduce((sum, x) => sum + Math.sign(x), 0)) < 80);
});

test.run();
