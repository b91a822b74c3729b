import { test } from "uvu";
import * as assert from "uvu/assert";
import * as tf from "@tensorflow/tfjs";
import { losses, network, random, runtime } from "relu-lab";
import * as references from "../../oracle/losses";
import { constantNeuron, degenerate, mixedOfConstantNeuron, rescaled } from "./networks";

type Layers = readonly network.DenseLayer[];
type Tensor = tf.Tensor;
type Loss = (layers: losses.LayerTensors[]) => tf.Scalar;

const t = tf as unknown as runtime.TensorFlow;
const g = random.generator(8);
const line = (W: number[][], b: number[]): network.LayerSpec => ({ W, b, activation: "relu" });
const layersOf = (...specs: network.LayerSpec[]): Layers => network.ReluNetwork.of(specs).layers;
const hidden = (sizes: number[], name: string) =>
  network.heNetwork(sizes, g.split(name), 0.3).layers.slice(0, -1);

test.before(async () => void (await runtime.ready()));

function transposed({ weights, inputs, outputs }: network.DenseLayer): Float64Array {
  return Float64Array.from(
    { length: inputs * outputs },
    (_, i) => weights[(i % outputs) * inputs + Math.floor(i / outputs)],
  );
}

/** Kernels and biases in turn. */
function flat(layers: Layers): Tensor[] {
  return layers.flatMap((l) => [
    tf.tensor2d(Float32Array.from(transposed(l)), [l.inputs, l.outputs]),
    tf.tensor1d(Float32Array.from(l.biases)),
  ]);
}

const paired = (tensors: Tensor[]): losses.LayerTensors[] =>
  tensors.flatMap((kernel, i) => (i % 2 === 0 ? [{ kernel, bias: tensors[i + 1] }] : []));

function valueOf(layers: Layers, loss: Loss): number {
  return tf.tidy(() => loss(paired(flat(layers))).dataSync()[0]);
}

/** The doubles' central differences, laid out as the tensors are. */
function differences(layers: Layers, value: (layers: Layers) => number, h = 1e-6): number[][] {
  return layers.flatMap((layer, l) =>
    (["weights", "biases"] as const).map((part) => {
      const slopes = Array.from(layer[part], (_, i) => {
        const shifted = (step: number) =>
          value(
            layers.map((other, m) => {
              if (m !== l) return other;
              const changed = other[part].slice();
              changed[i] += step;
              return { ...other, [part]: changed };
            }),
          );
        return (shifted(h) - shifted(-h)) / (2 * h);
      });
      return part === "biases" ? slopes : [...transposed({ ...layer, weights: Float64Array.from(slopes) })];
    }),
  );
}

/** Value against the doubles, gradients against their differences, on both backends; nothing is left behind. */
async function agrees(layers: Layers, loss: Loss, reference: (layers: Layers) => number, what: string) {
  // The tensors' weights are 32-bit numbers: the doubles start from the same.
  layers = layers.map((l) => ({
    ...l,
    weights: l.weights.map(Math.fround),
    biases: l.biases.map(Math.fround),
  }));
  const [wanted, slopes] = [reference(layers), differences(layers, reference)];
  for (const backend of ["cpu", "wasm"]) {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const parameters = flat(layers);
      const got = loss(paired(parameters)).dataSync()[0];
      assert.ok(
        Math.abs(got - wanted) < 2e-4 * (1 + Math.abs(wanted)),
        `${what}, ${backend}: ${got}, not ${wanted}`,
      );
      // tf.grads wants every parameter to take part; not all do in every loss.
      const all = (...p: Tensor[]) =>
        p.reduce((sum, q) => sum.add(q.sum().mul(0)), loss(paired(p)) as Tensor);
      const gradients = tf.grads(all)(parameters);
      const largest = Math.max(...slopes.flat().map(Math.abs));
      assert.ok(largest > 1e-6, `${what}: there is no gradient to check`);
      for (const [p, gradient] of gradients.entries()) {
        for (const [i, v] of gradient.dataSync().entries()) {
          assert.ok(
            Math.abs(v - slopes[p][i]) < 2e-3 * largest,
            `${what}, ${backend}: gradient ${p}[${i}] is ${v}, not ${slopes[p][i]}`,
          );
        }
      }
    });
    assert.is(tf.memory().numTensors, before, `${what}, ${backend}: tensors are left`);
  }
}

