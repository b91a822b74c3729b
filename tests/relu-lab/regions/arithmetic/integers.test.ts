import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import {
  bitLength,
  commonScale,
  lowestExponent,
  quotient,
  signOf,
  toInteger,
} from "../../../../packages/relu-lab/src/regions/arithmetic/integers";
import { neighbour } from "../../../oracle";
import { dyadic } from "../plane/dyadic";
import { inRows } from "../../../rows";

test("the exponent of a double's lowest bit, from the smallest to the largest", () => {
  for (const [value, exponent] of [
    ...inRows(2, [0, 0, -0, 0, 1, 0, -1, 0, 3, 0, 2, 1, 12, 2, 0.5, -1, -0.75, -2]),
    ...[
      [2 ** 31, 31],
      [2 ** 32, 32],
      [2 ** 52, 52],
      [2 ** 53, 53],
      [2 ** 53 - 1, 0],
      [2 ** 1023, 1023],
    ],
    ...[
      [Number.MAX_VALUE, 971],
      [Number.MIN_VALUE, -1074],
      [3 * Number.MIN_VALUE, -1074],
      [2 ** -1073, -1073],
    ],
    ...[
      [2 ** -1042, -1042],
      [2 ** -1043, -1043],
      [2 ** -1041, -1041],
      [2 ** -1023, -1023],
      [2 ** -1022, -1022],
    ],
    ...[
      [1 + 2 ** -52, -52],
      [1 + 2 ** -21, -21],
      [1 + 2 ** -20, -20],
      [1 + 2 ** -19, -19],
      [0.1, -55],
    ],
    ...[
      [2 ** -1022 - 2 ** -1074, -1074],
      [2 ** -1022 + 2 ** -1074, -1074],
      [2 ** -1021 + 2 ** -1042, -1042],
    ],
  ])
    assert.is(lowestExponent(value), exponent, `${value}`);
});

test("a double times a power of two is its integer, exactly", () => {
  const r = random.generator("toInteger");
  for (let trial = 0; trial < 400; trial++) {
    const power = r.integer(2098) - 1074;
    const value = (r.integer(2) ? 1 : -1) * (1 + r.integer(2 ** 30) * 2 ** -r.integer(52)) * 2 ** power;
    if (!Number.isFinite(value)) continue;
    const more = r.integer(3);
    const scale = Math.max(0, -lowestExponent(value)) + more;
    const { n, k } = dyadic(value);
    assert.is(
      toInteger(value, scale),
      scale >= k ? n << BigInt(scale - k) : n >> BigInt(k - scale),
      `${value}`,
    );
  }
  assert.is(toInteger(0, 5), 0n);
  assert.is(toInteger(Number.MIN_VALUE, 1074), 1n);
  assert.is(toInteger(-Number.MIN_VALUE, 1076), -4n);
  assert.is(toInteger(2 ** 1023, 0), 1n << 1023n);
  assert.is(toInteger(2 ** 1023, -1023), 1n);
});

test("a common scale is the smallest that makes every value an integer, and not below what is asked", () => {
  assert.is(commonScale([]), 0);
  assert.is(commonScale([0, 0]), 0);
  assert.is(commonScale([1, 6]), 0);
  assert.is(commonScale([0.5, 3, 0.125, 0.25]), 3);
  assert.is(commonScale([0.125, 0.5]), 3);
  assert.is(commonScale([0.5], 4), 4);
  assert.is(commonScale([0.5], -4), 1);
  assert.is(commonScale([8], -4), -3);
  assert.is(commonScale([0, 8], -4), -3, "0 is an integer at every scale");
  assert.is(commonScale([0], -4), -4);
});

test("signs and lengths of integers", () => {
  assert.equal([-5n, 0n, 7n].map(signOf), [-1, 0, 1]);
  assert.is(bitLength(0n), 0);
  for (let bits = 1; bits < 70; bits++) {
    const length = bitLength(1n << BigInt(bits - 1));
    assert.ok(length >= bits && length <= bits + 3, `${bits} bits: ${length}`);
  }
});

/** Whether no double is nearer to numerator / denominator. */
function isNearest(value: number, numerator: bigint, denominator: bigint): boolean {
  const distance = (v: number): bigint => {
    const { n, k } = dyadic(v);
    const d = n * denominator - (numerator << BigInt(k));
    return (d < 0n ? -d : d) << BigInt(1100 - k);
  };
  const own = distance(value);
  return [-1, 1].every((side) => own <= distance(neighbour(value, side)));
}

test("a quotient is the nearest double", () => {
  const r = random.generator("quotient");
  const natural = (bits: number): bigint => {
    let value = 1n;
    for (let k = 1; k < bits; k++) value = (value << 1n) | BigInt(r.integer(2));
    return value;
  };
  for (let trial = 0; trial < 300; trial++) {
    const n = natural(1 + r.integer(trial % 3 === 0 ? 300 : 70)) * (r.integer(2) ? 1n : -1n);
    const d = natural(1 + r.integer(trial % 3 === 1 ? 300 : 70)) * (r.integer(2) ? 1n : -1n);
    const value = quotient(n, d);
    assert.ok(isNearest(value, n, d), `${n} / ${d} is not ${value}`);
    assert.is(Math.sign(value), signOf(n) * signOf(d));
  }
  assert.ok(Object.is(quotient(0n, -7n), 0), "not minus zero");
  assert.equal([quotient(6n, 3n), quotient(-6n, 3n), quotient(6n, -3n), quotient(-6n, -3n)], [2, -2, -2, 2]);
  assert.is(quotient(1n, 3n), 1 / 3);
  // Halfway between two doubles, and by so little off it that only a bit far behind tells.
  const half = (1n << 53n) + 1n;
  assert.is(quotient(half, 1n), 2 ** 53);
  assert.is(quotient((half << 200n) + 1n, 1n << 200n), 2 ** 53 + 2);
  assert.is(quotient((half << 200n) - 1n, 1n << 200n), 2 ** 53);
  assert.is(quotient(half + 2n, 1n), 2 ** 53 + 4, "ties go to the even one");
  assert.equal(
    [quotient(3n * half, 3n), quotient(7n * half, -7n), quotient(3n * half + 1n, 3n)],
    [2 ** 53, -(2 ** 53), 2 ** 53 + 2],
  );
});

test("quotients near the ends of the doubles", () => {
  assert.is(quotient(1n << 1000n, 1n << 2000n), 2 ** -1000);
  assert.is(quotient(3n << 1000n, 1n), 3 * 2 ** 1000);
  assert.is(quotient(1n, 1n << 1074n), Number.MIN_VALUE);
  assert.is(quotient(5n, 1n << 1074n), 5 * Number.MIN_VALUE);
  assert.is(quotient(1n, 1n << 1080n), 0);
  assert.is(quotient(-3n, 1n << 1060n), -3 * 2 ** -1060);
  assert.is(quotient(1n << 1023n, 1n), 2 ** 1023);
  assert.is(quotient(1n << 1100n, 1n << 77n), 2 ** 1023);
  assert.is(quotient(1n << 1100n, 1n), Infinity);
});

test.run();
