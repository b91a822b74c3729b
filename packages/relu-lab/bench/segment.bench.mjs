// Pieces counted along segments, certified. Networks: W ~ N(0, 2/fan_in), b ~ N(0, 0.1^2), on [-1, 1] or corner to corner.
import { performance } from "node:perf_hooks";
import { network, random, regions } from "relu-lab";

/** Medians of the rates (pieces a second) of several ways, measured in turn so that noise hits all alike. */
function rates(ways, repetitions) {
  for (const way of ways) for (let i = 0; i < 3; i++) way();
  const found = ways.map(() => []);
  for (let i = 0; i < repetitions; i++) {
    for (const [k, way] of ways.entries()) {
      const start = performance.now();
      const pieces = way();
      found[k].push((1000 * pieces) / (performance.now() - start));
    }
  }
  return found.map((list) => list.sort((a, b) => a - b)[repetitions >> 1]);
}

function generic(sizes) {
  const nets = [0, 1, 2, 3].map((seed) => network.heNetwork(sizes, random.generator(seed), 0.1));
  const from = new Array(sizes[0]).fill(-1);
  const to = new Array(sizes[0]).fill(1);
  return (method) => () =>
    nets.reduce((sum, net) => sum + regions.segment(net, from, to, { method }).pieces, 0);
}

/** The merged sawtooth s_n with every weight and bias times 1 + N(0, deviation^2). */
function sawtooth(n, deviation) {
  const r = random.generator(`sawtooth ${n}`);
  const noisy = (v) => v * (1 + deviation * r.normal());
  const layer = (W, b, activation) => ({ W: W.map((row) => row.map(noisy)), b: b.map(noisy), activation });
  const fold = () =>
    layer(
      [
        [2, -4],
        [2, -4],
      ],
      [0, -0.5],
      "relu",
    );
  const hidden = Array.from({ length: n - 1 }, fold);
  const net = network.ReluNetwork.of([
    layer([[1], [1]], [0, -0.5], "relu"),
    ...hidden,
    layer([[2, -4]], [0], "linear"),
  ]);
  return () => regions.segment(net, [0], [1]).acts;
}

export default async function bench() {
  const rows = [];
  const must = { "1-128-128-128-1": 350e3, "1-256-256-256-256-1": 60e3 };
  for (const sizes of [
    [1, 32, 32, 32, 1],
    [1, 64, 64, 64, 1],
    [1, 128, 128, 128, 1],
    [2, 128, 128, 128, 1],
    [1, 256, 256, 256, 256, 1],
  ]) {
    const name = sizes.join("-");
    const way = generic(sizes);
    const [march, cells] = rates([way("march"), way("cells")], sizes.length > 5 ? 5 : 9);
    const against = must[name] ?? null;
    rows.push({ name, value: march, unit: "pieces/s", against, ratio: against && march / against });
    rows.push({
      name: `${name}, by cells`,
      value: cells,
      unit: "pieces/s",
      against: march,
      ratio: cells / march,
    });
  }
  const many = Float64Array.from({ length: 2000 }, (_, i) => (i % 2 ? 1 : -1) * (0.5 + (i >> 1) / 2000));
  const net = network.heNetwork([1, 128, 128, 128, 1], random.generator(0), 0.1);
  const together = async (workers) => {
    const start = performance.now();
    const { acts } = await regions.segments(net, many, { workers });
    return (1000 * acts.reduce((a, b) => a + b, 0)) / (performance.now() - start);
  };
  for (let i = 0; i < 2; i++) await together(2);
  const [one, two] = [await together(1), await together(2)];
  rows.push({
    name: "1-128-128-128-1, 1,000 segments, 2 threads",
    value: two,
    unit: "pieces/s",
    against: one,
    ratio: two / one,
  });
  for (const [n, deviation] of [
    [14, 0],
    [10, 0.01],
    [10, 0.1],
  ]) {
    const [rate] = rates([sawtooth(n, deviation)], 9);
    rows.push({ name: `sawtooth s_${n}, noise ${deviation}`, value: rate, unit: "intervals/s" });
  }
  return rows;
}
