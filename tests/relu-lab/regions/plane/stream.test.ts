// The streaming half of a worker, run in this thread: what it posts, when it may, and what it counts.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { checkDomain } from "../../../../packages/relu-lab/src/regions/plane/domain";
import { Engine } from "../../../../packages/relu-lab/src/regions/plane/engine";
import { planOf } from "../../../../packages/relu-lab/src/regions/plan/plan";
import {
  TURN,
  visitShare,
  WAITING,
  type StreamEvent,
  type VisitTask,
} from "../../../../packages/relu-lab/src/regions/plane/stream";
import { sharedParts, stopAll } from "../../../../packages/relu-lab/src/regions/plane/task";

const box = { lo: [-1, -1], hi: [1, 1] };
const net = network.heNetwork([2, 9, 6, 2], random.generator("stream"), 0.3);

function taskOf(withMaps: boolean, which = net): VisitTask {
  const plan = planOf(which);
  return {
    plan,
    domain: checkDomain(box, 2),
    certified: true,
    limit: Infinity,
    ...sharedParts(1),
    outputs: withMaps ? plan.output.outputs : 0,
    withMaps,
    turn: new Int32Array(new SharedArrayBuffer(8)),
  };
}

/** What a worker posts, with what it gives away. */
function posted(task: VisitTask, worker = 0) {
  const events: StreamEvent[] = [];
  const moved: ArrayBuffer[][] = [];
  const share = visitShare(task, worker, (event, transfer) => {
    events.push(event);
    if (transfer) moved.push(transfer);
  });
  return { events, moved, share };
}

test("the blocks are the regions of an enumeration, each subtree's before the word that it is done", () => {
  for (const withMaps of [true, false]) {
    const task = taskOf(withMaps);
    task.turn[TURN] = 1 << 30;
    const { events, moved, share } = posted(task);
    const expected = regions.planeSync(net, box);
    assert.is(share.regions, expected.count);
    assert.is(share.complete, true);
    assert.is(task.found[0], expected.count);
    const blocks = events.flatMap(({ block }) => (block ? [block] : []));
    const all = (of: (block: regions.RegionBlock) => ArrayLike<number>) =>
      blocks.flatMap((b) => Array.from(of(b)));
    const sorted = (values: ArrayLike<number>) => Float64Array.from(values).sort();
    assert.equal(sorted(all(({ areas }) => areas)), sorted(expected.areas));
    assert.is(all(({ edgeNeurons }) => edgeNeurons).length, expected.edgeNeurons.length);
    assert.equal(sorted(all(({ maps }) => maps)), sorted(withMaps ? expected.maps : []));
    for (const block of blocks) {
      assert.equal([block.outputs, block.patternWords], [withMaps ? 2 : 0, 1]);
      assert.is(block.offsets[block.count], block.vertices.length / 2);
      assert.equal(block.layerOfNeuron, expected.layerOfNeuron);
    }
    // Everything but what all blocks share is given away, each buffer once.
    assert.is(moved.length, blocks.length);
    moved.forEach((buffers, i) => {
      const { vertices, offsets, edgeNeurons, areas, patterns, patternHash, maps } = blocks[i];
      const own = [vertices, offsets, edgeNeurons, areas, patterns, patternHash, maps];
      assert.equal(new Set(buffers), new Set<unknown>(own.map(({ buffer }) => buffer)));
      assert.is(buffers.length, 7);
    });
    // The numbers of subtrees ascend; after "done" nothing of it comes, and each is done once.
    const order = events.map(({ subtree }) => subtree);
    assert.equal(
      order,
      [...order].sort((a, b) => a - b),
    );
    const done = events.filter(({ block }) => !block).map(({ subtree }) => subtree);
    assert.is(new Set(done).size, done.length);
    assert.ok(done.length > 3, `${done.length} subtrees`);
    events.forEach(({ subtree, block }, i) => {
      if (!block) assert.ok(events.slice(i + 1).every((later) => later.subtree !== subtree));
    });
    assert.equal([...new Set(order)], done);
    assert.is(task.turn[WAITING], blocks.length, "as many blocks wait as were posted");
  }
});

test("a subtree that another worker has claimed is left to it", () => {
  const whole = posted(Object.assign(taskOf(true), { turn: Int32Array.of(1 << 30, 0) }));
  const task = taskOf(true);
  task.turn[TURN] = 1 << 30;
  const numbers = [...new Set(whole.events.map(({ subtree }) => subtree))];
  const taken = numbers.filter((_, i) => i % 3 === 1);
  for (const subtree of taken) task.claims[subtree] = 8;
  const { events, share } = posted(task);
  assert.equal(
    [...new Set(events.map(({ subtree }) => subtree))],
    numbers.filter((s) => !taken.includes(s)),
  );
  const left = whole.events.filter(({ subtree }) => !taken.includes(subtree));
  const count = (list: StreamEvent[]) => list.reduce((sum, { block }) => sum + (block?.count ?? 0), 0);
  assert.is(share.regions, count(left));
  assert.is(count(events), count(left));
  for (const subtree of numbers) assert.is(task.claims[subtree], taken.includes(subtree) ? 8 : 1);
});

