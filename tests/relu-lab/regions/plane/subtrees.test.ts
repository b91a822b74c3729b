// Subtrees of a walk: taken from an engine one by one, laid out in the order of the walk, and joined.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { ownRoom } from "../../../../packages/relu-lab/src/regions/plane/collect";
import { checkDomain } from "../../../../packages/relu-lab/src/regions/plane/domain";
import { Engine } from "../../../../packages/relu-lab/src/regions/plane/engine";
import type { Script } from "../../../../packages/relu-lab/src/regions/plane/joints";
import { planOf } from "../../../../packages/relu-lab/src/regions/plan/plan";
import {
  join,
  layOut,
  SubtreeCollector,
  type Subtree,
} from "../../../../packages/relu-lab/src/regions/plane/subtrees";
import { inRows } from "../../../rows";

const box = { lo: [-1, -1], hi: [1, 1] };
const shape = { patternWords: 1, outputs: 1 };

/** A subtree of so many regions and edges; its polygon's sides as lists of edges. */
function subtree(
  index: number,
  regionsOf: number,
  edges: number,
  sides: number[][] = [],
  doubtful: number[] = [],
): Subtree {
  return {
    index,
    regions: regionsOf,
    edges,
    sides: Int32Array.from(sides.flatMap((side) => [side.length, ...side])),
    doubtful: Int32Array.from(doubtful),
  };
}

test("subtrees lie one after the other in the order of their numbers, however they came", () => {
  const three = [subtree(5, 4, 13), subtree(0, 2, 7), subtree(3, 0, 0), subtree(9, 1, 3)];
  const before = three.map(({ index }) => index);
  const { arrays, places } = layOut(three, shape, ownRoom);
  assert.equal(places, [
    { index: 0, region: 0, edge: 0 },
    { index: 3, region: 2, edge: 7 },
    { index: 5, region: 2, edge: 7 },
    { index: 9, region: 6, edge: 20 },
  ]);
  assert.equal([arrays.areas.length, arrays.twins.length, arrays.offsets[7]], [7, 23, 23]);
  assert.equal(
    three.map(({ index }) => index),
    before,
    "the list itself stays as it is",
  );
  assert.equal(layOut([], shape, ownRoom).places, []);
});

/** A square cut from its first corner to its third: corner 1 below, corner 3 above. */
const cut = Int8Array.of(0, -1, 0, 1);
const above = (first: number[]) => [first, [3], [4]];
const below = (last: number[]) => [[0], [1], last];

test("edges are renumbered to their places, joined along the cut, and doubtful on it", () => {
  const two = [subtree(1, 1, 5, below([2, 4]), [3]), subtree(0, 2, 8, above([5, 6]), [7, 2])];
  const { places } = layOut(two, shape, ownRoom);
  const twins = new Int32Array(13).fill(-1);
  const doubtful = join(two, places, [0, 1, cut], twins, 0, true);
  // The second subtree's edges begin at 8: 5 faces 12, 6 faces 10.
  assert.equal([twins[5], twins[12], twins[6], twins[10]], [12, 5, 10, 6]);
  assert.is(twins.filter((twin) => twin >= 0).length, 4);
  assert.equal(doubtful, [7, 2, 11, 5, 6]);
});

test("an incomplete walk is not joined: its script has gaps", () => {
  const two = [subtree(0, 2, 8, above([5, 6]), [7]), subtree(1, 1, 5, below([2, 4]), [0])];
  const { places } = layOut(two, shape, ownRoom);
  const twins = new Int32Array(13).fill(-1);
  assert.equal(join(two, places, [0, cut], twins, 3, false), [7, 8]);
  assert.ok(twins.every((twin) => twin === -1));
});

test("unequal numbers of edges on two sides are an error that tells their number", () => {
  const join2 = (first: number[], last: number[], before: number) => {
    const two = [subtree(0, 2, 8, above(first)), subtree(1, 1, 5, below(last))];
    const { places } = layOut(two, shape, ownRoom);
    return join(two, places, [0, 1, cut], new Int32Array(13), before, true);
  };
  assert.equal(join2([5], [2], 0), [5]);
  assert.throws(() => join2([5, 6], [2], 0), /^1 chords have unequal numbers/);
  assert.throws(() => join2([5], [2], 1), /^1 chords/);
  assert.throws(() => join2([], [2], 2), /^3 chords/);
});

