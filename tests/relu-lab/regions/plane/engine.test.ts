// The engine's surroundings: who is asked what, what happens to errors, whose memory is used again.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { checkDomain } from "../../../../packages/relu-lab/src/regions/plane/domain";
import { Engine, type EngineHost } from "../../../../packages/relu-lab/src/regions/plane/engine";
import { planOf } from "../../../../packages/relu-lab/src/regions/plan/plan";
import { inRows } from "../../../rows";

const { ReluNetwork, heNetwork } = network;
const box = { lo: [-1, -1], hi: [1, 1] };
const square = checkDomain(box, 2);
const net = heNetwork([2, 12, 12, 1], random.generator("engine"), 0.3);
const plan = planOf(net);
const expected = regions.countPlaneSync(net, box).regions;

/** An engine on its way, told what to do before it runs. */
function engineWith(host: EngineHost, enumerate = false): Engine {
  const engine = new Engine(plan, square, host, true, enumerate);
  if (enumerate) engine.exports.enumerate(1, 0, 1);
  return engine;
}

test("what the surroundings throw ends the walk, is thrown once, and nobody is asked afterwards", () => {
  for (const call of ["claim", "progress", "joint", "finished", "regions"] as const) {
    for (const nothing of [false, true]) {
      const error = nothing ? null : new Error(`from ${call}`);
      let after = -1;
      const count = () => {
        if (after >= 0) after++;
      };
      const host: EngineHost = {
        claim: () => (count(), true),
        progress: () => (count(), Infinity),
        joint: count,
        finished: count,
        regions: count,
      };
      host[call] = () => {
        after = 0;
        throw error;
      };
      const engine = engineWith(host, true);
      if (call === "regions") engine.exports.enumerate(1, 1, 0);
      if (call !== "progress") engine.exports.claimAt(3, 1);
      let thrown: unknown;
      try {
        engine.run();
        thrown = "nothing";
      } catch (caught) {
        thrown = caught;
      }
      if (after < 0) continue; // the call does not come up in a walk as small as this
      assert.is(thrown, error, `${call}`);
      assert.is(after, 0, `${call}: nobody is asked afterwards`);
      assert.ok(engine.exports.regions() < expected || call === "finished", `${call}: the walk is cut short`);
    }
  }
});

test("a walk without surroundings is whole; subtrees that are refused are left out", () => {
  const alone = engineWith({});
  alone.run();
  assert.is(alone.exports.regions(), expected);
  assert.is(alone.exports.stopped(), 0);
  alone.release();
  const asked: number[] = [];
  const shares = [0, 1].map((parity) => {
    const engine = engineWith({
      claim: (subtree) => {
        if (parity === 0) asked.push(subtree);
        return subtree % 2 === parity;
      },
    });
    engine.exports.claimAt(4, parity === 0 ? 1 : 0);
    engine.run();
    const found = engine.exports.regions();
    engine.release();
    return found;
  });
  assert.ok(shares[0] > 0 && shares[1] > 0);
  assert.is(shares[0] + shares[1], expected);
  assert.is(new Set(asked).size, asked.length);
  const nobody = engineWith({ claim: () => false });
  nobody.exports.claimAt(4, 0);
  nobody.run();
  assert.is(nobody.exports.regions(), 0);
  nobody.release();
});

test("without surroundings, regions are streamed and subtrees joined for nobody", () => {
  for (const [streaming, depth] of inRows(2, [1, 0, 0, 3, 1, 3])) {
    const engine = engineWith({}, true);
    engine.exports.enumerate(1, streaming, 0);
    if (depth > 0) engine.exports.claimAt(depth, 1);
    engine.run();
    assert.is(engine.exports.regions(), expected);
    engine.release();
  }
});

test("progress answers when to ask again, and stops the walk by a number that is reached", () => {
  const told: number[] = [];
  const engine = engineWith({ progress: (found) => (told.push(found), 40) });
  engine.run();
  assert.is(engine.exports.stopped(), 1);
  const found = engine.exports.regions();
  assert.ok(found >= 40 && found < 80, `${found}`);
  assert.ok(told.length >= 1 && told.every((n, i) => i === 0 || n >= told[i - 1]));
  engine.release();
  // Without an answer there is no limit.
  const free = engineWith({ progress: undefined });
  free.run();
  assert.equal([free.exports.regions(), free.exports.stopped()], [expected, 0]);
  free.release();
});

test("an engine's memory serves the next one: two are kept, and none of more than 256 MiB", () => {
  const make = () => engineWith({});
  // Whatever earlier tests have left is taken first.
  const drained = [make(), make(), make()];
  const [a, b, c] = [make(), make(), make()];
  assert.is(new Set([...drained, a, b, c].map(({ exports }) => exports)).size, 6);
  for (const engine of [a, b, c]) engine.run();
  a.release();
  b.release();
  c.release();
  const again = [make(), make(), make()].map(({ exports }) => exports);
  assert.is(again.filter((exports) => exports === a.exports || exports === b.exports).length, 2);
  assert.ok(!again.includes(c.exports));
  // A walk in a memory that was used before.
  const used = make();
  used.run();
  assert.is(used.exports.regions(), expected);
  used.release();
  const next = make();
  assert.is(next.exports, used.exports);
  next.run();
  assert.equal(
    [next.exports.regions(), next.cells()],
    [expected, regions.countPlaneSync(net, box).cellsAfterEachLayer],
  );
  next.exports.reserve(2 ** 28);
  assert.ok(next.exports.memory.buffer.byteLength > 2 ** 28);
  next.release();
  assert.is.not(make().exports, next.exports);
});

test("more than a million hidden neurons are refused: the error bound is not shown to hold", () => {
  const large = { ...plan, neurons: 1_000_001 };
  assert.throws(() => new Engine(large, square), /1000001 hidden neurons: .* up to 1000000/);
  const most = new Engine({ ...plan, neurons: 1_000_000 }, square);
  most.run();
  assert.is(most.exports.regions(), expected);
});

test("cells are counted for the layers with ReLUs", () => {
  const linear = ReluNetwork.of([
    { W: inRows(2, [1, 0, 0, 1]), b: [0, 0.25], activation: "relu" },
    { W: inRows(2, [1, 1, 1, -1]), b: [0, 0], activation: "linear" },
    { W: [[1, 0.5]], b: [-0.5], activation: "relu" },
    { W: [[1]], b: [0], activation: "linear" },
  ]);
  const engine = new Engine(planOf(linear), square);
  engine.run();
  const cells = engine.cells();
  assert.is(cells.length, 2);
  assert.is(cells[0], 4);
  assert.is(cells[1], engine.exports.regions());
  assert.equal(cells, regions.countPlaneSync(linear, box).cellsAfterEachLayer);
  engine.release();
});

test("states are one byte a hidden neuron", () => {
  const engine = engineWith({});
  assert.is(engine.states().length, 24);
  engine.run();
  assert.ok(engine.states().every((state) => state === 0 || state === 1));
  engine.release();
});

test("a trap of the engine is told as what it is, with its cause", () => {
  const engine = engineWith({});
  const trap = new Error("unreachable");
  const exports = {
    ...engine.exports,
    run: () => {
      throw trap;
    },
  };
  Object.assign(engine, { exports });
  assert.throws(
    () => engine.run(),
    (error: Error) => /ran out of its stack/.test(error.message) && error.cause === trap,
  );
});

test.run();
