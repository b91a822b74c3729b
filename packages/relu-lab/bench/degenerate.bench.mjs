// The plane engine where lines meet by construction: zero biases, lattices, grids, duplicates. Seconds a count.
import process from "node:process";
import { network, random, regions } from "relu-lab";

const he = (hidden, bias, seed = "bench 1") =>
  network.heNetwork([2, ...hidden, 1], random.generator(seed), bias);
const box = (half) => ({ lo: [-half, -half], hi: [half, half] });

/** Every other neuron of each layer repeats its neighbour, or its negative. */
function duplicated(hidden) {
  const specs = he(hidden, 0.1).specs();
  for (const { W, b } of specs.slice(0, -1)) {
    const columns = W.length / b.length;
    for (let i = 1; i < b.length; i += 2) {
      const factor = i % 4 === 1 ? 1 : -1;
      for (let j = 0; j < columns; j++) W[i * columns + j] = factor * W[(i - 1) * columns + j];
      b[i] = factor * b[i - 1];
    }
  }
  return network.ReluNetwork.of(specs);
}

/** n-fold sawteeth of both coordinates side by side: (2^n)^2 squares. */
function sawtoothGrid(n) {
  const W = (l) =>
    [0, 0, 1, 1].map((side) =>
      l === 0 ? [1 - side, side] : [0, 0, 1, 1].map((s, k) => (s !== side ? 0 : k % 2 ? -4 : 2)),
    );
  const hidden = Array.from({ length: n }, (_, l) => ({
    W: W(l),
    b: [0, -0.5, 0, -0.5],
    activation: "relu",
  }));
  return network.ReluNetwork.of([...hidden, { W: [[2, -4, 4, -8]], b: [0], activation: "linear" }]);
}

/**
 * A two-level lattice network: the largest of n minima of n affine functions each, by pairs, max(a, b) = a + relu(b - a)
 * with relu(a) and relu(-a) beside it. Minimum j is the j-th function at a random point, as Ferlez and Shoukry's are.
 */
function lattice(n) {
  const r = random.generator(`lattice ${n}`);
  const functions = Array.from({ length: n }, () => [r.normal(), r.normal(), r.normal() / 2]);
  const at = ([a, b, c], [x, y]) => a * x + b * y + c;
  const chosen = functions.flatMap((own) => {
    const point = [4 * r.uniform() - 2, 4 * r.uniform() - 2];
    const above = functions.filter((f) => f === own || at(f, point) >= at(own, point));
    return Array.from({ length: n }, (_, k) => above[k % above.length]);
  });
  const specs = [];
  let width = 0;
  const value = (i) =>
    width === 0
      ? { w: chosen[i].slice(0, 2), b: chosen[i][2] }
      : { w: Array.from({ length: width }, (_, k) => (k === i ? 1 : 0)), b: 0 };
  const minus = (p, q) => ({ w: p.w.map((x, k) => x - q.w[k]), b: p.b - q.b });
  /** One level: pairs of each group become one value. */
  const level = (groups, sign) => {
    const rows = [];
    const sums = [];
    const next = groups.map((group) => {
      const values = [];
      for (let k = 0; k < group.length; k += 2) {
        const [p, q] = [value(group[k]), k + 1 < group.length ? value(group[k + 1]) : undefined];
        const zero = { w: p.w.map(() => 0), b: 0 };
        const first = rows.length;
        rows.push(p, minus(zero, p));
        sums.push([first, first + 1, q ? first + 2 : -1, sign]);
        if (q) rows.push(sign > 0 ? minus(q, p) : minus(p, q));
        values.push(sums.length - 1);
      }
      return values;
    });
    specs.push({ W: rows.map(({ w }) => w), b: rows.map(({ b }) => b), activation: "relu" });
    const W = sums.map(([plus, less, more, by]) =>
      rows.map((_, k) => (k === plus ? 1 : k === less ? -1 : k === more ? by : 0)),
    );
    specs.push({ W, b: sums.map(() => 0), activation: "linear" });
    width = sums.length;
    return next;
  };
  let groups = Array.from({ length: n }, (_, j) => Array.from({ length: n }, (_, k) => j * n + k));
  while (groups[0].length > 1) groups = level(groups, -1);
  groups = [groups.flat()];
  while (groups[0].length > 1) groups = level(groups, 1);
  return network.ReluNetwork.of(specs);
}

/** The least processor time of several counts, in seconds, and the count. */
function time(net, domain, repeats) {
  let seconds = Infinity;
  let count;
  for (let i = 0; i < repeats; i++) {
    const start = process.cpuUsage();
    count = regions.countPlaneSync(net, domain);
    const { user, system } = process.cpuUsage(start);
    seconds = Math.min(seconds, (user + system) / 1e6);
  }
  return { seconds, count };
}

export default async function bench() {
  const rows = [];
  for (const [name, net, domain, repeats, most] of [
    ["2-200-200-200-200-1, zero biases", he([200, 200, 200, 200], 0), box(1), 5, 0.5],
    ["lattice of 16 x 16", lattice(16), box(2), 3, 1],
    ["lattice of 24 x 24", lattice(24), box(2), 1, 10],
    ["sawtooth grid, 8 layers", sawtoothGrid(8), { lo: [0, 0], hi: [1, 1] }, 7],
    ["2-256-1 duplicated and negated", duplicated([256]), box(1), 15],
    ["2-64-64-1 duplicated and negated", duplicated([64, 64]), box(1), 15],
    ["2-64-64-64-1 duplicated and negated", duplicated([64, 64, 64]), box(1), 15],
  ]) {
    const { seconds, count } = time(net, domain, repeats);
    rows.push({ name: `${name}: regions`, value: count.regions, unit: "regions" });
    const ratio = most === undefined ? undefined : seconds / most;
    rows.push({ name: `${name}: count`, value: seconds, unit: "s", against: most, ratio });
    rows.push({ name: `${name}: signs in integers`, value: count.fallbacks, unit: "signs" });
  }
  return rows;
}
