// Many segments: how they are shared out, when there are threads, and what is told on the way.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { countShare } from "../../../../packages/relu-lab/src/regions/segment/segments";
import { withClock } from "./clock";

const { segment, segments } = regions;

const net = network.heNetwork([2, 6, 5, 1], random.generator("segments"), 0.3);
const endsOf = (count: number, seed = 0) =>
  Float64Array.from({ length: 4 * count }, (_, i) => Math.sin(1 + i + 1000 * seed));
const keys = ["acts", "pieces", "laps", "flats"] as const;

async function withWorkers<R>(workers: string, work: () => Promise<R>): Promise<R> {
  const before = process.env.RELU_LAB_WORKERS;
  process.env.RELU_LAB_WORKERS = workers;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env.RELU_LAB_WORKERS;
    else process.env.RELU_LAB_WORKERS = before;
  }
}

const message = (work: Promise<unknown>) =>
  work.then(
    () => "",
    (error: Error) => error.message,
  );

test("every segment is counted once, whatever their number, with the counts of segment itself", async () => {
  for (const count of [0, 1, 7, 8, 9, 16, 17]) {
    const ends = endsOf(count, count);
    const found = await segments(net, ends, { workers: 1 });
    assert.is(found.workers, 1);
    assert.is(found.certified, true);
    for (const key of keys) {
      const expected = Array.from({ length: count }, (_, i) => {
        const at = (k: number) => [...ends.subarray(4 * i + k, 4 * i + k + 2)];
        return segment(net, at(0), at(2))[key];
      });
      assert.equal([...found[key]], expected, `${count}: ${key}`);
    }
  }
});

test("a share claims eight segments at a time, from where the counter stands, and stops at the end", () => {
  const count = 21;
  for (const first of [0, 8, 16, 24]) {
    const task = {
      ends: endsOf(count),
      results: new Int32Array(5 * count).fill(-1),
      next: Int32Array.of(first),
    };
    countShare(net, task);
    assert.is(task.next[0], Math.max(32, first + 8), "one claim that finds nothing left");
    const full = { ends: endsOf(16), results: new Int32Array(5 * 16), next: Int32Array.of(0) };
    countShare(net, full);
    assert.is(full.next[0], 24);
    for (let i = 0; i < count; i++) {
      const row = [...task.results.subarray(5 * i, 5 * i + 5)];
      const r = segment(net, task.ends.subarray(4 * i, 4 * i + 2), task.ends.subarray(4 * i + 2, 4 * i + 4));
      assert.equal(row, i < first ? [-1, -1, -1, -1, -1] : [r.acts, r.pieces, r.laps, r.flats, 1]);
    }
  }
});

test("there are no more threads than there are eights of segments, and none for little work", async () => {
  const workers = async (count: number, asked?: number) =>
    (await segments(net, endsOf(count), { workers: asked })).workers;
  assert.equal(
    [await workers(8, 3), await workers(9, 3), await workers(17, 2), await workers(0, 3)],
    [1, 2, 2, 1],
  );
  await withWorkers("2", async () => {
    assert.is(await workers(40), 1, "40 small segments are no work");
    assert.is(await workers(40, 1), 1);
  });
});

// A layer of a million weights that are all zero: 24 segments are worth a thread, 12 are not.
for (const [count, workers] of [
  [24, 2],
  [12, 1],
]) {
  test(`${count} segments of a network of a million weights: ${workers} of two threads`, () =>
    withWorkers("2", async () => {
      const large = network.ReluNetwork.of([
        { W: new Float64Array(1000), b: new Float64Array(1000), activation: "linear" },
        { W: new Float64Array(1e6), b: new Float64Array(1000), activation: "linear" },
      ]);
      const found = await segments(large, new Float64Array(2 * count));
      assert.equal([found.workers, [...found.acts]], [workers, new Array<number>(count).fill(1)]);
    }));
}

/** Runs `work`, and gives the memory that it has made for threads. */
async function sharedBy(work: () => Promise<unknown>): Promise<SharedArrayBuffer[]> {
  const { SharedArrayBuffer: Shared } = globalThis;
  const made: SharedArrayBuffer[] = [];
  globalThis.SharedArrayBuffer = new Proxy(Shared, {
    construct(target, given) {
      made.push(Reflect.construct(target, given) as SharedArrayBuffer);
      return made[made.length - 1];
    },
  });
  try {
    await work();
  } finally {
    globalThis.SharedArrayBuffer = Shared;
  }
  return made;
}

