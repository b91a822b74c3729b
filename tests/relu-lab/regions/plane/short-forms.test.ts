// Leading bits at the very edge of what they can decide: with every dropped bit 1, all errors are as large as they can be.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import {
  shortRow,
  shortSign,
  type Corner,
} from "../../../../packages/relu-lab/src/regions/plane/short-forms";
import { inRows } from "../../../rows";

const ONE = 1n << 128n;
const modulo = (n: bigint) => ((n % ONE) + ONE) % ONE;
const signOf = (n: bigint) => (n > 0n ? 1 : n < 0n ? -1 : 0);

function natural(r: random.Generator, bits: number): bigint {
  let value = 1n;
  for (let k = 1; k < bits; k++) value = (value << 1n) | BigInt(r.integer(2));
  return value;
}

/** A row of 128 leading bits and k more, and a corner in [0, 1)^2 of 128 fraction bits and m more, these all 0 or all 1. */
function withTail(lead: bigint[], sx: bigint, sy: bigint, ones: boolean) {
  const [k, m] = [300n, 290n]; // so many that all of them together are below 1
  const tail = (n: bigint, bits: bigint) => (n << bits) + (ones ? (1n << bits) - 1n : 0n);
  const [a, b, c] = lead.map((n) => tail(n, k));
  const corner: Corner = { x: tail(sx, m), y: tail(sy, m), w: 1n << (128n + m), short: undefined };
  const row = shortRow({ id: 0, a, b, c })!;
  assert.equal([row.a, row.b, row.c >> 128n], lead, "the leading bits");
  return { exact: signOf(a * corner.x + b * corner.y + c * corner.w), decided: shortSign(row, corner) };
}

test("a sum of leading bits below minus the largest error is negative; above it, it may be positive", () => {
  const r = random.generator("negative");
  for (let trial = 0; trial < 60; trial++) {
    const t = BigInt(trial % 6); // so far above the bound
    const sa = natural(r, 128); // the row's first bit: 128 are kept
    const sx = natural(r, 1 + r.integer(127));
    // sa sx + sb sy + sc 2^128 = t - (sa + sb + 2 + sx + sy + 2^128) with sb = 0.
    const sy = modulo(t - (sa + 1n) * (sx + 1n) - 1n);
    const sc = (t - (sa + 2n + sx + sy + ONE) - sa * sx) / ONE;
    assert.is(sa * sx + sc * ONE, t - (sa + 2n + sx + sy + ONE));
    const { exact, decided } = withTail([sa, 0n, sc], sx, sy, true);
    assert.is(exact, t === 0n ? -1 : 1, `trial ${trial}: all errors together are just below the bound`);
    assert.is(decided, t === 0n ? -1 : 0, `trial ${trial}`);
  }
});

test("a sum of leading bits that reaches the bound is positive; below it, it is left to all bits", () => {
  const r = random.generator("positive");
  for (let trial = 0; trial < 60; trial++) {
    const t = BigInt(trial % 6);
    const sa = natural(r, 128);
    const sx = natural(r, 100 + r.integer(28));
    // sa sx + 2 sy + sc 2^128 = sa + 2 + 2 + sx + sy + 2^128 - t
    const sy = modulo(sa + 4n + sx - t - sa * sx);
    const sc = (sa + 4n + sx + sy + ONE - t - sa * sx - 2n * sy) / ONE;
    assert.is(sa * sx + 2n * sy + sc * ONE, sa + 4n + sx + sy + ONE - t);
    const { exact, decided } = withTail([sa, 2n, sc], sx, sy, false);
    assert.is(exact, 1);
    assert.is(decided, t === 0n ? 1 : 0, `trial ${trial}`);
  }
});

test("rows of up to 192 bits are not shortened; of longer ones 128 bits are kept, or up to three fewer", () => {
  for (const at of [0, 1, 2]) {
    for (const sign of [1n, -1n]) {
      const of = (value: bigint) => {
        const [a, b, c] = [0, 1, 2].map((k) => (k === at ? sign * value : 1n));
        return shortRow({ id: 0, a, b, c });
      };
      assert.is(of(1n), undefined);
      assert.is(of((1n << 192n) - 1n), undefined);
      for (const bits of [193n, 196n, 197n, 300n]) {
        const short = of((1n << bits) - 1n);
        assert.ok(short);
        const kept = [short.a, short.b, short.c >> 128n][at];
        const length = (kept < 0n ? -kept : kept).toString(2).length;
        assert.ok(length >= 125 && length <= 129, `${bits} bits: ${length}`);
        assert.is(short.c % ONE, 0n);
      }
    }
  }
  assert.is(shortRow({ id: 0, a: 0n, b: 0n, c: 0n }), undefined);
});

test("corners anywhere: negative denominators, negative places, far out, are rounded down", () => {
  const r = random.generator("corners");
  const some = (bits: number) => natural(r, bits) * (r.integer(2) ? 1n : -1n);
  let decided = 0;
  for (let trial = 0; trial < 300; trial++) {
    const [a, b] = [some(250), some(250)];
    const corner: Corner = {
      x: some(150 + r.integer(60)),
      y: some(150 + r.integer(60)),
      w: some(180),
      short: undefined,
    };
    const miss = some(1 + r.integer(240));
    const c = -(a * corner.x + b * corner.y) / corner.w + miss;
    const row = shortRow({ id: 0, a, b, c })!;
    const exact = signOf(a * corner.x + b * corner.y + c * corner.w) * signOf(corner.w);
    const sign = shortSign(row, corner);
    if (sign !== 0) {
      decided++;
      assert.is(sign, exact, `trial ${trial}`);
    }
    const { x, y } = corner.short!;
    for (const [short, whole] of inRows(2, [x, corner.x, y, corner.y])) {
      const rest = (whole * ONE - short * corner.w) * BigInt(signOf(corner.w));
      assert.ok(rest >= 0n && rest < corner.w * BigInt(signOf(corner.w)), "rounded down by less than one");
    }
    assert.is(shortSign(row, corner), sign, "asked again");
  }
  assert.ok(decided > 100, `${decided}`);
});

test.run();