const box: losses.Box = { min: [-1, 0], max: [2, 1.5] };

test("length and Kac-Rice agree with the doubles, gradients with differences: any depth, one to three inputs", async () => {
  for (const sizes of [
    [2, 5, 1],
    [2, 6, 5, 1],
    [2, 4, 4, 4, 1],
    [1, 4, 3, 1],
    [3, 4, 4, 1],
  ]) {
    const layers = hidden(sizes, `density ${sizes}`);
    const domain = sizes[0] === 2 ? box : losses.unitBox(sizes[0]);
    const options = {
      points: losses.uniformPoints(g.split(`points ${sizes}`), 16, domain),
      box: domain,
      bandwidth: 0.3,
    };
    const what = sizes.join("-");
    await agrees(
      layers,
      (l) => losses.lengthLoss(t, l, options),
      (l) => references.lengthReference(l, options),
      `length ${what}`,
    );
    await agrees(
      layers,
      (l) => losses.kacRiceLoss(t, l, options),
      (l) => references.kacRiceReference(l, options),
      `Kac-Rice ${what}`,
    );
  }
});

test("the intersection penalty agrees with the doubles, each kind of pairs, gradients with differences", async () => {
  for (const [i, sizes] of [
    [2, 5, 4, 1],
    [2, 3, 6, 1],
  ].entries()) {
    const layers = hidden(sizes, `slide ${sizes}`);
    for (const pairs of [...losses.pairKinds.map((kind) => [kind]), losses.pairKinds]) {
      const options = { points: losses.uniformPoints(g.split(`slide points ${i}`), 6, box), box, pairs };
      await agrees(
        layers,
        (l) => losses.intersectionPenalty(t, l, options),
        (l) => references.intersectionReference(l, options),
        `intersection ${sizes.join("-")} ${pairs}`,
      );
    }
  }
});

const points = [[0.3, -0.2]];
const ofLines = (rows: number[][], b: number[]) => {
  const layers = layersOf(line(rows, b), line([rows.map(() => 1)], [0.1]));
  const options = { points, pairs: ["first" as const] };
  const value = valueOf(layers, (l) => losses.intersectionPenalty(t, l, options));
  assert.ok(Math.abs(value - references.intersectionReference(layers, options)) < 1e-5);
  return value;
};

test("first-layer pairs: 0 for x = 0, y = 0, x = y; positive for a crossing outside the box; scale does not matter", () => {
  assert.is(
    ofLines(
      [
        [1, 0],
        [0, 1],
        [1, -1],
      ],
      [0, 0, 0],
    ),
    0,
  );
  // x = 1.98 and y = 0 meet at (1.98, 0): |p_1| - 0.95 |p_3| = 1.03, for the one pair there is.
  const outside = ofLines(
    [
      [1, 0],
      [0, 1],
    ],
    [-1.98, 0],
  );
  assert.ok(Math.abs(outside - 1.03) < 1e-5, String(outside));
  const scaled = ofLines(
    [
      [70, 0],
      [0, 0.02],
    ],
    [-1.98 * 70, 0],
  );
  assert.ok(Math.abs(scaled - outside) < 1e-5, String(scaled));
});

