// Zeros that follow from what rows combine, without arithmetic: rows as combinations of neurons that stand for themselves
// ("atoms": the first layer's, those with a constant, and those that combine too many).
import { test } from "uvu";
import * as assert from "uvu/assert";
import { random } from "relu-lab";
import type { SparseNetwork } from "../../../../packages/relu-lab/src/regions/plane/sparse";
import { StructuralZeros } from "../../../../packages/relu-lab/src/regions/plane/structural-zeros";
import { inRows } from "../../../rows";

/** A neuron above the first layer: the neurons it reads with their weights, and its constant. */
interface Row {
  reads: [neuron: number, weight: number][];
  bias?: number;
  id?: number;
}

/**
 * A network of `first` neurons and layers of rows, numbered in this order (or by `id`); an output that reads all; `sums`
 * have no row and are numbered like the rest. Columns are in another order than the neurons.
 */
function networkOf(first: number, layers: Row[][], sums: number[] = []): SparseNetwork {
  let next = first;
  const numbered = layers.map((rows) => rows.map((row) => ({ ...row, id: row.id ?? next++ })));
  const neurons = [...Array.from({ length: first }, (_, i) => i), ...numbered.flat().map(({ id }) => id)];
  const neuronOf = Int32Array.from([...neurons].reverse());
  const columnOf = (neuron: number) => neuronOf.indexOf(neuron);
  const sparse = (rows: (Row & { id: number })[]) => ({
    neurons: Int32Array.from(rows, ({ id }) => id),
    starts: Int32Array.from([0, ...rows.map((_, j) => rows.slice(0, j + 1).flatMap((r) => r.reads).length)]),
    columns: Int32Array.from(rows.flatMap(({ reads }) => reads.map(([neuron]) => columnOf(neuron)))),
    values: Float64Array.from(rows.flatMap(({ reads }) => reads.map(([, weight]) => weight))),
    biases: Float64Array.from(rows, ({ bias }) => bias ?? 0),
  });
  // The outputs' rows are numbered within their layer: they are no neurons.
  const outputs = [0, 1, 2, 3, 4].map((id) => ({ id, reads: neurons.map((n): [number, number] => [n, 1]) }));
  return {
    layers: [...numbered, outputs].map(sparse),
    neuronOf,
    sums: Int32Array.from(sums.flatMap((n, i) => [n, i % 3, ...new Array<number>(i % 3).fill(0)])),
    zeroable: new Int32Array(0),
  };
}

const NEURONS = 40;
const allOn = new Uint8Array(NEURONS).fill(1);
const without = (...off: number[]) => allOn.map((_, n) => (off.includes(n) ? 0 : 1));
const zerosOf = (...parts: Parameters<typeof networkOf>) => new StructuralZeros(networkOf(...parts), NEURONS);

test("a max-pool's third difference vanishes where the two others meet", () => {
  const zeros = zerosOf(3, [
    [
      { reads: inRows(2, [1, 1, 0, -1]) }, // 3: b - a
      { reads: inRows(2, [2, 1, 1, -1]) }, // 4: c - b
      { reads: inRows(2, [2, 1, 0, -1]) }, // 5: c - a
    ],
  ]);
  assert.is(zeros.find(5, 0, 1, allOn), false, "where a and b vanish, c need not");
  assert.is(zeros.find(3, 0, 1, allOn), true, "where a and b vanish");
  assert.is(zeros.find(3, 1, 0, allOn), true);
  assert.is(zeros.find(3, 0, 2, allOn), false);
  assert.is(zeros.find(3, 0, 3, allOn), true, "a and b - a");
  assert.is(zeros.find(1, 0, 3, allOn), true, "a and b - a: b vanishes too");
  assert.is(zeros.find(2, 0, 3, allOn), false);
  assert.is(zeros.find(5, 3, 4, allOn), false, "three neurons in all");
  assert.is(zeros.find(5, 3, 4, without(1)), true, "with b off these are -a and c");
  assert.is(zeros.find(5, -1, 0, allOn), false, "the domain's edge");
  assert.is(zeros.find(5, 0, -1, allOn), false);
});

test("a row that is one neuron vanishes on that neuron's line, whatever crosses it", () => {
  const zeros = zerosOf(3, [[{ reads: [[1, 3]] }, { reads: inRows(2, [1, 2, 0, 5]) }]]);
  for (const other of [0, 2, -1, -4]) {
    assert.is(zeros.find(3, 1, other, allOn), true, `${other}`);
    assert.is(zeros.find(3, other, 1, allOn), true, `${other}`);
    assert.is(zeros.find(4, 1, other, without(0)), true, `${other}, with neuron 0 off`);
  }
  assert.is(zeros.find(3, 0, 2, allOn), false);
  assert.is(zeros.find(3, -1, 0, allOn), false);
  assert.is(zeros.find(3, 0, -1, allOn), false);
  assert.is(zeros.find(4, 1, -1, allOn), false, "two neurons and one line");
});

