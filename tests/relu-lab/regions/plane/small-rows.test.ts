// Signs of small integer rows in doubles, against integers.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import { smallRow, smallSign } from "../../../../packages/relu-lab/src/regions/plane/small-rows";

const row = (a: bigint, b: bigint, c: bigint) => ({ id: 0, a, b, c });
const sign = (value: bigint) => (value > 0n ? 1 : value < 0n ? -1 : 0);

test("a row loses the powers of two that its numbers share, and is small up to 2^16", () => {
  assert.equal(smallRow(row(8n, -12n, 0n)), { a: 2, b: -3, c: 0 });
  assert.equal(smallRow(row(0n, 0n, 0n)), { a: 0, b: 0, c: 0 });
  assert.equal(smallRow(row(65536n, 1n, -65536n)), { a: 65536, b: 1, c: -65536 });
  assert.is(smallRow(row(65537n, 0n, 1n)), undefined);
  assert.is(smallRow(row(1n, -65537n, 1n)), undefined);
  assert.equal(smallRow(row(3n << 900n, 5n << 901n, -7n << 900n)), { a: 3, b: 10, c: -7 });
});

test("signs equal those of integers, at the largest rows too, and zero is zero", () => {
  const r = random.generator("small rows");
  const extreme = [0, 1, -1, 65536, -65536, 65535, -65535];
  const number = () => (r.uniform() < 0.5 ? extreme[r.integer(extreme.length)] : r.integer(131_073) - 65_536);
  let zeros = 0;
  for (let k = 0; k < 20_000; k++) {
    const of = () => ({ a: number(), b: number(), c: number() });
    const [s, p, q] = [of(), of(), of()];
    // Every fourth row combines the two lines: it is zero where they meet.
    if (k % 4 === 0) {
      const [i, j] = [r.integer(5) - 2, r.integer(5) - 2];
      for (const key of ["a", "b", "c"] as const) {
        p[key] = Math.trunc(p[key] / 4);
        q[key] = Math.trunc(q[key] / 4);
        s[key] = i * p[key] + j * q[key];
      }
    }
    const [S, P, Q] = [s, p, q].map(({ a, b, c }) => ({ a: BigInt(a), b: BigInt(b), c: BigInt(c) }));
    const w = P.a * Q.b - P.b * Q.a;
    const [x, y] = [P.b * Q.c - P.c * Q.b, P.c * Q.a - P.a * Q.c];
    const want = w === 0n ? undefined : sign(S.a * x + S.b * y + S.c * w) * sign(w) + 0;
    assert.is(smallSign(s, p, q), want);
    if (want === 0) zeros++;
  }
  assert.ok(zeros > 1000);
});

test.run();