test("all losses do not change when a neuron's row is scaled by a positive number", () => {
  const layers = hidden([2, 5, 4, 1], "scaled");
  const sample = losses.uniformPoints(g.split("scaled points"), 20, losses.unitBox(2));
  const scaled = layersOf(...rescaled(layers));
  for (const loss of [losses.lengthLoss, losses.kacRiceLoss, losses.intersectionPenalty]) {
    const of = (l: Layers) => valueOf(l, (tensors) => loss(t, tensors, { points: sample }));
    assert.ok(Math.abs(of(layers) - of(scaled)) < 1e-4, loss.name);
  }
});

test("finite with finite gradients at parallel lines and at neurons that are off everywhere", async () => {
  const cases = Object.entries(degenerate).map(([what, specs]) => [what, layersOf(...specs)] as const);
  const sample = losses.uniformPoints(g.split("degenerate"), 8, losses.unitBox(2));
  for (const backend of ["cpu", "wasm"]) {
    await tf.setBackend(backend);
    for (const [what, layers] of cases) {
      for (const loss of [losses.lengthLoss, losses.kacRiceLoss, losses.intersectionPenalty]) {
        tf.tidy(() => {
          const of = (...p: Tensor[]) => loss<tf.Scalar>(t, paired(p), { points: sample });
          const { value, grads } = tf.valueAndGrads(of)(flat(layers));
          for (const result of [value, ...grads]) {
            for (const v of result.dataSync()) {
              assert.ok(Number.isFinite(v) && Math.abs(v) < 1e4, `${loss.name}, ${what}, ${backend}: ${v}`);
            }
          }
        });
      }
    }
  }
});

test("Kac-Rice on the two axes counts their one crossing", () => {
  const axes = layersOf(
    line(
      [
        [1, 0],
        [0, 1],
      ],
      [0, 0],
    ),
  );
  const grid = Array.from({ length: 64 * 64 }, (_, i) => [
    ((i % 64) + 0.5) / 32 - 1,
    (Math.floor(i / 64) + 0.5) / 32 - 1,
  ]);
  for (const bandwidth of [0.15, 0.05]) {
    const loss = valueOf(axes, (l) => losses.kacRiceLoss(t, l, { points: grid, bandwidth }));
    assert.ok(Math.abs(Math.exp(-loss) - 1) < 1e-3, `h = ${bandwidth}: ${Math.exp(-loss)} crossings`);
    const length = valueOf(axes, (l) => losses.lengthLoss(t, l, { points: grid, bandwidth }));
    assert.ok(Math.abs(Math.exp(-length) - 4) < 1e-3, `h = ${bandwidth}: length ${Math.exp(-length)}`);
  }
});

test("a few steps on Kac-Rice make more regions", () => {
  const net = network.heNetwork([2, 8, 8, 1], g.split("regions"), 0.3);
  const parameters = flat(net.layers.slice(0, -1)).map((p) => tf.variable(p));
  const optimiser = tf.train.adam(1e-2);
  for (let step = 0; step < 60; step++) {
    const sample = losses.uniformPoints(g.split(`step ${step}`), 32, losses.unitBox(2));
    optimiser.minimize(() => losses.kacRiceLoss<tf.Scalar>(t, paired(parameters), { points: sample }));
  }
  const trained = network.ReluNetwork.of(
    net.layers.map((layer, l) => {
      if (l === 2) return { W: layer.weights, b: layer.biases, activation: layer.activation };
      const kernel = parameters[2 * l].arraySync() as number[][];
      const W = Array.from({ length: layer.outputs }, (_, o) => kernel.map((row) => row[o]));
      return { W, b: Array.from(parameters[2 * l + 1].dataSync()), activation: layer.activation };
    }),
  );
  const signs = (of: network.ReluNetwork) => {
    const seen = new Set<string>();
    for (let i = 0; i < 200 * 200; i++) {
      let x = [((i % 200) + 0.5) / 100 - 1, (Math.floor(i / 200) + 0.5) / 100 - 1];
      let key = "";
      for (const { weights, biases, inputs, outputs } of of.layers.slice(0, -1)) {
        x = Array.from({ length: outputs }, (_, o) => {
          const z = x.reduce((sum, v, j) => sum + weights[o * inputs + j] * v, biases[o]);
          key += z > 0 ? "1" : "0";
          return Math.max(0, z);
        });
      }
      seen.add(key);
    }
    return seen.size;
  };
  const [before, after] = [signs(net), signs(trained)];
  assert.ok(after > 1.5 * before, `${before} patterns before, ${after} after`);
  tf.dispose([...parameters]);
  optimiser.dispose();
});

