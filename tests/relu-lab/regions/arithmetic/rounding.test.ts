import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import { LapCounter } from "../../../../packages/relu-lab/src/regions/segment/laps";
import { productError } from "../../../../packages/relu-lab/src/regions/arithmetic/rounding";
import { Rows } from "../../../../packages/relu-lab/src/regions/segment/rows";
import { halvings, toInteger } from "../../../oracle/integers";

test("what a product of doubles lost is given exactly", () => {
  const r = random.generator("products");
  let lossy = 0;
  for (let i = 0; i < 400; i++) {
    const [a, b] = [r.normal(), r.normal() * 2 ** (r.integer(40) - 20)];
    const scale = halvings(a) + halvings(b);
    const exact = toInteger(a, halvings(a)) * toInteger(b, halvings(b));
    const lost = exact - toInteger(a * b, scale);
    assert.is(productError(a, b, a * b), Number(lost) / 2 ** scale);
    if (lost !== 0n) lossy++;
  }
  assert.ok(lossy > 300);
  assert.is(productError(3, 1 / 3, 1), -(2 ** -54));
  assert.is(productError(1 + 2 ** -52, 1 + 2 ** -52, 1 + 2 ** -51), 2 ** -104);
  assert.is(productError(-0.75, 0.5, -0.375), 0);
});

test("rows keep what they hold while they grow, and give back what was not used", () => {
  const rows = new Rows();
  const seen: number[] = [];
  for (let step = 0; step < 60; step++) {
    const n = [1, 5, 63, 64, 3, 0, 40][step % 7];
    const first = rows.reserve(n);
    assert.is(first, seen.length);
    for (const array of [rows.neuron, rows.slope, rows.intercept, rows.error, rows.zeroLeft, rows.zeroRight])
      assert.ok(array.length >= first + n);
    const kept = step % 3 === 0 ? Math.floor(n / 2) : n;
    for (let k = first; k < first + kept; k++) {
      rows.neuron[k] = k;
      rows.slope[k] = k + 0.25;
      rows.intercept[k] = k + 0.5;
      rows.error[k] = k + 0.75;
      rows.zeroLeft[k] = k % 251;
      rows.zeroRight[k] = k % 13;
      seen.push(k);
    }
    rows.release(first + kept);
  }
  for (const k of seen) {
    assert.equal([rows.neuron[k], rows.slope[k], rows.intercept[k]], [k, k + 0.25, k + 0.5]);
    assert.equal([rows.error[k], rows.zeroLeft[k], rows.zeroRight[k]], [k + 0.75, k % 251, k % 13]);
  }
});

test("the first 64 rows need no new arrays; then there is twice the room, or what is asked for", () => {
  const rows = new Rows();
  const { slope } = rows;
  assert.is(rows.reserve(64), 0);
  assert.is(rows.slope, slope);
  assert.is(rows.reserve(1), 64);
  assert.is(rows.slope.length, 128);
  assert.is(rows.reserve(1000), 65);
  assert.is(rows.slope.length, 1065);
});

test("laps and flats of signs: flats do not interrupt a lap, and neighbours of one sign are one", () => {
  const counts = (...signs: number[]) => {
    const counter = new LapCounter();
    for (const sign of signs) counter.add(sign);
    assert.equal(counter.directions, signs);
    return [counter.laps, counter.flats];
  };
  assert.equal(counts(), [0, 0]);
  assert.equal(counts(0), [0, 1]);
  assert.equal(counts(0, 0), [0, 1]);
  assert.equal(counts(1, 0, 1), [1, 1]);
  assert.equal(counts(1, 0, -1, 0, 0, 1), [3, 2]);
  assert.equal(counts(-1, -1, 1, 1), [2, 0]);
  assert.equal(counts(0, 1, 0), [1, 2]);
});

test.run();
