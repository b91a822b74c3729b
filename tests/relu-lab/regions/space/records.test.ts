// What walkers kept, put in the order of one walker; regions found by their patterns.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import type { SpaceWalk } from "../../../../packages/relu-lab/src/regions/space/engine";
import { PatternIndex } from "../../../../packages/relu-lab/src/regions/space/pattern-index";
import { mergeKept, Records } from "../../../../packages/relu-lab/src/regions/space/records";
import { inRows } from "../../../rows";

const WORDS = 2;

/** A region with so many corners and edges, all of its numbers made from its own. */
const regionOf = (id: number, corners: number, edges: number) => ({
  volume: id + 0.5,
  pattern: [id, id + 1000],
  corners: Array.from({ length: 3 * corners }, (_, k) => id + k / 1024),
  edges: Array.from({ length: 4 * edges }, (_, k) => 100 * id + k),
  counts: [corners, edges],
});

type Region = ReturnType<typeof regionOf>;

const batchOf = (regions: Region[], shapes: boolean) => ({
  regions: regions.length,
  volumes: Float64Array.from(regions, ({ volume }) => volume),
  patterns: Uint32Array.from(regions.flatMap(({ pattern }) => pattern)),
  counts: Int32Array.from(shapes ? regions.flatMap(({ counts }) => counts) : []),
  vertices: Float64Array.from(shapes ? regions.flatMap(({ corners }) => corners) : []),
  edges: Int32Array.from(shapes ? regions.flatMap(({ edges }) => edges) : []),
});

test("two walkers' batches come in the order of their subtrees, shapes and all", () => {
  const [a, b, c, d, e, f, g] = inRows(2, [4, 6, 8, 12, 5, 8, 6, 9, 4, 6, 7, 11, 10, 15]).map(([n, m], id) =>
    regionOf(id, n, m),
  );
  for (const shapes of [true, false]) {
    const one = new Records();
    one.begin(3, 0); // a, b | c
    one.take(batchOf([a], shapes));
    one.begin(5, 1); // b is still buffered
    one.take(batchOf([b, c], shapes));
    one.begin(9, 0); // empty
    const two = new Records();
    two.begin(4, 0); // d, e
    one.take(batchOf([], shapes));
    two.take(batchOf([d, e, f], shapes));
    two.begin(1, 0); // g comes first of all
    two.take(batchOf([g], shapes));
    const kept = [one.finish(), two.finish()];
    assert.equal([kept[0].subtrees, kept[0].starts], inRows(3, [3, 5, 9, 0, 2, 3]));
    assert.equal([kept[1].subtrees, kept[1].starts], inRows(2, [4, 1, 0, 3]));
    const merged = mergeKept({ shapes } as SpaceWalk, kept, WORDS);
    const order = [g, a, b, d, e, f, c];
    assert.equal(
      [...merged.volumes],
      order.map(({ volume }) => volume),
    );
    assert.equal(
      [...merged.patterns],
      order.flatMap(({ pattern }) => pattern),
    );
    if (!shapes) {
      assert.is(merged.shapes, undefined);
      continue;
    }
    const offsets = (which: number) =>
      order.reduce((all, { counts }) => [...all, all[all.length - 1] + counts[which]], [0]);
    const { vertices, vertexOffsets, edges, edgeOffsets } = merged.shapes!;
    assert.equal(
      [...vertices],
      order.flatMap(({ corners }) => corners),
    );
    assert.equal(
      [...edges],
      order.flatMap((region) => region.edges),
    );
    assert.equal([[...vertexOffsets], [...edgeOffsets]], [offsets(0), offsets(1)]);
  }
});

test("no walker, no region", () => {
  const merged = mergeKept({ shapes: true } as SpaceWalk, [], WORDS);
  assert.equal([merged.volumes.length, merged.patterns.length], [0, 0]);
  assert.equal([...merged.shapes!.vertexOffsets], [0]);
});

test("every pattern finds its own region, and no other pattern any", () => {
  const r = random.generator("patterns");
  for (const [count, words] of inRows(2, [0, 1, 1, 1, 2, 1, 3, 2, 8, 1, 9, 3, 500, 1, 300, 2])) {
    const known = new Map<string, number>();
    const patterns = new Uint32Array(count * words);
    // Few different words, so that patterns differ in one of them only; small numbers and bits at both ends.
    const word = () => [r.integer(count + 2), (r.integer(2) << 31) >>> 0, 0][r.integer(words > 1 ? 3 : 1)];
    for (let region = 0; region < count;) {
      const pattern = Array.from({ length: words }, word);
      if (known.has(pattern.join())) continue;
      known.set(pattern.join(), region);
      patterns.set(pattern, region * words);
      region++;
    }
    const index = new PatternIndex({ count, patterns, patternWords: words });
    for (let region = 0; region < count; region++)
      assert.is(
        index.find(patterns.slice(region * words, (region + 1) * words)),
        region,
        `${count} patterns`,
      );
    for (let trial = 0; trial < 50; trial++) {
      const pattern = Array.from({ length: words }, word);
      assert.is(index.find(Uint32Array.from(pattern)), known.get(pattern.join()) ?? -1, `${count} patterns`);
    }
  }
  // A network without neurons has patterns of no words, and one region.
  assert.is(
    new PatternIndex({ count: 1, patterns: new Uint32Array(0), patternWords: 0 }).find(new Uint32Array(0)),
    0,
  );
});

test.run();
