// Doubles modulo a prime, against the same in integers.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import { PRIME, residueOf } from "./modulo";
import { neighbour } from "../../../oracle";
import {
  EXACT_PRODUCTS,
  reduce,
  residue,
} from "../../../../packages/relu-lab/src/regions/arithmetic/residues";

test("the modulus is a prime below 2^23", () => {
  for (let d = 2; d * d <= Number(PRIME); d++) assert.ok(Number(PRIME) % d !== 0);
  assert.ok(PRIME < 1n << 23n);
});

test("sums of as many products as allowed are reduced to the residue itself", () => {
  const p = Number(PRIME);
  const most = EXACT_PRODUCTS * (p - 1) ** 2 + p - 1;
  assert.ok(most < 2 ** 53);
  const check = (v: number) => assert.is(reduce(v), Number(BigInt(v) % PRIME), `${v}`);
  for (const v of [0, 1, p - 1, p, p + 1, 2 * p - 1, 2 * p, 2 * p + 1, most, most - 1]) check(v);
  const r = random.generator("sums");
  for (let trial = 0; trial < 300; trial++) {
    // Multiples of the prime and their neighbours: the rounded quotient is one off there.
    const multiple = p * r.integer(2 ** 29);
    for (const v of [multiple - 1, multiple, multiple + 1]) if (v >= 0) check(v);
    check(Math.floor(r.uniform() * most));
  }
});

test("a double's residue is that of its fraction: integers, halves, and the ends of the range", () => {
  const check = (v: number) => assert.is(residue(v), Number(residueOf(v)), `${v}`);
  for (const v of [0, 1, -1, 2, 3, 0.5, -0.5, 0.75, 8388592, 8388593, 8388594, -8388594, 1 / 3, 0.1])
    check(v);
  assert.is(residue(-0), 0);
  for (const e of [-1074, -1073, -1023, -1022, -1021, -600, -53, -52, -3, 3, 52, 53, 600, 1022, 1023]) {
    check(2 ** e);
    check(-(2 ** e));
    if (e > -1074) check(neighbour(2 ** e, 1));
    check(neighbour(2 ** e, -1));
  }
  check(Number.MAX_VALUE);
  check(-Number.MAX_VALUE);
  const r = random.generator("doubles");
  for (let trial = 0; trial < 150; trial++) check(r.normal() * 2 ** (r.integer(1900) - 950));
});

test.run();
