// Edges put together to polylines, and the polylines of networks whose boundaries are known.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { chains } from "../../../../packages/relu-lab/src/regions/plane/polylines";
import { inRows } from "../../../rows";

const { ReluNetwork } = network;
const box = { lo: [-1, -1], hi: [1, 1] };

type Ends = readonly [from: number, to: number];

/** The chains of edges given by their ends; edges are numbered 10, 20, ... so that numbers and places differ. */
function chainsOf(edges: Ends[]): number[][] {
  const from = new Int32Array(10 * edges.length + 1).fill(-7);
  const to = new Map<number, number>();
  const numbers = edges.map(([p, q], i) => {
    const e = 10 * (i + 1);
    from[e] = p;
    to.set(e, q);
    return e;
  });
  return chains(numbers, from, (e) => to.get(e)!);
}

/** Either direction of a path is the same polyline. */
const undirected = (path: number[]) => {
  const [one, other] = [path.join("-"), [...path].reverse().join("-")];
  return one < other ? one : other;
};
const texts = (edges: Ends[]) => chainsOf(edges).map(undirected).sort();

test("edges in any order and direction make one path between its ends", () => {
  for (const edges of [
    [
      [0, 1],
      [1, 2],
      [2, 3],
    ],
    [
      [2, 1],
      [0, 1],
      [3, 2],
    ],
    [
      [2, 3],
      [1, 0],
      [2, 1],
    ],
  ] as Ends[][])
    assert.equal(texts(edges), ["0-1-2-3"]);
  assert.equal(texts([[5, 4]]), ["4-5"]);
  assert.equal(texts([]), []);
});

test("a ring comes back to its first point; a ring of two edges too", () => {
  const [ring, ...others] = chainsOf(inRows(2, [3, 1, 2, 1, 2, 3]));
  assert.is(others.length, 0);
  assert.is(ring.length, 4);
  assert.is(ring[0], ring[3]);
  assert.equal([...new Set(ring)].sort(), [1, 2, 3]);
  const [two, ...rest] = chainsOf(inRows(2, [1, 2, 2, 1]));
  assert.equal([two.length, two[0] === two[2], rest.length], [3, true, 0]);
});

test("paths end where more than two pieces meet", () => {
  assert.equal(texts(inRows(2, [0, 1, 1, 2, 1, 3])), ["0-1", "1-2", "1-3"]);
  assert.equal(texts(inRows(2, [0, 9, 1, 9, 2, 9, 9, 3, 3, 4])), ["0-9", "1-9", "2-9", "4-3-9"]);
  // Two rings through one point: each begins and ends there.
  const eight = texts(inRows(2, [0, 1, 1, 2, 2, 0, 0, 3, 3, 4, 4, 0]));
  assert.equal(eight, ["0-1-2-0", "0-3-4-0"]);
  // A ring with a tail: the ring begins where the tail ends.
  assert.equal(texts(inRows(2, [1, 2, 2, 3, 3, 1, 1, 0])), ["0-1", "1-2-3-1"]);
});

test("random graphs: every edge lies on one path; paths end at the points that have not two edges, rings nowhere", () => {
  for (let trial = 0; trial < 80; trial++) {
    const r = random.generator("chains").split(trial);
    const points = 3 + r.integer(8);
    const edges = Array.from({ length: 1 + r.integer(12) }, (): Ends => {
      const p = r.integer(points);
      return [p, (p + 1 + r.integer(points - 1)) % points];
    });
    const degree = new Array<number>(points).fill(0);
    for (const end of edges.flat()) degree[end]++;
    const paths = chainsOf(edges);
    const key = (p: number, q: number) => (p < q ? `${p}-${q}` : `${q}-${p}`);
    const steps = paths.flatMap((path) => path.slice(1).map((q, i) => key(path[i], q)));
    assert.equal(steps.sort(), edges.map(([p, q]) => key(p, q)).sort(), `trial ${trial}`);
    let ends = 0;
    for (const path of paths) {
      for (const p of path.slice(1, -1)) assert.is(degree[p], 2, `trial ${trial}`);
      const [first, last] = [path[0], path[path.length - 1]];
      if (degree[first] === 2) assert.is(first, last, `trial ${trial}: a ring`);
      else {
        assert.is.not(degree[last], 2, `trial ${trial}`);
        ends += 2;
      }
    }
    assert.is(
      ends,
      degree.reduce((sum, d) => sum + (d === 2 ? 0 : d), 0),
    );
  }
});

