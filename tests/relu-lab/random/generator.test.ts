import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";

const take = (g: random.Generator, n: number) => Array.from({ length: n }, () => g.uint32());

test("the same seed gives the same numbers, another seed others", () => {
  assert.equal(take(random.generator(1), 8), take(random.generator(1), 8));
  assert.not.equal(take(random.generator(1), 8), take(random.generator(2), 8));
  assert.not.equal(take(random.generator(1), 8), take(random.generator("1"), 8));
});

test("a split depends on the name only, not on what the parent has drawn", () => {
  const fresh = random.generator(5);
  const used = random.generator(5);
  take(used, 100);
  assert.equal(take(fresh.split(3), 8), take(used.split(3), 8));
  assert.not.equal(take(fresh.split(3), 8), take(fresh.split(4), 8));
  assert.not.equal(take(fresh.split(3), 8), take(fresh.split("3"), 8));
  assert.not.equal(take(fresh.split(1).split(2), 8), take(fresh.split(12), 8));
});

test("a thousand splits share no early number beyond chance", () => {
  const root = random.generator(0);
  const seen = new Set<number>();
  for (let trial = 0; trial < 1000; trial++) for (const v of take(root.split(trial), 10)) seen.add(v);
  // 10,000 draws out of 2^32: 0.012 coincidences expected
  assert.ok(seen.size >= 9998, `${10_000 - seen.size} coincidences`);
});

test("uniform and normal numbers have their moments", () => {
  const g = random.generator(9);
  const n = 200_000;
  let [u1, u2, z1, z2, z4] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const u = g.uniform();
    const z = g.normal();
    assert.ok(u >= 0 && u < 1);
    u1 += u / n;
    u2 += (u * u) / n;
    z1 += z / n;
    z2 += (z * z) / n;
    z4 += z ** 4 / n;
  }
  const near = (value: number, wanted: number, tolerance: number) =>
    assert.ok(Math.abs(value - wanted) < tolerance, `${value} is not near ${wanted}`);
  near(u1, 1 / 2, 0.003); // five standard errors each
  near(u2, 1 / 3, 0.0035);
  near(z1, 0, 0.0112);
  near(z2, 1, 0.016);
  near(z4, 3, 0.11);
});

test("integers cover their range evenly, permutations hold every index once", () => {
  const g = random.generator(11);
  const counts = new Array(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[g.integer(7)]++;
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 500, `${counts}`);
  assert.equal(
    [...g.permutation(50)].sort((a, b) => a - b),
    Array.from({ length: 50 }, (_, i) => i),
  );
  assert.throws(() => g.integer(0), /integer\(0\)/);
  assert.throws(() => g.permutation(1.5), /permutation\(1\.5\)/);
  assert.throws(() => g.permutation(-1), /permutation\(-1\)/);
  assert.throws(() => random.generator(0.5), /generator\(0.5\)/);
});

test("what a seed gives is fixed to the last bit, whatever the engine's Math.log", () => {
  const { log } = Math;
  Math.log = () => NaN;
  try {
    const g = random.generator(7);
    assert.equal(
      [g.uint32(), g.uint32(), g.uniform(), g.normal(), g.normal(), g.integer(1000), [...g.permutation(6)]],
      [
        ...[972429009, 4084295614, 0.9898238140291284, -0.47567508411807047, -1.5824993860832337, 299],
        [2, 3, 5, 1, 4, 0],
      ],
    );
    const child = random.generator("seed").split(3).split("weights");
    assert.equal(
      [child.uint32(), child.uniform(), child.normal()],
      [2533179811, 0.5032067866594115, 0.9564568731861464],
    );
  } finally {
    Math.log = log;
  }
});

test.run();
