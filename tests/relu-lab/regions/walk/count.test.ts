// The shares of threads as one count, and the clock.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startClock } from "../../../../packages/relu-lab/src/regions/walk/clock";
import { sumOf } from "../../../../packages/relu-lab/src/regions/walk/count";

test("shares as one count: cells layer by layer, certain and complete only where all are", () => {
  const share = (n: number, complete = true) => ({
    regions: n,
    cells: [n, 2 * n],
    fallbacks: 3 * n,
    complete,
  });
  const timed = startClock();
  const { seconds, ...sum } = timed(sumOf([share(1), share(10)], true));
  assert.equal(sum, {
    regions: 11,
    cellsAfterEachLayer: [11, 22],
    certified: true,
    complete: true,
    fallbacks: 33,
    workers: 2,
  });
  assert.ok(seconds >= 0 && seconds < 60);
  const partial = sumOf([share(1), share(10, false)], true);
  assert.equal([partial.certified, partial.complete], [false, false]);
  const plain = sumOf([share(1)], false);
  assert.equal([plain.certified, plain.complete], [false, true]);
});

test("a clock adds the seconds to what was found, whose getters are not asked", () => {
  let asked = 0;
  const found = {
    get costly() {
      return ++asked;
    },
  };
  const timed = startClock()(found);
  assert.is(asked, 0);
  assert.ok(timed.seconds >= 0 && timed.seconds < 60);
  assert.is(timed.costly, 1);
});

test.run();