/** 1 - |x| - |y| cut at 1/2: a diamond in the second layer, on the four first neurons that make the axes. */
const diamond = ReluNetwork.of([
  { W: inRows(2, [1, 0, -1, 0, 0, 1, 0, -1]), b: [0, 0, 0, 0], activation: "relu" },
  { W: [[-1, -1, -1, -1]], b: [0.5], activation: "relu" },
  { W: [[1]], b: [0], activation: "linear" },
]);

const pointsOf = ({ points }: regions.Polyline) =>
  Array.from({ length: points.length / 2 }, (_, i) =>
    [points[2 * i], points[2 * i + 1]].map((v) => v + 0).join(),
  );

test("a closed polyline has each corner once; neurons on one line have that line each", () => {
  const found = regions.planeSync(diamond, box);
  const lines = regions.polylines(found);
  assert.equal(
    lines.map(({ neuron, layer, closed }) => [neuron, layer, closed]),
    [
      [0, 1, false],
      [1, 1, false],
      [2, 1, false],
      [3, 1, false],
      [4, 2, true],
    ],
  );
  for (const k of [0, 1])
    assert.equal(new Set(pointsOf(lines[k])), new Set(["0,-1", "0,-0.5", "0,0", "0,0.5", "0,1"]));
  for (const k of [2, 3])
    assert.equal(new Set(pointsOf(lines[k])), new Set(["-1,0", "-0.5,0", "0,0", "0.5,0", "1,0"]));
  assert.equal(pointsOf(lines[4]).sort(), ["-0.5,0", "0,-0.5", "0,0.5", "0.5,0"]);
  // Neighbours in the list are neighbours on the diamond.
  const flat = lines[4].points;
  for (let i = 0; i < 8; i += 2)
    assert.is(Math.hypot(flat[i] - flat[(i + 2) % 8], flat[i + 1] - flat[(i + 3) % 8]), Math.SQRT1_2);
});

test("only the neurons asked for", () => {
  const found = regions.planeSync(diamond, box);
  const all = regions.polylines(found);
  assert.equal(regions.polylines(found, [4]), all.slice(4));
  assert.equal(regions.polylines(found, Int32Array.of(3, 0)), [all[0], all[3]]);
  assert.equal(regions.polylines(found, []), []);
  assert.equal(regions.polylines(found, [7]), []);
});

test("neurons in any word of a pattern: each its own line, in order of neurons", () => {
  const n = 67;
  const all = Array.from({ length: n }, (_, i) => i);
  const at = (i: number) => (((17 * i) % n) - n / 2) / 64;
  const net = ReluNetwork.of([
    { W: all.map(() => [1, 0]), b: all.map((i) => -at(i)), activation: "relu" },
    { W: [all.map(() => 1)], b: [0], activation: "linear" },
  ]);
  const lines = regions.polylines(regions.planeSync(net, box));
  assert.equal(
    lines.map(({ neuron }) => neuron),
    all,
  );
  lines.forEach(({ layer, closed, points }, i) => {
    assert.equal([layer, closed, points.length], [1, false, 4]);
    assert.equal([points[0], points[2]], [at(i), at(i)]);
    assert.equal([points[1], points[3]].sort(), [-1, 1]);
  });
});

test("one region has no polylines, and no boundary is made where only the map's slope of a dead neuron changes", () => {
  const affine = ReluNetwork.of([{ W: [[2, 3]], b: [1], activation: "linear" }]);
  assert.equal(regions.polylines(regions.planeSync(affine, box)), []);
  const constant = ReluNetwork.of([
    { W: inRows(2, [0, 0, 1, 0]), b: [1, 5], activation: "relu" },
    { W: [[1, 1]], b: [0], activation: "linear" },
  ]);
  assert.equal(regions.polylines(regions.planeSync(constant, box)), []);
});

test.run();
