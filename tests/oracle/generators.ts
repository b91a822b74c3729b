// Seeded random networks for properties: generic ones of many shapes, and ones built to be degenerate or nearly so.
import { network, type random } from "relu-lab";

type Generator = random.Generator;
type Layer = { W: number[][]; b: number[] };

const { ReluNetwork } = network;

function build(layers: Layer[]): network.ReluNetwork {
  return ReluNetwork.of(
    layers.map(({ W, b }, l) => ({ W, b, activation: l < layers.length - 1 ? "relu" : "linear" })),
  );
}

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

/** The next double above (direction 1) or below (-1). */
export function neighbour(x: number, direction: number): number {
  if (direction === 0 || !Number.isFinite(x)) return x;
  if (x === 0) return direction * Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  view.setBigInt64(0, view.getBigInt64(0) + (x > 0 === direction > 0 ? 1n : -1n));
  return view.getFloat64(0);
}

function normalLayer(rows: number, columns: number, r: Generator, bias: () => number): Layer {
  const scale = Math.sqrt(2 / columns);
  return {
    W: times(rows, () => times(columns, () => scale * r.normal())),
    b: times(rows, bias),
  };
}

/** Widths of 1 to 4 hidden layers; now and then 8 layers. About 10 to 60 neurons at most. */
function shape(r: Generator, widest: number): number[] {
  const depth = r.integer(12) === 0 ? 8 : 1 + r.integer(4);
  return times(depth, () => 1 + r.integer(depth === 8 ? 4 : widest));
}

/** A generic network: Gaussian weights; zero, small, Gaussian or uniform biases; one to three outputs. */
export function randomNetwork(inputs: number, r: Generator, widest = 9): network.ReluNetwork {
  const kind = r.integer(4);
  const bias = [() => 0, () => 0.1 * r.normal(), () => r.normal(), () => 2 * r.uniform() - 1][kind];
  const sizes = [inputs, ...shape(r, widest), 1 + (r.integer(4) === 0 ? r.integer(3) : 0)];
  return build(sizes.slice(1).map((n, l) => normalLayer(n, sizes[l], r, bias)));
}

/** Weights from a few integers: coincidences of every kind. */
function smallIntegers(inputs: number, r: Generator, unit: number): Layer[] {
  const sizes = [inputs, ...shape(r, 6), 1];
  const entry = (bound: number) => unit * (r.integer(2 * bound + 1) - bound);
  return sizes.slice(1).map((n, l) => ({
    W: times(n, () => times(sizes[l], () => entry(2))),
    b: times(n, () => (r.integer(2) ? 0 : entry(2))),
  }));
}

/** Repeats, negates, rescales, kills and disconnects neurons of a random network. */
function mutilated(inputs: number, r: Generator): Layer[] {
  const net = randomNetwork(inputs, r, 7);
  const layers = net.layers.map(({ inputs: m, outputs, weights, biases }): Layer => ({
    W: times(outputs, (i) => [...weights.subarray(i * m, (i + 1) * m)]),
    b: [...biases],
  }));
  for (let l = 0; l < layers.length; l++) {
    const { W, b } = layers[l];
    const hidden = l < layers.length - 1;
    for (let i = 1; i < W.length; i++) {
      const j = r.integer(i);
      const factor = [1, -1, 2, -0.5, 0, 3, -1 / 3][r.integer(7)];
      switch (r.integer(6)) {
        case 0: // a copy, exactly or (factors that are not powers of two) nearly proportional
          W[i] = W[j].map((w) => factor * w);
          b[i] = factor * b[j];
          break;
        case 1: // no bias
          b[i] = 0;
          break;
        case 2: // a boundary that the first neuron of the layer below has made already
          W[i] = W[i].map((_, k) => (k === 0 ? factor || 1 : 0));
          b[i] = 0;
          break;
        case 3: // a constant neuron
          if (r.integer(3) === 0) W[i].fill(0);
          break;
      }
    }
    if (hidden && r.integer(8) === 0) b.fill(-1e3); // a dead layer
    if (l > 0 && r.integer(2) === 0) {
      const column = r.integer(W[0].length);
      for (const row of W) row[column] = 0; // a neuron nobody listens to
    }
  }
  return layers;
}

/** Boundaries through the corners and along the edges of the box [-1, 1]^n, and a second layer on top. */
function throughCorners(inputs: number, r: Generator): Layer[] {
  const n = 2 + r.integer(6);
  const first: Layer = {
    W: times(n, () => times(inputs, () => r.integer(3) - 1)),
    b: times(n, () => r.integer(5) / 2 - 1),
  };
  const above = 1 + r.integer(4);
  const quarter = () => (r.integer(9) - 4) / 4;
  return [
    first,
    { W: times(above, () => times(n, quarter)), b: times(above, quarter) },
    { W: [times(above, () => r.integer(3) - 1)], b: [0] },
  ];
}

