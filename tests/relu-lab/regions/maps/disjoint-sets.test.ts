import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import { DisjointSets } from "../../../../packages/relu-lab/src/regions/maps/disjoint-sets";

test("sets of one element each: as many as elements", () => {
  for (const n of [0, 1, 5]) {
    const sets = new DisjointSets(n);
    assert.is(sets.count, n);
    assert.equal(
      sets.labels(),
      Uint32Array.from({ length: n }, (_, i) => i),
    );
  }
});

test("a set is found under its smallest element, and counted once", () => {
  const sets = new DisjointSets(5);
  sets.unite(3, 4);
  sets.unite(4, 3);
  sets.unite(3, 3);
  assert.is(sets.count, 4);
  assert.equal([sets.find(3), sets.find(4)], [3, 3]);
  sets.unite(4, 1);
  assert.equal(
    [0, 1, 2, 3, 4].map((i) => sets.find(i)),
    [0, 1, 2, 1, 1],
  );
  assert.equal([...sets.labels()], [0, 1, 2, 1, 1]);
  assert.is(sets.count, 3);
});

test("random unions: the classes of the relation, numbered in order of their first elements", () => {
  for (let trial = 0; trial < 60; trial++) {
    const r = random.generator("unions").split(trial);
    const n = 1 + r.integer(30);
    const sets = new DisjointSets(n);
    let classes = Array.from({ length: n }, (_, i) => i);
    for (let k = r.integer(2 * n); k > 0; k--) {
      const [i, j] = [r.integer(n), r.integer(n)];
      sets.unite(i, j);
      const [a, b] = [classes[i], classes[j]].sort((x, y) => x - y);
      classes = classes.map((c) => (c === b ? a : c));
    }
    const roots = [...new Set(classes)];
    assert.is(sets.count, roots.length, `trial ${trial}`);
    for (let i = 0; i < n; i++) assert.is(sets.find(i), classes[i], `trial ${trial}, ${i}`);
    assert.equal(
      [...sets.labels()],
      classes.map((c) => roots.indexOf(c)),
      `trial ${trial}`,
    );
  }
});

test.run();