/** A noisy naive sawtooth as pairs of layers. */
function chainOf(n: number, deviation: number, name: string): [network.DenseLayer, network.DenseLayer][] {
  const noise = g.split(name);
  const off = (v: number) => v + deviation * noise.normal();
  return Array.from({ length: n }, () => {
    const inner = line([[off(1)], [off(1)]], [Math.abs(off(0)), off(-0.5)]);
    const outer = line([[off(1.9), off(-3.8)]], [0]);
    return [...layersOf(inner, outer)] as [network.DenseLayer, network.DenseLayer];
  });
}
const tents = (tensors: Tensor[]): losses.TentTensors[] => {
  const layers = paired(tensors);
  return layers.flatMap((inner, i) => (i % 2 === 0 ? [{ inner, outer: layers[i + 1] }] : []));
};

test("the critical-orbit hinge agrees with the doubles, gradients with differences", async () => {
  for (const [n, deviation] of [
    [1, 0.5],
    [2, 0.4],
    [4, 0.1],
  ]) {
    const chain = chainOf(n, deviation, `orbit ${n}`);
    const flatLayers = chain.flat();
    const again = (l: Layers) =>
      l.flatMap((_, i) =>
        i % 2 === 0 ? [[l[i], l[i + 1]] as [network.DenseLayer, network.DenseLayer]] : [],
      );
    const options = { margin: 0.3, slope: 2.5 };
    await agrees(
      flatLayers,
      (l) =>
        losses.criticalOrbitLoss(
          t,
          tents(l.flatMap(({ kernel, bias }) => [kernel, bias] as Tensor[])),
          options,
        ),
      (l) => references.criticalOrbitReference(again(l), options),
      `critical orbit, n = ${n}`,
    );
  }
});

test("a critical-orbit hinge of 0 certifies 2^n laps; a broken chain has a positive one", () => {
  let certified = 0;
  for (let trial = 0; trial < 200; trial++) {
    const n = 2 + (trial % 3);
    const chain = chainOf(n, 0.03, `certificate ${trial}`);
    if (references.criticalOrbitReference(chain, { margin: 1e-3 }) > 0) continue;
    certified++;
    const net = network.ReluNetwork.of(
      chain.flat().map(({ weights, biases }) => ({ W: weights, b: biases, activation: "relu" as const })),
    );
    const values = Array.from({ length: 20001 }, (_, i) => net.forward([i / 20000])[0]);
    let [laps, direction] = [0, 0];
    for (let i = 1; i < values.length; i++) {
      const step = Math.sign(Math.abs(values[i] - values[i - 1]) < 1e-12 ? 0 : values[i] - values[i - 1]);
      if (step !== 0 && step !== direction) [laps, direction] = [laps + 1, step];
    }
    assert.ok(laps >= 2 ** n, `trial ${trial}: ${laps} laps, but ${2 ** n} are certified`);
  }
  assert.ok(certified >= 20, `only ${certified} chains were certified`);
  const broken = chainOf(3, 0, "exact");
  assert.is(references.criticalOrbitReference(broken), 0);
  const low = [
    broken[0],
    [broken[1][0], { ...broken[1][1], weights: Float64Array.of(0.8, -1.6) }],
    broken[2],
  ] as typeof broken;
  assert.ok(references.criticalOrbitReference(low) > 0, "a peak at 0.4 lies below the next critical point");
});