/** Sawteeth of every coordinate side by side, slopes sometimes an ulp off. */
function sawtoothGrid(inputs: number, r: Generator): Layer[] {
  const depth = 1 + r.integer(3);
  const exact = r.integer(2) === 0;
  const near = (v: number) => (exact ? v : neighbour(v, r.integer(3) - 1));
  const layers: Layer[] = [];
  for (let l = 0; l < depth; l++) {
    const W = times(2 * inputs, () => new Array<number>(l === 0 ? inputs : 2 * inputs).fill(0));
    const b = times(2 * inputs, (i) => (i % 2 ? near(-0.5) : 0));
    for (let i = 0; i < inputs; i++) {
      for (const row of [W[2 * i], W[2 * i + 1]]) {
        if (l === 0) row[i] = near(1);
        else [row[2 * i], row[2 * i + 1]] = [near(2), near(-4)];
      }
    }
    layers.push({ W, b });
  }
  layers.push({ W: [times(2 * inputs, (i) => (i % 2 ? -4 : 2) * (1 + (i >> 1)))], b: [0] });
  return layers;
}

/**
 * Many boundaries through (1/3, ..., 1/3), or past it by an ulp or so: integers times 1/3, 1/7 or the root of 2, the
 * bias rounded or moved by an ulp to either side.
 */
function nearlyConcurrent(inputs: number, r: Generator): Layer[] {
  const factor = [1 / 3, 1 / 7, Math.SQRT2, 1][r.integer(4)];
  const depth = r.integer(8) === 0 ? 8 : 1 + r.integer(3);
  const widths = [inputs, ...times(depth, () => (depth === 8 ? 3 : 3 + r.integer(4)))];
  const layers: Layer[] = [];
  let point = new Array<number>(inputs).fill(1 / 3);
  for (let l = 1; l <= depth; l++) {
    const W = times(widths[l], () => times(widths[l - 1], () => factor * (r.integer(7) - 3)));
    const b = W.map((row) => {
      const value = -row.reduce((sum, w, k) => sum + w * point[k], 0);
      return r.integer(4) === 0 ? 0.25 * r.normal() : neighbour(value, r.integer(3) - 1);
    });
    point = W.map((row, i) =>
      Math.max(
        0,
        row.reduce((sum, w, k) => sum + w * point[k], b[i]),
      ),
    );
    layers.push({ W, b });
  }
  layers.push({ W: [times(widths[depth], () => r.integer(5) - 2)], b: [0] });
  return layers;
}

/** The sorts of {@link degenerateNetwork}, in the order of their numbers. */
export const degenerateKinds = [
  "small integers",
  "integers times 1/3, 1/7, root of 2",
  "mutilated",
  "through corners and along edges",
  "sawtooth grid",
  "nearly concurrent",
] as const;

/** A degenerate or nearly degenerate network; `kind` is an index into {@link degenerateKinds}. */
export function degenerateNetwork(inputs: number, r: Generator, kind: number): network.ReluNetwork {
  switch (kind) {
    case 0:
      return build(smallIntegers(inputs, r, 1));
    case 1:
      return build(smallIntegers(inputs, r, [1 / 3, 1 / 7, Math.SQRT2][r.integer(3)]));
    case 2:
      return build(mutilated(inputs, r));
    case 3:
      return build(throughCorners(inputs, r));
    case 4:
      return build(sawtoothGrid(inputs, r));
    default:
      return build(nearlyConcurrent(inputs, r));
  }
}

/**
 * A random or degenerate network with numbers near the ends of the doubles: neurons rescaled by powers of two and back,
 * single weights of any size, subnormal ones, or whole layers tiny or huge.
 */
export function extremeNetwork(inputs: number, r: Generator): network.ReluNetwork {
  const base =
    r.integer(2) === 0
      ? degenerateNetwork(inputs, r, r.integer(degenerateKinds.length))
      : randomNetwork(inputs, r, 6);
  const layers = base.layers.map(({ inputs: m, outputs, weights, biases }): Layer => ({
    W: times(outputs, (i) => [...weights.subarray(i * m, (i + 1) * m)]),
    b: [...biases],
  }));
  const everywhere = (change: (v: number) => number) => {
    for (const layer of layers) {
      layer.W = layer.W.map((row) => row.map(change));
      layer.b = layer.b.map(change);
    }
  };
  const kind = r.integer(5);
  switch (kind) {
    case 0:
    case 1: // the same function, up to what underflows
      for (let l = 0; l + 1 < layers.length; l++) {
        layers[l].W.forEach((row, i) => {
          const power = kind === 0 ? r.integer(1901) - 950 : r.integer(401) - 200;
          layers[l].W[i] = row.map((w) => w * 2 ** power);
          layers[l].b[i] *= 2 ** power;
          for (const above of layers[l + 1].W) above[i] *= 2 ** -power;
        });
      }
      break;
    case 2:
      everywhere((v) => (r.integer(4) === 0 ? v * 2 ** (r.integer(2001) - 1000) : v));
      break;
    case 3:
      everywhere((v) => (r.integer(4) === 0 ? Number.MIN_VALUE * (r.integer(9) - 4) : v));
      break;
    default:
      for (const layer of layers) {
        const power = r.integer(2001) - 1000;
        layer.W = layer.W.map((row) => row.map((w) => w * 2 ** power));
        layer.b = layer.b.map((v) => v * 2 ** power);
      }
  }
  everywhere((v) => Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, v)));
  return build(layers);
}
