// Regions and edges out of the engine's chunks, from a memory that is filled by hand.
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  deliver,
  doubtfulEdges,
  makeArrays,
  ownRoom,
  sharedRoom,
} from "../../../../packages/relu-lab/src/regions/plane/collect";
import type { Engine, EngineExports } from "../../../../packages/relu-lab/src/regions/plane/engine";
import { takeBlock } from "../../../../packages/relu-lab/src/regions/plane/stream";

const EDGES = 1 << 14; // of a chunk
const EDGE_BYTES = 32 * EDGES; // x and y, label, twin, region, next

interface Filled {
  regions: number;
  edges: number;
  patternWords: number;
  outputs: number;
  /** Regions of a chunk are 2^shift. */
  shift: number;
  doubtful?: number[];
}

/** Every number tells its array and place. */
const value = {
  vertices: (i: number) => 0.5 + i,
  edgeNeurons: (e: number) => 7 * e - 3,
  twins: (e: number) => 5 * e - 1,
  regionsOfEdges: (e: number) => 3 * e + 1,
  areas: (r: number) => 100.25 + r,
  patternHash: (i: number) => 11 * i + 2,
  offsets: (r: number) => 4 * r,
  patterns: (i: number) => 13 * i + 4,
  maps: (i: number) => -i - 0.75,
  mapErrors: (i: number) => 2 ** -20 * i,
};

/** An engine's memory with its chunks in no order, and garbage between. */
function filled({ regions, edges, patternWords, outputs, shift, doubtful = [] }: Filled): EngineExports {
  const size = 1 << shift;
  const edgeChunks = Math.ceil(edges / EDGES);
  const regionChunks = Math.ceil(regions / size);
  // Bytes of a chunk of regions up to each array: areas first.
  const parts = [8, 16, 4, 4 * patternWords, 24 * outputs, 8 * outputs];
  const starts = parts.map((_, k) =>
    parts.slice(0, k).reduce((sum, bytes) => sum + Math.ceil((bytes * size) / 8) * 8, 0),
  );
  const regionBytes = starts[5] + Math.ceil((parts[5] * size) / 8) * 8;
  const edgeChunk = (i: number) => 64 + (edgeChunks - 1 - i) * EDGE_BYTES;
  const regionChunk = (i: number) => 64 + edgeChunks * EDGE_BYTES + (regionChunks - 1 - i) * regionBytes;
  const buffer = new ArrayBuffer(128 + edgeChunks * EDGE_BYTES + regionChunks * regionBytes);
  new Uint8Array(buffer).fill(0xee);
  const view = new DataView(buffer);
  for (let e = 0; e < edges; e++) {
    const [chunk, at] = [edgeChunk(Math.floor(e / EDGES)), e % EDGES];
    for (const k of [0, 1]) view.setFloat64(chunk + 16 * at + 8 * k, value.vertices(2 * e + k), true);
    view.setInt32(chunk + 16 * EDGES + 4 * at, value.edgeNeurons(e), true);
    view.setInt32(chunk + 20 * EDGES + 4 * at, value.twins(e), true);
    view.setUint32(chunk + 24 * EDGES + 4 * at, value.regionsOfEdges(e), true);
    view.setInt32(chunk + 28 * EDGES + 4 * at, doubtful.includes(e) ? -2 : -1 - (e % 4 === 1 ? 2 : -e), true);
  }
  for (let r = 0; r < regions; r++) {
    const [chunk, at] = [regionChunk(Math.floor(r / size)), r % size];
    view.setFloat64(chunk + 8 * at, value.areas(r), true);
    for (let k = 0; k < 4; k++)
      view.setUint32(chunk + starts[1] + 4 * (4 * at + k), value.patternHash(4 * r + k), true);
    view.setUint32(chunk + starts[2] + 4 * at, value.offsets(r), true);
    for (let k = 0; k < patternWords; k++)
      view.setUint32(
        chunk + starts[3] + 4 * (patternWords * at + k),
        value.patterns(patternWords * r + k),
        true,
      );
    for (let k = 0; k < 3 * outputs; k++)
      view.setFloat64(chunk + starts[4] + 8 * (3 * outputs * at + k), value.maps(3 * outputs * r + k), true);
    for (let k = 0; k < outputs; k++)
      view.setFloat64(chunk + starts[5] + 8 * (outputs * at + k), value.mapErrors(outputs * r + k), true);
  }
  return {
    memory: { buffer },
    edgeChunk,
    regionChunk,
    regionShift: () => shift,
    regionArray: (k: number) => starts[k + 1],
  } as unknown as EngineExports;
}

const list = (n: number, of: (i: number) => number) => Array.from({ length: n }, (_, i) => of(i));

test("arrays have the lengths of their regions and edges, and the last offset is the number of edges", () => {
  for (const [regions, edges, patternWords, outputs] of [
    [3, 11, 2, 4],
    [0, 0, 1, 1],
    [5, 15, 0, 0],
    [1, 3, 1, 2],
  ]) {
    for (const room of [ownRoom, sharedRoom]) {
      const arrays = makeArrays({ regions, edges }, { patternWords, outputs }, room);
      const lengths = Object.fromEntries(Object.entries(arrays).map(([name, { length }]) => [name, length]));
      assert.equal(lengths, {
        vertices: 2 * edges,
        edgeNeurons: edges,
        twins: edges,
        regionsOfEdges: edges,
        offsets: regions + 1,
        areas: regions,
        patternHash: 4 * regions,
        patterns: patternWords * regions,
        maps: 3 * outputs * regions,
        mapErrors: outputs * regions,
      });
      assert.equal([...arrays.offsets], [...new Array<number>(regions).fill(0), edges]);
      assert.is(arrays.twins instanceof Int32Array && arrays.edgeNeurons instanceof Int32Array, true);
      const kind = room === sharedRoom ? SharedArrayBuffer : ArrayBuffer;
      for (const { buffer, byteOffset } of Object.values(arrays)) {
        assert.ok((buffer as unknown) instanceof kind);
        assert.is(byteOffset, 0);
      }
    }
  }
});