test("the critical-orbit hinge has a ReLU after each map when nothing else is said", () => {
  // A tent whose peak is -1: with the ReLU it is 0.
  const tent = layersOf(line([[1], [1]], [0, -0.5]), line([[2, -4]], [-2]));
  const chain = [tent, tent] as unknown as [network.DenseLayer, network.DenseLayer][];
  const [said, linear] = [true, false].map((outerRelu) =>
    references.criticalOrbitReference(chain, { outerRelu }),
  );
  assert.is(references.criticalOrbitReference(chain), said);
  assert.is.not(said, linear);
  const value = (options: losses.CriticalOrbitOptions) =>
    tf.tidy(() => losses.criticalOrbitLoss<tf.Scalar>(t, tents(flat(chain.flat())), options).dataSync()[0]);
  assert.ok(Math.abs(value({}) - said) < 1e-6, `${value({})}, not ${said}`);
  assert.ok(Math.abs(value({ outerRelu: false }) - linear) < 1e-6);
});

test("a constant neuron is no facet: the nearest line is that of another one", () => {
  // x = 1/2, a constant, y = -1/4, and above them x + 2y = 1 where all three are active; |p_3| is the sine of the angle.
  const layers = layersOf(...constantNeuron);
  for (const [point, wanted] of mixedOfConstantNeuron) {
    const options = { points: [point], pairs: ["mixed" as const] };
    const found = references.intersectionReference(layers, options);
    assert.ok(Math.abs(found - wanted) < 1e-12, `at ${point}: ${found}, not ${wanted}`);
    const float = valueOf(layers, (l) => losses.intersectionPenalty(t, l, options));
    assert.ok(Math.abs(float - wanted) < 1e-6, `at ${point}: ${float}, not ${wanted}`);
  }
});

test("no boundary anywhere: the logarithm of the least density, not NaN", () => {
  const layers = layersOf(
    line(
      [
        [0, 0],
        [0, 0],
      ],
      [-9, 7],
    ),
  );
  const options = { points: [[0.5, 0.5]] };
  for (const reference of [references.lengthReference, references.kacRiceReference])
    assert.ok(Math.abs(reference(layers, options) - 12 * Math.log(10)) < 1e-9);
});

test("depth-graded weights are 4^-l, and weigh each level's mean square", () => {
  assert.equal(losses.depthGradedWeights(3), [1 / 4, 1 / 16, 1 / 64]);
  tf.tidy(() => {
    const outputs = [tf.tensor1d([1, 3]), tf.tensor1d([0, 2])];
    const targets = [tf.tensor1d([0, 0]), tf.tensor1d([0, 0])];
    const loss = losses.depthGradedLoss<tf.Scalar>(t, outputs, targets).dataSync()[0];
    assert.ok(Math.abs(loss - (5 / 4 + 2 / 16)) < 1e-6, String(loss));
  });
  assert.throws(() => losses.depthGradedLoss(t, [], [], [1]), /0 outputs, 0 targets, 1 weights/);
  tf.tidy(() =>
    assert.throws(
      () => losses.depthGradedLoss(t, [tf.scalar(1)], [], [1]),
      /1 outputs, 0 targets, 1 weights/,
    ),
  );
  assert.equal(losses.depthGradedWeights(1), [1 / 4]);
  assert.throws(() => losses.depthGradedWeights(0), /levels is 0/);
  assert.throws(() => losses.depthGradedWeights(1.5), /levels is 1\.5/);
});

test("schedules switch off", () => {
  const weight = losses.switchedOff(0.5, 0.1);
  assert.equal([0, 0.49, 0.5, 1].map(weight), [0.1, 0.1, 0, 0]);
  assert.is(losses.always(0.03)(0.9), 0.03);
  assert.throws(() => losses.switchedOff(2, 1), /fraction is 2/);
  assert.throws(() => losses.switchedOff(-0.1, 1), /fraction is -0\.1/);
  assert.equal([losses.switchedOff(0, 1)(0), losses.switchedOff(1, 1)(0.99)], [0, 1]);
});

