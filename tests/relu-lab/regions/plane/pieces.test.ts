// What a thread has enumerated, from the engine's chunks to its place in the result.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import { makeArrays, ownRoom } from "../../../../packages/relu-lab/src/regions/plane/collect";
import type { EngineExports } from "../../../../packages/relu-lab/src/regions/plane/engine";
import { Pieces } from "../../../../packages/relu-lab/src/regions/plane/pieces";
import { inRows } from "../../../rows";

interface Shape {
  readonly patternWords: number;
  readonly outputs: number;
}

const SHIFT = 3; // 8 regions a chunk

/** An engine that has written so many regions and edges, of numbers by chance; and these as plain arrays. */
function written(r: random.Generator, regions: number, edges: number, { patternWords, outputs }: Shape) {
  const edgeBytes = 32 << 14;
  const widths = [8, 16, 4, 4 * patternWords, 24 * outputs, 8 * outputs];
  const starts = widths.map(
    (_, k) => 8 * Math.ceil((widths.slice(0, k).reduce((s, w) => s + w, 0) << SHIFT) / 8),
  );
  const regionBytes = 8 * Math.ceil((widths.reduce((s, w) => s + w, 0) << SHIFT) / 8) + 64;
  const chunks = Math.max(1, Math.ceil(regions / (1 << SHIFT)));
  const buffer = new ArrayBuffer(edgeBytes + chunks * regionBytes);
  const exports = {
    memory: { buffer },
    edgeChunk: () => 0,
    regionChunk: (i: number) => edgeBytes + i * regionBytes,
    regionShift: () => SHIFT,
    regionArray: (k: number) => starts[k + 1],
  } as unknown as EngineExports;
  const fill = (values: { length: number; [i: number]: number }, of: () => number) => {
    for (let i = 0; i < values.length; i++) values[i] = of();
    return Array.from(values);
  };
  const inChunks = (
    make: typeof Float64Array | typeof Uint32Array,
    k: number,
    width: number,
    of: () => number,
  ) => {
    const all: number[] = [];
    for (let at = 0; at < regions; at += 1 << SHIFT) {
      const length = width * Math.min(1 << SHIFT, regions - at);
      all.push(...fill(new make(buffer, exports.regionChunk(at >> SHIFT) + starts[k], length), of));
    }
    return all;
  };
  const word = () => r.uint32();
  const double = () => r.normal();
  const expected = {
    vertices: fill(new Float64Array(buffer, 0, 2 * edges), double),
    edgeNeurons: fill(new Int32Array(buffer, 16 << 14, edges), () => r.integer(50) - 4),
    twins: fill(new Int32Array(buffer, 20 << 14, edges), () => (r.integer(3) ? r.integer(edges) : -1)),
    regionsOfEdges: fill(new Uint32Array(buffer, 24 << 14, edges), () => r.integer(regions)),
    areas: inChunks(Float64Array, 0, 1, double),
    patternHash: inChunks(Uint32Array, 1, 4, word),
    offsets: inChunks(Uint32Array, 2, 1, () => r.integer(edges)),
    patterns: inChunks(Uint32Array, 3, patternWords, word),
    maps: inChunks(Float64Array, 4, 3 * outputs, double),
    mapErrors: inChunks(Float64Array, 5, outputs, double),
  };
  return { exports, expected, extent: { regions, edges } };
}

const shapes: Shape[] = inRows(2, [1, 0, 1, 1, 2, 3, 5, 0, 3, 7, 0, 0]).map(([patternWords, outputs]) => ({
  patternWords,
  outputs,
}));

test("pieces come to their places in any order, renumbered", () => {
  for (const shape of shapes) {
    const r = random.generator(`pieces ${shape.patternWords} ${shape.outputs}`);
    const parts = inRows(2, [3, 11, 1, 3, 0, 0, 8, 32, 21, 85, 9, 37]).map(([n, edges]) =>
      written(r, n, edges, shape),
    );
    const total = { regions: 42, edges: 168 };
    // With the arena, and without it: released, each piece has memory of its own, of exactly its size.
    for (const released of [false, true]) {
      const pieces = new Pieces(shape);
      if (released) pieces.release();
      parts.forEach(({ exports, extent }, i) => pieces.take(10 + i, exports, extent));
      const arrays = makeArrays(total, shape, ownRoom);
      let [region, edge] = [0, 0];
      const places = parts.map(({ extent }, i) => {
        const place = { index: 10 + i, region, edge };
        [region, edge] = [region + extent.regions, edge + extent.edges];
        return place;
      });
      pieces.deliver({
        arrays,
        places: [places[4], places[0], { index: 99, region: 0, edge: 0 }, places[2]],
      });
      pieces.deliver({ arrays, places: [places[5], places[1], places[3]] });
      const all = (pick: (part: (typeof parts)[0], place: (typeof places)[0]) => number[]) =>
        parts.flatMap((part, i) => pick(part, places[i]));
      const moved = (values: number[], by: number) => values.map((v) => v + by);
      const expected = {
        vertices: all(({ expected: e }) => e.vertices),
        edgeNeurons: all(({ expected: e }) => e.edgeNeurons),
        twins: all(({ expected: e }, place) => e.twins.map((twin) => (twin < 0 ? twin : twin + place.edge))),
        regionsOfEdges: all(({ expected: e }, place) => moved(e.regionsOfEdges, place.region)),
        offsets: [...all(({ expected: e }, place) => moved(e.offsets, place.edge)), total.edges],
        areas: all(({ expected: e }) => e.areas),
        patternHash: all(({ expected: e }) => e.patternHash),
        patterns: all(({ expected: e }) => e.patterns),
        maps: all(({ expected: e }) => e.maps),
        mapErrors: all(({ expected: e }) => e.mapErrors),
      };
      assert.equal(
        Object.fromEntries(
          Object.entries(arrays).map(([name, values]) => [name, Array.from(values as number[])]),
        ),
        expected,
        `${shape.patternWords} words, ${shape.outputs} outputs, ${released ? "own memory" : "arena"}`,
      );
      pieces.release();
    }
  }
});