test("memory is shared when there are threads, and only then", async () => {
  assert.is((await sharedBy(() => segments(net, endsOf(8), { workers: 1 }))).length, 0);
  assert.is((await sharedBy(() => segments(net, endsOf(20), { workers: 2 }))).length, 3);
});

test("other threads are sent the network; one alone needs none", async () => {
  let sent = 0;
  const own = network.ReluNetwork.of(net.specs());
  own.sparseSpecs = () => (sent++, net.specs());
  await segments(own, endsOf(20), { workers: 1 });
  assert.is(sent, 0);
  await segments(own, endsOf(20), { workers: 2 });
  assert.is(sent, 1);
});

test("when a report throws, what is left is not claimed any more", async () => {
  const count = 804; // claims go by eights: a counter of 4 more was set to the end
  const onProgress = () => {
    throw new Error("from the report");
  };
  let thrown = "";
  const made = await sharedBy(async () => {
    thrown = await withClock(25, () => message(segments(net, endsOf(count), { workers: 2, onProgress })));
  });
  assert.is(thrown, "from the report");
  const next = new Int32Array(made[made.length - 1]);
  assert.is(next.length, 1);
  assert.ok(next[0] >= count && next[0] <= count + 16 && next[0] % 8 === 4, `${next[0]}`);
});

test("progress is told every 20 ms, never above the number of segments; other work gets the thread", async () => {
  const told = async (step: number, count: number) => {
    const seen: number[] = [];
    await withClock(step, () =>
      segments(net, endsOf(count), { workers: 1, onProgress: (n) => seen.push(n) }),
    );
    return seen;
  };
  assert.equal(await told(0, 30), []);
  assert.equal(await told(25, 20), [8, 16, 20]);
  // Readings at 10; 20, 30 (20 ms are over), 40; 50, 60, 70; 80, 90.
  assert.equal(await told(10, 48), [16, 32, 48]);
  // The clock is read once a claim, and once more after each pause: 20 ms are over at every eleventh reading.
  const some = await told(2, 8 * 40);
  assert.ok(some.length >= 3 && some.length <= 4, `${some}`);
  assert.ok(some.every((n, i) => n % 8 === 0 && n > (some[i - 1] ?? 0)));
  let turns = 0;
  let timer: NodeJS.Timeout;
  const count = (): void => {
    turns++;
    timer = setTimeout(count, 0);
  };
  timer = setTimeout(count, 0);
  await withClock(25, () => segments(net, endsOf(80), { workers: 1 }));
  clearTimeout(timer);
  assert.ok(turns >= 5, `${turns} turns`);
});

test("an abort is heard in the next pause, and nothing more is claimed", async () => {
  for (const workers of [1, 2]) {
    const stop = new AbortController();
    const seen: number[] = [];
    const thrown = await withClock(25, () =>
      message(
        segments(net, endsOf(800), {
          workers,
          signal: stop.signal,
          onProgress(n) {
            seen.push(n);
            if (seen.length === 2) stop.abort(new Error("enough"));
          },
        }),
      ),
    );
    assert.is(thrown, "enough");
    assert.is(seen.length, 2);
  }
  const before = AbortSignal.abort(new Error("too late"));
  assert.is(await message(segments(net, [1, 2, 3], { signal: before })), "too late");
  // One that comes while the last segments are counted still counts as an abort.
  const late = new AbortController();
  const last = message(segments(net, endsOf(4), { workers: 1, signal: late.signal }));
  late.abort(new Error("at the end"));
  assert.is(await last, "at the end");
});

test("bad lists are refused by segment and value", async () => {
  assert.match(
    await message(segments(net, [1, 2, 3, 4, 5])),
    /5 numbers are not segments of 4: start and end of 2 coordinates each/,
  );
  assert.match(
    await message(segments(net, [NaN, 0, 0, 0])),
    /segment 0 has the coordinate NaN: coordinates must be finite/,
  );
  assert.match(
    await message(segments(net, [0, 0, 0, 0, 0, 0, 0, -Infinity])),
    /segment 1 has the coordinate -Infinity/,
  );
  assert.match(await message(segments(net, endsOf(3), { workers: 0 })), /workers is 0/);
  assert.match(await message(segments(net, endsOf(3), { workers: 1.5 })), /workers is 1.5/);
});

test.run();
