import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { cornerPoints, innerCorners } from "../../../../packages/relu-lab/src/regions/plane/corners";
import { inRows } from "../../../rows";

const box = { lo: [-1, -1], hi: [1, 1] };

const lines = (...rows: number[][]) =>
  network.ReluNetwork.of([
    { W: rows.map(([a, b]) => [a, b]), b: rows.map((row) => row[2]), activation: "relu" },
    { W: [rows.map((_, i) => i + 1)], b: [0], activation: "linear" },
  ]);

/** Points found by comparing coordinates, where no two lie close. */
function byCoordinates({ vertices }: regions.PlaneRegions): number[] {
  const known: number[][] = [];
  return Array.from({ length: vertices.length / 2 }, (_, e) => {
    const [x, y] = [vertices[2 * e], vertices[2 * e + 1]];
    const at = known.findIndex(([p, q]) => Math.abs(p - x) + Math.abs(q - y) < 1e-9);
    return at >= 0 ? at : known.push([x, y]) - 1;
  });
}

test("each point has one number, in the order of the half-edges: on corners of the box, its sides, and inside", () => {
  for (const net of [
    lines([1, 0, 0.25]),
    lines([1, 0, 0], [0, 1, 0], [1, 1, 0]),
    lines([1, 1, 0], [1, -1, 0]),
    lines([1, 0, 0], [0, 1, 0.5], [1, 2, -0.25], [-1, 1, 0.125]),
    lines([0, 0, 1]),
    network.heNetwork([2, 5, 4, 1], random.generator("corners"), 0.3),
  ]) {
    const found = regions.planeSync(net, box);
    const { pointOf, points } = cornerPoints(found);
    const expected = byCoordinates(found);
    assert.equal([...pointOf], expected);
    assert.is(points, Math.max(...expected) + 1);
  }
});

test("inner corners are the crossings inside the domain, each once", () => {
  const at = (...rows: number[][]) =>
    innerCorners(regions.planeSync(lines(...rows), box))
      .map(({ x, y }) => [x, y])
      .sort(([a, b], [c, d]) => a - c || b - d);
  assert.equal(at([0, 0, 1]), []);
  assert.equal(at([1, 0, 0.25]), []);
  assert.equal(at([1, 0, 0.25], [0, 1, -0.5]), [[-0.25, 0.5]]);
  assert.equal(at([1, 0, 0], [0, 1, 0], [1, 1, 0]), [[0, 0]]);
  assert.equal(at([1, 0, 0], [0, 1, 0], [1, 1, -0.5]), inRows(2, [0, 0, 0, 0.5, 0.5, 0]));
  assert.equal(at([1, 0, 0.5], [1, 0, -0.5], [0, 1, 0]), inRows(2, [-0.5, 0, 0.5, 0]));
  assert.equal(at([1, 0, -0.5], [1, 1, -1.5]), [], "they cross on the border");
});

test("inner corners of bent boundaries are all the points inside, each once", () => {
  for (let seed = 0; seed < 6; seed++) {
    const found = regions.planeSync(network.heNetwork([2, 5, 4, 3, 1], random.generator(seed), 0.3), box);
    const numbers = byCoordinates(found);
    const inside = new Set<number>();
    numbers.forEach((point, e) => {
      const [x, y] = [found.vertices[2 * e], found.vertices[2 * e + 1]];
      if (Math.abs(x) < 1 - 1e-9 && Math.abs(y) < 1 - 1e-9) inside.add(point);
    });
    const inner = innerCorners(found);
    const known = new Set(
      inner.map(
        ({ x, y }) =>
          numbers[
            numbers.findIndex(
              (_, e) => Math.abs(found.vertices[2 * e] - x) + Math.abs(found.vertices[2 * e + 1] - y) < 1e-9,
            )
          ],
      ),
    );
    assert.equal(
      [inner.length, known.size, [...known].every((point) => inside.has(point))],
      [inside.size, inside.size, true],
    );
  }
});

test.run();