test("what does not fit is named", () => {
  const tensors = paired(flat(hidden([3, 4, 4, 1], "three")));
  assert.throws(
    () => losses.intersectionPenalty(t, tensors, { points: [[0, 0]] }),
    /kernels are \[3,4\], \[4,4\]/,
  );
  assert.throws(
    () => losses.kacRiceLoss(t, tensors, { points: [[0, 0]] }),
    /point 0 is \[0,0\], but the network takes 3/,
  );
  assert.throws(() => losses.lengthLoss(t, tensors, { points: [] }), /no points/);
  assert.throws(() => losses.lengthLoss(t, [], { points: [[0]] }), /no hidden layers/);
  const four = paired(flat(hidden([4, 3, 1], "four")));
  assert.throws(() => losses.kacRiceLoss(t, four, { points: [[0, 0, 0, 0]] }), /4 inputs/);
  assert.throws(() => losses.criticalOrbitLoss(t, []), /no maps/);
  const [good, wideInner, wideOuter] = [
    line([[1], [1]], [0, 0]),
    line([[1], [1], [1]], [0, 0, 0]),
    line(
      [
        [1, 1],
        [1, 1],
      ],
      [0, 0],
    ),
  ];
  const outer = line([[1, 1]], [0]);
  assert.throws(
    () =>
      losses.criticalOrbitLoss(
        t,
        tents(flat([...layersOf(good, outer), ...layersOf(wideInner), ...layersOf(outer)])),
      ),
    /map 2 has kernels \[1,3\] and \[2,1\], not/,
  );
  assert.throws(
    () => losses.criticalOrbitLoss(t, tents(flat(layersOf(good, wideOuter)))),
    /map 1 has kernels \[1,2\] and \[2,2\]/,
  );
  const two = paired(flat(hidden([2, 4, 4, 4, 1], "two")));
  const at = [[0, 0]];
  assert.throws(
    () => losses.intersectionPenalty(t, two, { points: at }),
    /kernels are \[2,4\], \[4,4\], \[4,4\]/,
  );
  assert.throws(
    () => losses.intersectionPenalty(t, two.slice(0, 2), { points: [] }),
    /intersectionPenalty: there are no points/,
  );
  const densityOf = (options: Partial<losses.DensityOptions>) => () =>
    losses.lengthLoss(t, two, { points: at, ...options });
  for (const bandwidth of [0, -1, NaN]) assert.throws(densityOf({ bandwidth }), /the bandwidth is/);
  assert.throws(
    densityOf({
      points: [
        [0, 0],
        [0, NaN],
      ],
    }),
    /lengthLoss: point 1 is \[0,NaN\]/,
  );
  for (const domain of [
    { min: [-1], max: [1, 1] },
    { min: [-1, -1], max: [1] },
    { min: [-1, -1, -1], max: [1, 1, 1] },
    { min: [-1, -1], max: [1, 1, 1] },
    { min: [-1, 1], max: [1, 1] },
    { min: [1, -1], max: [-1, 1] },
  ]) {
    assert.throws(densityOf({ box: domain }), /lengthLoss: the box .* is not a box in 2 dimensions/);
  }
  assert.is(losses.uniformPoints(g, 1, box).length, 1);
  for (const count of [0, 1.5]) assert.throws(() => losses.uniformPoints(g, count, box), /count is/);
  const slice =
    (origin: number[], ...directions: [number[], number[]]) =>
    () =>
      losses.sliceLayers(t, two, origin, directions);
  assert.throws(slice([0], [1, 0], [0, 1]), /vectors of 1,2,2 numbers, but the network takes 2/);
  assert.throws(slice([0, 0], [1, 0], [0, 1, 2]), /vectors of 2,2,3 numbers/);
  tf.dispose([...two, ...tensors, ...four].flatMap(({ kernel, bias }) => [kernel, bias] as Tensor[]));
});

test.run();
