// What the threads of a walk share: claims, limits, the flag that stops them; when a walk has threads at all.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";
import { checkDomain } from "../../../../packages/relu-lab/src/regions/plane/domain";
import { Engine } from "../../../../packages/relu-lab/src/regions/plane/engine";
import { planeSync } from "../../../../packages/relu-lab/src/regions/plane/enumerate";
import { planOf } from "../../../../packages/relu-lab/src/regions/plan/plan";
import {
  countShare,
  enumerateShare,
  isStopped,
  sharedParts,
  sharingHost,
  stopAll,
  type EnumerateTask,
  type WalkTask,
} from "../../../../packages/relu-lab/src/regions/plane/task";
import { sumOf } from "../../../../packages/relu-lab/src/regions/walk/count";
import { inRows } from "../../../rows";

const net = network.heNetwork([2, 12, 12, 1], random.generator("task"), 0.3);
const box = checkDomain({ lo: [-1, -1], hi: [1, 1] }, 2);

const taskFor = (workers: number, limit = Infinity): WalkTask => ({
  plan: planOf(net),
  domain: box,
  certified: true,
  limit,
  ...sharedParts(workers),
});

test("more threads have more subtrees: 64 for up to four, twice as many each time these double", () => {
  for (const [workers, subtrees] of inRows(
    2,
    [1, 64, 2, 64, 3, 64, 4, 64, 5, 128, 8, 128, 9, 256, 16, 256, 17, 512, 256, 4096],
  )) {
    const { claims, found } = sharedParts(workers);
    assert.is(claims.length, subtrees + 1, `${workers} workers: a word each, and the flag`);
    assert.is(found.length, workers);
    assert.ok(claims.buffer instanceof SharedArrayBuffer && found.buffer instanceof SharedArrayBuffer);
    assert.ok(claims.every((word) => word === 0) && found.every((n) => n === 0));
  }
});

test("a subtree goes to the first that claims it, and says to whom", () => {
  const task = taskFor(2);
  const [one, two] = [sharingHost(task, 0), sharingHost(task, 1)];
  assert.is(one.claim(0), true);
  assert.is(two.claim(0), false);
  assert.is(one.claim(0), false, "nor twice to the same");
  assert.is(two.claim(63), true);
  assert.is(one.claim(63), false);
  assert.equal([task.claims[0], task.claims[63]], [1, 2]);
  assert.is(isStopped(task), false);
});

test("the flag stops every worker at its next report, and is no subtree", () => {
  const task = taskFor(2);
  const [one, two] = [sharingHost(task, 0), sharingHost(task, 1)];
  assert.equal([one.progress(5), two.progress(7)], [Infinity, Infinity]);
  assert.equal([...task.found], [5, 7]);
  stopAll(task);
  assert.is(isStopped(task), true);
  assert.equal([one.progress(6), two.progress(8)], [0, 0]);
  assert.equal([...task.found], [6, 8], "and what was found is told");
  assert.is(one.claim(63), true);
});

test("a limit counts all workers, in steps that shrink as it comes near", () => {
  const task = taskFor(2, 1000);
  const [one, two] = [sharingHost(task, 0), sharingHost(task, 1)];
  assert.is(one.progress(0), Math.ceil(1000 / 32));
  assert.is(one.progress(200), 200 + 25);
  assert.is(two.progress(160), 160 + 20, "640 are left");
  assert.is(two.progress(799), 799 + 1);
  assert.is(two.progress(800), 0, "200 and 800");
  assert.is(one.progress(300), 0);
  const alone = sharingHost(taskFor(1, 1e9), 0);
  assert.is(alone.progress(10), 10 + 4096, "but at least every 4096 regions");
  assert.is(sharingHost(taskFor(1, 16 * 4096), 0).progress(0), 4096);
  assert.is(sharingHost(taskFor(1, 16 * 4095), 0).progress(0), 4095);
});

test("shares of a walk add up to it; each counts its own subtrees", () => {
  const alone = countShare(taskFor(1), 0);
  assert.is(alone.complete, true);
  const task = taskFor(3);
  // The first worker finds every second subtree taken.
  for (let k = 0; k < 64; k += 2) task.claims[k] = 9;
  const one = countShare(task, 0);
  for (let k = 0; k < 64; k += 2) task.claims[k] = 0;
  const two = countShare(task, 1);
  const three = countShare(task, 2);
  assert.equal([...task.found], [one.regions, two.regions, 0]);
  assert.ok(one.regions > 0 && two.regions > 0);
  assert.is(three.regions, 0);
  const sum = sumOf([one, two, three], true);
  assert.is(sum.regions, alone.regions);
  assert.equal(sum.cellsAfterEachLayer, alone.cells);
  assert.equal([sum.certified, sum.complete, sum.workers], [true, true, 3]);
});

test("an enumeration's shares describe their subtrees; the script above them is the first worker's", () => {
  const task = (): EnumerateTask => ({
    ...taskFor(2),
    kept: { patternWords: 1, outputs: 1, linear: true },
    withMaps: true,
  });
  const whole = enumerateShare(task(), 0).share;
  const shared = task();
  for (let k = 0; k < 64; k += 2) shared.claims[k] = 9;
  const one = enumerateShare(shared, 0).share;
  for (let k = 0; k < 64; k += 2) shared.claims[k] = 0;
  const two = enumerateShare(shared, 1).share;
  assert.equal(one.script.length, whole.script.length);
  assert.ok(one.script.length > 0);
  assert.equal(two.script, []);
  const indices = [one, two].map(({ subtrees }) => subtrees.map(({ index }) => index));
  assert.ok(indices[0].every((k) => k % 2 === 1) && indices[1].every((k) => k % 2 === 0));
  assert.is(indices.flat().length, whole.subtrees.length);
  assert.is(one.regions + two.regions, whole.regions);
  assert.equal([one.mismatches, two.mismatches, one.complete], [0, 0, true]);
  // Nobody listens to every second neuron: the maps on both sides of its boundary are the same.
  const [first] = network.heNetwork([2, 24, 1], random.generator("deaf"), 0.3).specs();
  const W = [Array.from({ length: 24 }, (_, i) => i % 2)];
  const deaf = network.ReluNetwork.of([first, { W, b: [0], activation: "linear" }]);
  const doubtful = (linear: boolean) => {
    const kept = { patternWords: 1, outputs: 1, linear };
    const { subtrees } = enumerateShare({ ...task(), plan: planOf(deaf), kept }, 0).share;
    return subtrees.reduce((sum, subtree) => sum + subtree.doubtful.length, 0);
  };
  assert.ok(doubtful(true) > 0);
  assert.is(doubtful(false), 0);
});

test("shares give their engine's memory back for the next walk", () => {
  const task = taskFor(1);
  const exportsOf = () => {
    const engine = new Engine(task.plan, box);
    engine.release();
    return engine.exports;
  };
  const kept = exportsOf(); // the last one that was given back is the first to be used again
  countShare(taskFor(1), 0);
  assert.is(exportsOf(), kept);
  const { pieces } = enumerateShare(
    { ...task, kept: { patternWords: 1, outputs: 1, linear: true }, withMaps: true },
    0,
  );
  pieces.release();
  assert.is(exportsOf(), kept);
  planeSync(net, { lo: [-1, -1], hi: [1, 1] });
  assert.is(exportsOf(), kept);
});

test.run();