test("arrays lie where their room is, and ask for as many bytes as they need", () => {
  const buffer = new ArrayBuffer(4096);
  let top = 0;
  const asked: number[] = [];
  const room = (bytes: number) => {
    asked.push(bytes);
    const byteOffset = top;
    top += Math.ceil(bytes / 8) * 8;
    return { buffer, byteOffset };
  };
  const arrays = makeArrays({ regions: 2, edges: 7 }, { patternWords: 3, outputs: 2 }, room);
  const places = Object.values(arrays).map(({ byteOffset, byteLength }) => [byteOffset, byteLength]);
  assert.ok(Object.values(arrays).every((array) => array.buffer === buffer));
  assert.equal(
    asked.sort((a, b) => a - b),
    places.map(([, bytes]) => bytes).sort((a, b) => a - b),
  );
  assert.equal(
    asked.reduce((sum, bytes) => sum + bytes, 0),
    12 + 112 + 28 + 28 + 28 + 16 + 32 + 24 + 96 + 32,
  );
});

test("every number comes out of its chunk, to the last of a chunk and the first of the next", () => {
  for (const [regions, edges, patternWords, outputs, shift] of [
    [5, 20, 2, 3, 2],
    [4, 16, 1, 1, 2],
    [8, 3, 3, 2, 2],
    [9, 7, 1, 0, 2],
    [3, 10, 1, 1, 9],
    [1, EDGES, 1, 1, 3],
    [2, EDGES + 1, 1, 1, 0],
    [1, 2 * EDGES, 1, 0, 0],
    [0, 0, 1, 1, 4],
  ]) {
    const shape = { patternWords, outputs };
    const extent = { regions, edges };
    const exports = filled({ ...extent, ...shape, shift });
    const arrays = makeArrays(extent, shape, ownRoom);
    deliver(exports, arrays, shape);
    const name = `${regions} regions, ${edges} edges`;
    assert.equal([...arrays.vertices], list(2 * edges, value.vertices), name);
    assert.equal([...arrays.edgeNeurons], list(edges, value.edgeNeurons), name);
    assert.equal([...arrays.twins], list(edges, value.twins), name);
    assert.equal([...arrays.regionsOfEdges], list(edges, value.regionsOfEdges), name);
    assert.equal([...arrays.offsets], [...list(regions, value.offsets), edges], name);
    assert.equal([...arrays.areas], list(regions, value.areas), name);
    assert.equal([...arrays.patternHash], list(4 * regions, value.patternHash), name);
    assert.equal([...arrays.patterns], list(patternWords * regions, value.patterns), name);
    assert.equal([...arrays.maps], list(3 * outputs * regions, value.maps), name);
    assert.equal([...arrays.mapErrors], list(outputs * regions, value.mapErrors), name);
  }
});

test("doubtful edges are found in every chunk, each once, in order", () => {
  const find = (edges: number, doubtful: number[]) =>
    doubtfulEdges(filled({ regions: 1, edges, patternWords: 1, outputs: 1, shift: 0, doubtful }), edges);
  assert.equal(find(0, []), new Int32Array(0));
  assert.equal(find(5, []), new Int32Array(0));
  assert.equal(find(5, [0, 3, 4]), Int32Array.of(0, 3, 4));
  assert.equal(find(EDGES, [0, EDGES - 1]), Int32Array.of(0, EDGES - 1));
  const many = [1, EDGES - 1, EDGES, EDGES + 1, 2 * EDGES - 1, 2 * EDGES];
  assert.equal([...find(2 * EDGES + 1, many)], many);
  // Only so many edges were written: what lies behind them is of an earlier walk.
  const exports = filled({
    regions: 1,
    edges: 9,
    patternWords: 1,
    outputs: 1,
    shift: 0,
    doubtful: [2, 6, 7],
  });
  assert.equal([...doubtfulEdges(exports, 7)], [2, 6]);
  assert.equal([...doubtfulEdges(exports, 6)], [2]);
  const later = [EDGES + 2, EDGES + 7];
  const second = filled({
    regions: 1,
    edges: EDGES + 9,
    patternWords: 1,
    outputs: 1,
    shift: 0,
    doubtful: later,
  });
  assert.equal([...doubtfulEdges(second, EDGES + 7)], [EDGES + 2]);
});

test("a streamed block has the words of its neurons, and all that a visitor reads", () => {
  for (const [neurons, words] of [
    [1, 1],
    [32, 1],
    [33, 2],
    [64, 2],
    [65, 3],
  ]) {
    const extent = { regions: 6, edges: 22 };
    const exports = filled({ ...extent, patternWords: words, outputs: 2, shift: 2 });
    const layers = Uint16Array.of(1, 2);
    const block = takeBlock({ exports, plan: { neurons } } as Engine, extent, 2, layers);
    assert.is(block.count, 6);
    assert.is(block.patternWords, words, `${neurons} neurons`);
    assert.is(block.outputs, 2);
    assert.is(block.layerOfNeuron, layers);
    assert.equal([...block.vertices], list(44, value.vertices));
    assert.equal([...block.edgeNeurons], list(22, value.edgeNeurons));
    assert.equal([...block.offsets], [...list(6, value.offsets), 22]);
    assert.equal([...block.areas], list(6, value.areas));
    assert.equal([...block.patterns], list(6 * words, value.patterns));
    assert.equal([...block.patternHash], list(24, value.patternHash));
    assert.equal([...block.maps], list(36, value.maps));
  }
});

test.run();