test("a row whose neurons are off, or cancel out, vanishes everywhere", () => {
  const zeros = zerosOf(3, [
    [{ reads: inRows(2, [0, 1, 1, 2]) }, { reads: inRows(2, [0, 2, 1, 4]) }, { reads: [] }], // 3, 4, 5
    [
      { reads: inRows(2, [3, 2, 4, -1]) },
      { reads: inRows(2, [3, 1, 4, -1]) },
      { reads: inRows(2, [3, 2, 4, -1]), bias: 1 },
    ], // 6, 7, 8
  ]);
  assert.is(zeros.find(6, 0, 1, allOn), "everywhere");
  assert.is(zeros.find(6, -1, -2, allOn), "everywhere");
  assert.is(zeros.find(7, -1, -2, allOn), false);
  assert.is(zeros.find(7, 0, 1, allOn), true);
  assert.is(zeros.find(6, -1, -2, without(3)), false);
  assert.is(zeros.find(7, -1, -2, without(3, 4)), "everywhere");
  assert.is(zeros.find(7, -1, -2, without(0, 1)), "everywhere");
  assert.is(zeros.find(5, 0, 1, allOn), "everywhere");
  assert.is(zeros.find(8, -1, -2, without(3, 4)), false, "its constant is left");
  assert.is(zeros.find(8, 8, -2, allOn), true, "it is itself");
  assert.is(zeros.find(0, -1, -2, without(0)), false, "a neuron of the first layer is no combination");
});

test("rows are followed while they combine at most four neurons of at most eight entries", () => {
  const ones = (n: number): [number, number][] => Array.from({ length: n }, (_, i) => [i, 1]);
  const pairs = (n: number): [number, number][] => [
    ...ones(n),
    ...ones(n).map(([i]): [number, number] => [i, -1]),
  ];
  const zeros = zerosOf(9, [
    [{ reads: pairs(4) }, { reads: pairs(5) }, { reads: ones(8) }, { reads: ones(5) }, { reads: ones(9) }],
  ]);
  assert.is(zeros.find(9, -1, -2, allOn), "everywhere", "four neurons, each twice");
  assert.is(zeros.find(10, -1, -2, allOn), false, "ten entries");
  assert.is(zeros.find(10, 10, -1, allOn), true, "ten entries: it stands for itself");
  assert.is(zeros.find(11, 0, 1, without(2, 3, 4, 5, 6, 7)), true, "eight entries, two neurons that are on");
  assert.is(zeros.find(11, 0, 1, without(3, 4, 5, 6, 7)), false, "three");
  assert.is(zeros.find(13, 0, 1, without(2, 3, 4, 5, 6, 7, 8)), false, "nine entries are not followed");
  assert.is(zeros.find(12, 0, 1, without(2, 3, 4)), true);
  assert.is(zeros.find(12, 11, 0, allOn), false, "five neurons are too many");
  // Of five neurons that cancel out nothing is known: the fifth is not taken in.
  const five = zerosOf(5, [
    [{ reads: ones(4) }, { reads: ones(5) }],
    [{ reads: inRows(2, [5, 1, 6, -1, 4, 1]) }, { reads: inRows(2, [5, 1, 5, -1]) }],
  ]);
  assert.is(five.find(7, -1, -2, allOn), false);
  assert.is(five.find(8, -1, -2, allOn), "everywhere");
  // The same of a line that the point lies on.
  assert.is(five.find(0, 6, 0, allOn), true);
  assert.is(five.find(5, 6, 0, without(2, 3)), false);
  assert.is(five.find(5, 6, 0, without(2, 3, 4)), true);
  assert.is(five.find(5, 0, 6, without(2, 3, 4)), true);
});

test("factors are followed while they are integers of at most 2^20", () => {
  const vanishes = (...factors: number[]) => {
    // Each factor times the one before: neuron 1 is the first of the chain, the last reads neuron 0 too and cancels.
    const product = factors.reduce((a, b) => a * b, 1);
    const chain = factors.map((factor, i): Row[] => [{ reads: [[i, factor]] }]);
    const last = factors.length;
    return zerosOf(1, [...chain, [{ reads: inRows(2, [last, 1, 0, -product]) }]]).find(
      last + 1,
      -1,
      -2,
      allOn,
    );
  };
  for (const good of [[3], [-3], [2 ** 20], [-(2 ** 20)], [2 ** 10, 2 ** 10], [-5, 7, 11]])
    assert.is(vanishes(...good), "everywhere", `${good}`);
  for (const bad of [
    [0.5],
    [-0.5],
    [1.5, 3],
    [2 ** 20 + 1],
    [-(2 ** 20) - 1],
    [2 ** 10, 2 ** 10 + 1],
    [2 ** 21, 0.5],
  ])
    assert.is(vanishes(...bad), false, `${bad}`);
  // A fraction of a whole is followed where the product is whole.
  assert.is(vanishes(0.5, 4), "everywhere");
  assert.is(vanishes(4, 0.25), false, "from above the fraction comes first");
  // The same where a line is followed instead of the row.
  const lines = zerosOf(2, [
    [
      { reads: inRows(2, [0, 1, 1, 1]) },
      { reads: inRows(2, [0, 0.5, 1, 1]) },
      { reads: inRows(2, [0, 2, 1, -1]) },
    ],
  ]);
  assert.is(lines.find(2, 4, 0, allOn), true);
  assert.is(lines.find(2, 3, 0, allOn), false);
  assert.is(lines.find(2, 0, 3, allOn), false);
});