test("a piece is delivered once, and not after the release", () => {
  const shape = { patternWords: 1, outputs: 1 };
  const { exports, extent, expected } = written(random.generator("once"), 2, 7, shape);
  const pieces = new Pieces(shape);
  const deliver = (index: number) => {
    const arrays = makeArrays(extent, shape, ownRoom);
    pieces.deliver({ arrays, places: [{ index, region: 0, edge: 0 }] });
    return [...arrays.areas];
  };
  pieces.take(0, exports, extent);
  pieces.take(1, exports, extent);
  assert.equal(deliver(0), expected.areas);
  assert.equal(deliver(0), [0, 0]);
  pieces.release();
  assert.equal(deliver(1), [0, 0]);
});

test("what does not fit into the arena of 16 MiB has memory of its own", () => {
  const shape = { patternWords: 1, outputs: 0 };
  const r = random.generator("large");
  // 28 bytes an edge, from the same chunk again and again: 3 pieces of 5.6 MB fit, the fourth does not, nor one of 18 MB.
  const some = written(r, 1, 1 << 14, shape);
  const copies = (edges: number) => ({ ...some, extent: { regions: 1, edges } });
  const pieces = new Pieces(shape);
  const parts = [
    copies(200_000),
    copies(200_001),
    copies(200_003),
    copies(100_000),
    copies(650_000),
    copies(5),
  ];
  parts.forEach(({ exports, extent }, i) => pieces.take(i, exports, extent));
  for (const [i, { extent }] of parts.entries()) {
    const arrays = makeArrays(extent, shape, ownRoom);
    pieces.deliver({ arrays, places: [{ index: i, region: 0, edge: 0 }] });
    const last = (extent.edges - 1) % (1 << 14);
    const { vertices, twins, edgeNeurons, areas, patterns } = arrays;
    const e = some.expected;
    assert.equal(
      [
        vertices[0],
        vertices[2 * extent.edges - 1],
        twins[extent.edges - 1],
        edgeNeurons[0],
        edgeNeurons[extent.edges - 1],
        areas[0],
        patterns[0],
      ],
      [
        e.vertices[0],
        e.vertices[2 * last + 1],
        e.twins[last],
        e.edgeNeurons[0],
        e.edgeNeurons[last],
        e.areas[0],
        e.patterns[0],
      ],
      `piece ${i}`,
    );
  }
  pieces.release();
});

test("a piece that did not fit leaves the arena's place to the next one, beside what is there", () => {
  const shape = { patternWords: 1, outputs: 0 };
  const some = written(random.generator("beside"), 1, 1 << 14, shape);
  const other = written(random.generator("other"), 1, 1 << 14, shape);
  // 12 MB, then 6 MB that do not fit, then 3 MB that do.
  const parts = [
    [some, 430_000],
    [other, 215_000],
    [other, 100_000],
  ] as const;
  const pieces = new Pieces(shape);
  parts.forEach(([{ exports }, edges], i) => pieces.take(i, exports, { regions: 1, edges }));
  const wrong = parts.map(([{ expected }, edges], i) => {
    const arrays = makeArrays({ regions: 1, edges }, shape, ownRoom);
    pieces.deliver({ arrays, places: [{ index: i, region: 0, edge: 0 }] });
    let count = 0;
    for (let e = 0; e < edges; e += 101) {
      const at = e % (1 << 14);
      if (arrays.vertices[2 * e] !== expected.vertices[2 * at]) count++;
      if (arrays.edgeNeurons[e] !== expected.edgeNeurons[at]) count++;
    }
    return count;
  });
  pieces.release();
  assert.equal(wrong, [0, 0, 0]);
});

test("two enumerations at a time do not share memory", () => {
  const shape = { patternWords: 1, outputs: 0 };
  const r = random.generator("two");
  const [one, two] = [written(r, 2, 6, shape), written(r, 2, 6, shape)];
  const [first, second] = [new Pieces(shape), new Pieces(shape)];
  first.take(0, one.exports, one.extent);
  second.take(0, two.exports, two.extent);
  for (const [pieces, { expected, extent }] of [
    [first, one],
    [second, two],
  ] as const) {
    const arrays = makeArrays(extent, shape, ownRoom);
    pieces.deliver({ arrays, places: [{ index: 0, region: 0, edge: 0 }] });
    assert.equal([[...arrays.areas], [...arrays.vertices]], [expected.areas, expected.vertices]);
    pieces.release();
  }
});

test.run();
