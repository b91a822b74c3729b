// Regions in three dimensions, on one core: W ~ N(0, 2 / fan_in), b ~ N(0, 0.1^2), the box [-1, 1]^3.
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";

const { network, random, regions } = createRequire(import.meta.url)("relu-lab");
const box = { lo: [-1, -1, -1], hi: [1, 1, 1] };

/** Seconds of the median of several runs, so long as they last; every candidate runs in turn, so that noise hits all alike. */
function medians(candidates, seconds = 1.5) {
  const times = candidates.map(() => []);
  for (const run of candidates) run();
  const start = performance.now();
  do {
    candidates.forEach((run, i) => {
      const before = performance.now();
      run();
      times[i].push((performance.now() - before) / 1000);
    });
  } while (performance.now() - start < 1000 * seconds || times[0].length < 3);
  return times.map((list) => list.sort((p, q) => p - q)[list.length >> 1]);
}

const he = (...sizes) => network.heNetwork(sizes, random.generator(0), 0.1);

/** Two copies of every first-layer neuron, one negated, and no biases above: every corner is degenerate. */
function duplicated(width) {
  const [first, second] = he(3, width, 2 * width, 1).layers;
  const twice = (values, columns) => {
    const rows = Array.from({ length: width }, (_, i) => [
      ...values.subarray(i * columns, (i + 1) * columns),
    ]);
    return [...rows, ...rows.map((row) => row.map((v) => -v))];
  };
  return network.ReluNetwork.of([
    { W: twice(first.weights, 3), b: twice(first.biases, 1).flat(), activation: "relu" },
    {
      W: he(2 * width, 2 * width).layers[0].weights,
      b: new Float64Array(second.outputs),
      activation: "relu",
    },
  ]);
}

function sawtooth(depth) {
  const layers = [];
  for (let l = 0; l < depth; l++) {
    const W = [0, 1, 2].flatMap((axis) =>
      [0, 1].map(() => {
        const row = new Array(l === 0 ? 3 : 6).fill(0);
        if (l === 0) row[axis] = 1;
        else [row[2 * axis], row[2 * axis + 1]] = [2, -4];
        return row;
      }),
    );
    layers.push({ W, b: [0, -0.5, 0, -0.5, 0, -0.5], activation: "relu" });
  }
  return network.ReluNetwork.of(layers);
}

export default async function bench() {
  const rows = [];
  const count = (net, options) => () => regions.countSpaceSync(net, box, options);
  const rate = (name, net, target) => {
    const found = regions.countSpaceSync(net, box);
    const [certified, plain] = medians([count(net), count(net, { certified: false })]);
    const value = found.regions / certified;
    rows.push({
      name: `count ${name} (${found.regions} regions)`,
      value,
      unit: "regions/s",
      against: target,
      ratio: target && value / target,
    });
    return { certified, plain, found };
  };

  for (const sizes of [
    [3, 16, 16, 1],
    [3, 32, 32, 1],
    [3, 64, 64, 1],
  ]) {
    const net = he(...sizes);
    const name = sizes.join("-");
    const { found } = rate(name, net, 8e5);
    const [certified, plain, enumerated, shaped] = medians([
      count(net),
      count(net, { certified: false }),
      () => regions.spaceSync(net, box),
      () => regions.spaceSync(net, box, { shapes: true }),
    ]);
    const per = (seconds) => (1e9 * seconds) / found.regions;
    rows.push(
      {
        name: `certified over plain count, ${name}`,
        value: per(certified),
        unit: "ns/region",
        against: per(plain),
        ratio: certified / plain,
      },
      {
        name: `volumes and patterns over count, ${name}`,
        value: per(enumerated),
        unit: "ns/region",
        against: per(certified),
        ratio: enumerated / certified,
      },
      {
        name: `and shapes over count, ${name}`,
        value: per(shaped),
        unit: "ns/region",
        against: per(certified),
        ratio: shaped / certified,
      },
    );
  }

  const alone = he(3, 64, 64, 1);
  const [one] = medians([count(alone)]);
  await regions.countSpace(alone, box, { workers: 2 });
  const two = [];
  for (let i = 0; i < 7; i++) two.push((await regions.countSpace(alone, box, { workers: 2 })).seconds);
  const both = two.sort((p, q) => p - q)[3];
  rows.push({
    name: "two workers over one, 3-64-64-1",
    value: both,
    unit: "s",
    against: one,
    ratio: both / one,
  });

  // Cost per region against width, one hidden layer and two, and against depth.
  for (const width of [8, 16, 32, 64, 96, 128]) rate(`width ${width}, one layer`, he(3, width, 1));
  for (const width of [8, 16, 32, 64, 96]) rate(`width ${width}, two layers`, he(3, width, width, 1));
  for (const depth of [1, 2, 3, 4, 6, 8])
    rate(`depth ${depth}, width 24`, he(3, ...new Array(depth).fill(24), 1));

  for (const [name, net] of [
    ["duplicated and negated 3-2x16-32", duplicated(16)],
    ["sawtooth grid of depth 4", sawtooth(4)],
  ]) {
    const { found } = rate(`degenerate: ${name}`, net);
    rows.push({ name: `exact signs, ${name}`, value: found.fallbacks / found.regions, unit: "a region" });
  }
  return rows;
}