test("empty sides and sides of one edge are read as they are", () => {
  const two = [subtree(0, 1, 8, [[5, 6, 7], [], [4]]), subtree(1, 1, 5, [[0], [], [4, 3, 2]])];
  const { places } = layOut(two, shape, ownRoom);
  const twins = new Int32Array(13).fill(-1);
  assert.equal(join(two, places, [0, 1, cut], twins, 0, true), [5, 6, 7]);
  assert.equal([twins[5], twins[6], twins[7]], [10, 11, 12]);
});

/** Walks with an engine whose subtrees at this depth are taken one by one. */
function walk(net: network.ReluNetwork, depth: number, linear: boolean, mayClaim: (s: number) => boolean) {
  const plan = planOf(net);
  const kept = { patternWords: Math.ceil(plan.neurons / 32), outputs: plan.output.outputs, linear };
  const collector = new SubtreeCollector(kept);
  const host = collector.host(() => engine, mayClaim);
  const engine: Engine = new Engine(plan, checkDomain(box, 2), host, true, true);
  engine.exports.enumerate(kept.outputs, 0, linear ? 1 : 0);
  engine.exports.claimAt(depth, 1);
  engine.run();
  const found = { regions: engine.exports.regions(), mismatches: engine.exports.mismatches() };
  engine.release();
  return { ...collector, ...found, kept };
}

const numbers = (script: Script) => script.filter((step): step is number => typeof step === "number");

test("every subtree is taken with its regions, edges and sides; the script has a cut for each pair", () => {
  const net = network.heNetwork([2, 5, 4, 1], random.generator("subtrees"), 0.3);
  const expected = regions.planeSync(net, box);
  for (const depth of [1, 2, 4]) {
    const { script, subtrees, regions: total, mismatches, kept, pieces } = walk(net, depth, true, () => true);
    assert.is(mismatches, 0);
    assert.is(total, expected.count);
    assert.is(subtrees.length, numbers(script).length);
    assert.is(script.length, 2 * subtrees.length - 1);
    assert.equal(
      subtrees.map(({ index }) => index),
      numbers(script),
    );
    assert.is(
      subtrees.reduce((sum, { regions: r }) => sum + r, 0),
      expected.count,
    );
    assert.is(
      subtrees.reduce((sum, { edges }) => sum + edges, 0),
      expected.twins.length,
    );
    assert.ok(subtrees.every(({ edges, regions: r }) => edges >= 3 * r && r > 0));
    const { arrays, places } = layOut(subtrees, kept, ownRoom);
    pieces.deliver({ arrays, places });
    pieces.release();
    const doubtful = join(subtrees, places, script, arrays.twins, mismatches, true);
    assert.is(new Set(doubtful).size, doubtful.length);
    const sorted = (values: ArrayLike<number>) => Float64Array.from(values).sort();
    assert.equal(sorted(arrays.areas), sorted(expected.areas), `depth ${depth}`);
    assert.equal(
      arrays.twins.filter((twin) => twin < 0).length,
      expected.twins.filter((twin) => twin < 0).length,
    );
    arrays.twins.forEach((twin, e) => twin >= 0 && assert.is(arrays.twins[twin], e));
  }
});

test("a subtree that somebody else has is named in the script and not taken", () => {
  const net = network.heNetwork([2, 5, 4, 1], random.generator("subtrees"), 0.3);
  const all = walk(net, 2, true, () => true);
  all.pieces.release();
  const others = numbers(all.script).filter((_, i) => i % 2 === 1);
  const some = walk(net, 2, true, (s) => !others.includes(s));
  some.pieces.release();
  assert.equal(some.script, all.script);
  assert.equal(
    some.subtrees.map(({ index, regions: r, edges }) => [index, r, edges]),
    all.subtrees
      .filter(({ index }) => !others.includes(index))
      .map(({ index, regions: r, edges }) => [index, r, edges]),
  );
});

test("doubtful edges are noted only where linear regions are wanted", () => {
  // Two neurons on one line that cancel out, and others that cut it.
  const net = network.ReluNetwork.of([
    { W: inRows(2, [1, 0, 1, 0, 0, 1, 1, 1]), b: [0, 0, 0.25, 0.125], activation: "relu" },
    { W: [[1, -1, 1, 1]], b: [0], activation: "linear" },
  ]);
  for (const linear of [true, false]) {
    const { subtrees, pieces } = walk(net, 0, linear, () => true);
    pieces.release();
    const noted = subtrees.reduce((sum, { doubtful }) => sum + doubtful.length, 0);
    assert.is(noted > 0, linear);
    assert.ok(subtrees.every(({ doubtful }) => doubtful instanceof Int32Array));
  }
});

test.run();