test("neurons without a row of their own are told", () => {
  const zeros = zerosOf(4, [[{ reads: [[0, 1]], id: 7 }]], [4, 9, 5, 6, 39]);
  const sums = Array.from({ length: NEURONS }, (_, n) => n).filter((n) => zeros.isSum(n));
  assert.equal(sums, [4, 5, 6, 9, 39]);
  assert.is(zerosOf(4, [], []).isSum(0), false);
  assert.is(zeros.find(7, 0, -1, allOn), true, "numbers may be left out");
});

test("random combinations: the answer follows from the combinations of atoms, and never claims too much", () => {
  const counts = new Map<unknown, number>();
  for (let trial = 0; trial < 120; trial++) {
    const r = random.generator("structural zeros").split(trial);
    const first = 2 + r.integer(3);
    let total = first;
    const layers = Array.from({ length: 1 + r.integer(3) }, () => {
      const rows = Array.from({ length: 1 + r.integer(4) }, (): Row => {
        const reads = new Map<number, number>();
        for (let k = r.integer(4); k >= 0; k--) reads.set(r.integer(total), [1, -1, 2, -2][r.integer(4)]);
        return { reads: [...reads], bias: r.integer(6) === 0 ? 1 : 0 };
      });
      total += rows.length;
      return rows;
    });
    const rows = layers.flat();
    const zeros = new StructuralZeros(networkOf(first, layers), total);
    for (let k = 0; k < 12; k++) {
      const states = Uint8Array.from({ length: total }, () => (r.integer(4) ? 1 : 0));
      /** Factors of the atoms that a neuron combines; met ones that cancel stay, with 0. */
      const combined = (neuron: number): Map<number, number> => {
        const row = neuron < first ? undefined : rows[neuron - first];
        if (!row || row.bias) return new Map([[neuron, 1]]);
        const sum = new Map<number, number>();
        for (const [source, weight] of row.reads)
          if (states[source])
            for (const [atom, factor] of combined(source))
              sum.set(atom, (sum.get(atom) ?? 0) + weight * factor);
        return sum;
      };
      const neuron = first + r.integer(total - first);
      const [p, q] = [r.integer(total + 1) - 1, r.integer(total + 1) - 1];
      if (p === q) continue;
      const own = combined(neuron);
      const support = [...own].flatMap(([atom, factor]) => (factor !== 0 ? [atom] : []));
      const lines = new Set([p, q].flatMap((line) => (line < 0 ? [] : [...combined(line).keys()])));
      const expected =
        own.size > 4
          ? false
          : support.length === 0
            ? "everywhere"
            : (support.length === 1 && (support[0] === p || support[0] === q)) ||
              (support.length <= 2 &&
                p >= 0 &&
                q >= 0 &&
                lines.size <= 2 &&
                support.every((a) => lines.has(a)));
      const found = zeros.find(neuron, p, q, states);
      assert.is(found, expected, `network ${trial}, ${neuron} at ${p}, ${q}, ${states}`);
      counts.set(found, (counts.get(found) ?? 0) + 1);
      // Independent of the rule: what is claimed to vanish is a combination of the lines, when these are independent.
      if (found !== true || p < 0 || q < 0) continue;
      const atoms = [...new Set([own, combined(p), combined(q)].flatMap((map) => [...map.keys()]))];
      const [x, y, z] = [own, combined(p), combined(q)].map((map) => atoms.map((atom) => map.get(atom) ?? 0));
      const minor = (i: number, j: number) => y[i] * z[j] - y[j] * z[i];
      const [i, j] = atoms
        .flatMap((_, a) => atoms.map((_b, b) => [a, b]))
        .find(([a, b]) => minor(a, b) !== 0) ?? [-1, -1];
      if (i < 0) continue;
      const s = (x[i] * z[j] - x[j] * z[i]) / minor(i, j);
      const t = (y[i] * x[j] - y[j] * x[i]) / minor(i, j);
      assert.ok(
        x.every((v, k2) => Math.abs(v - s * y[k2] - t * z[k2]) < 1e-9),
        "a combination of the lines",
      );
    }
  }
  for (const answer of [true, false, "everywhere"]) assert.ok(counts.get(answer)! > 30, `${answer}`);
});

test.run();