/** The turn as a worker reads it, with what happens when it goes to sleep. */
function watchingTurn(task: VisitTask, asleep: (sleeps: number) => void) {
  const { wait } = Atomics;
  let sleeps = 0;
  const sleep = (_: Int32Array, index: number, value: number, timeout?: number): string => {
    assert.is(index, TURN);
    assert.is(task.turn[TURN], value, "it sleeps until the turn changes");
    assert.ok(timeout! > 0 && timeout! <= 1000, "and looks again after a while");
    asleep(++sleeps);
    return "not-equal";
  };
  Atomics.wait = sleep as typeof Atomics.wait;
  try {
    return { ...posted(task), sleeps };
  } finally {
    Atomics.wait = wait;
  }
}

test("a worker waits while 64 blocks wait and it is not its turn", () => {
  const task = taskOf(false);
  task.turn.set([0, 63]); // one more has room
  const first = watchingTurn(task, () => (task.turn[WAITING] = 0));
  // Subtree 0 has the turn; of the others one block fills the room, and the next has to wait until it is empty.
  const later = first.events.filter(({ subtree, block }) => block && subtree > 0).length;
  assert.ok(later > 3);
  assert.is(first.share.regions, regions.planeSync(net, box).count, "nothing is lost");

  const full = taskOf(false);
  full.turn.set([0, 64]);
  const sleeps: number[] = [];
  const second = watchingTurn(full, (n) => {
    sleeps.push(n);
    if (n % 2 === 0) full.turn[TURN]++; // only every other time the turn moves on
  });
  // The subtree whose turn it is never waits; each later one waits until the turn has come to it.
  const last = second.events[second.events.length - 1].subtree;
  assert.is(full.turn[TURN], last);
  assert.is(second.sleeps, 2 * last);
});

test("64 blocks may wait: the next one sleeps when they do, and not before", () => {
  for (const before of [60, 63, 64]) {
    const task = taskOf(false);
    task.turn.set([-1, before]); // nobody's turn yet
    const waiting: number[] = [];
    watchingTurn(task, (n) => {
      waiting.push(task.turn[WAITING]);
      if (n === 2) task.turn[TURN] = 1 << 30;
    });
    assert.equal(waiting, [64, 64], `${before} waiting before`);
  }
});

test("a worker's walk leaves its memory to the next", () => {
  const { plan, domain } = taskOf(false);
  const before = new Engine(plan, domain);
  before.release();
  const task = taskOf(false);
  task.turn[TURN] = 1 << 30;
  posted(task);
  const after = new Engine(plan, domain);
  assert.is(after.exports, before.exports);
  after.release();
  const failing = () => {
    throw new Error("lost");
  };
  assert.throws(() => visitShare({ ...task, ...sharedParts(1) }, 0, failing), /lost/);
  const last = new Engine(plan, domain);
  assert.is(last.exports, before.exports);
  last.release();
});

test("whoever has the turn never waits, nor one for whom there is room", () => {
  for (const [turn, waiting] of [
    [1 << 20, 1 << 20],
    [0, -1000],
    [1 << 20, 0],
  ]) {
    const task = taskOf(false);
    task.turn.set([turn, waiting]);
    const { sleeps, events } = watchingTurn(task, (n) => {
      if (n > 100) throw new Error("it waits for ever");
    });
    assert.is(sleeps, 0, `turn ${turn}, ${waiting} waiting`);
    assert.ok(events.length > 0);
  }
});

test("a walk that is stopped while it waits goes on to its end", () => {
  const task = taskOf(false);
  task.turn.set([0, 64]);
  const { sleeps } = watchingTurn(task, (n) => {
    if (n === 3) stopAll(task);
    assert.ok(n <= 3, "it does not sleep again");
  });
  assert.is(sleeps, 3);
});

test("an error on the way leaves nothing behind: the next walk is whole", () => {
  const task = taskOf(false);
  task.turn[TURN] = 1 << 30;
  const failing = () => {
    throw new Error("lost");
  };
  assert.throws(() => visitShare(task, 0, failing), /lost/);
  const again = taskOf(false);
  again.turn[TURN] = 1 << 30;
  assert.is(posted(again).share.regions, regions.planeSync(net, box).count);
});

test.run();
