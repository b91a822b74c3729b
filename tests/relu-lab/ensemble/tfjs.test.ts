import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as Tfjs from "@tensorflow/tfjs";
import { ensemble, losses, network, random, runtime } from "relu-lab";
import { graded, plane } from "./programs";

// TensorFlow.js computes in 32 bits: gradients agree to 1e-6 of the largest entry.
const tf = runtime.tensorflow<typeof Tfjs>();

type Layer = { W: Tfjs.Variable; b: Tfjs.Variable; relu: boolean };

/** Variables that hold a trial's parameters, and the gradient of a loss in the parameters' order. */
function variables(net: network.ReluNetwork): Layer[] {
  return net.layers.map(({ weights, biases, inputs, outputs, activation }) => ({
    W: tf.variable(tf.tensor2d(Float32Array.from(weights), [outputs, inputs])),
    b: tf.variable(tf.tensor2d(Float32Array.from(biases), [outputs, 1])),
    relu: activation === "relu",
  }));
}

function agrees(layers: readonly Layer[], loss: () => Tfjs.Tensor, own: ensemble.Derivative, what: string) {
  const list = layers.flatMap(({ W, b }) => [W, b]);
  const { value, grads } = tf.variableGrads(() => loss() as Tfjs.Scalar, list);
  const theirs = list.flatMap((variable) => [...grads[variable.name].dataSync()]);
  const largest = Math.max(...theirs.map(Math.abs));
  assert.ok(largest > 1e-3, `${what}: ${largest}`);
  assert.ok(Math.abs(value.dataSync()[0] - own.loss) < 1e-5 * Math.max(1, Math.abs(own.loss)), what);
  assert.is(theirs.length, own.gradient.length);
  theirs.forEach((g, i) =>
    assert.ok(
      Math.abs(g - own.gradient[i]) <= 1e-6 * Math.max(1, largest),
      `${what}, ${i}: ${g}, ${own.gradient[i]}`,
    ),
  );
}

const through = (layers: readonly Layer[], x: Tfjs.Tensor2D) => {
  const outputs: Tfjs.Tensor2D[] = [];
  let here = x;
  for (const { W, b, relu } of layers) {
    const z = tf.add(tf.matMul(W as Tfjs.Tensor2D, here), b) as Tfjs.Tensor2D;
    outputs.push((here = relu ? tf.relu(z) : z));
  }
  return outputs;
};

test("a dense network's gradient is TensorFlow.js's", () => {
  for (let seed = 0; seed < 3; seed++) {
    const { net, program, trial: start } = plane([2, 9, 7, 1], 12);
    const trial = start(seed);
    const own = ensemble.differentiate(program, trial);
    const layers = variables(net.network(Float64Array.from(trial.parameters)));
    const x = tf.tensor2d(Float32Array.from(own.watched.x), [2, 12]);
    const loss = () => {
      const [p, q] = tf.split(tf.sin(tf.mul(x, Math.PI)), 2, 0);
      return tf.mean(tf.square(tf.sub(through(layers, x)[2], tf.mul(p, q))));
    };
    agrees(layers, loss, own, `seed ${seed}`);
  }
});

test("a depth-graded chain's gradient is TensorFlow.js's", () => {
  for (const outerRelu of [false, true]) {
    const { net, program, trial: start } = graded(3, 5, 16, { outerRelu });
    const trial = start(3);
    const own = ensemble.differentiate(program, trial);
    const layers = variables(net.network(Float64Array.from(trial.parameters)));
    const points = tf.tensor2d(Float32Array.from(own.watched.x), [1, 16]);
    const loss = () => {
      let target: Tfjs.Tensor = points;
      return through(layers, points)
        .filter((_, l) => l % 2 === 1)
        .map((u, l) => {
          target = tf.minimum(tf.mul(target, 2), tf.sub(2, tf.mul(target, 2)));
          return tf.mul(tf.mean(tf.square(tf.sub(u, target))), 4 ** -(l + 1));
        })
        .reduce((sum, term) => tf.add(sum, term));
    };
    agrees(layers, loss, own, `outer ReLU ${outerRelu}`);
  }
});

test("the Kac-Rice density on the tape, and its gradient, are those of the loss for TensorFlow.js", () => {
  const [count, h] = [24, 0.15];
  const tape = new ensemble.Tape();
  const points = tape.uniform(2, count, -1, 1);
  const net = ensemble.dense(tape, [2, 6, 5]);
  const [first, second] = net.layers;
  const z1 = first.preactivation(points);
  const mask = z1.step();
  const z2 = second.preactivation(z1.relu());
  const ones = tape.constant(1, count, new Array<number>(count).fill(1));
  // The slope of every neuron along input d: W1_d for all samples, and W2 (mask * W1_d).
  const along = (d: number) => {
    const column = first.W.columnsAt([d]);
    return tape.concatRows([tape.product(column, ones), tape.product(second.W, mask.mul(column))]);
  };
  const [gx, gy] = [along(0), along(1)];
  const z = tape.concatRows([z1, z2]);
  // Once with the fused kernel, once written out.
  const length = gx.square().add(gy.square()).add(1e-12).sqrt();
  const exponent = z
    .div(length)
    .square()
    .mul(-0.5 / h ** 2);
  const near = exponent.exp().mul(1 / (Math.sqrt(2 * Math.PI) * h));
  const [fused, apart] = [
    tape.boundaryCrossings(tape.boundaries(z, gx, gy, h)),
    tape.crossings(near, gx.div(length), gy.div(length)),
  ].map((crossings) => {
    const expected = crossings.mean().mul(4); // the square's area
    return tape.compile(expected.add(1e-12).log().neg(), { points });
  });
  for (let seed = 0; seed < 3; seed++) {
    const start = network.heNetwork([2, 6, 5], random.generator(seed), 0.3);
    const trial = { parameters: net.parameters(start), random: random.generator(seed) };
    const [own, other] = [fused, apart].map((program) => ensemble.differentiate(program, trial));
    own.gradient.forEach((g, i) =>
      assert.ok(
        Math.abs(g - other.gradient[i]) < 1e-12 * Math.max(1, Math.abs(g)),
        `${g}, ${other.gradient[i]}`,
      ),
    );
    const layers = variables(start);
    const at = Array.from({ length: count }, (_, s) => [
      own.watched.points[s],
      own.watched.points[count + s],
    ]);
    const theirs = () =>
      losses.kacRiceLoss<Tfjs.Tensor>(
        tf as unknown as runtime.TensorFlow,
        layers.map(({ W, b }) => ({ kernel: tf.transpose(W), bias: tf.reshape(b, [-1]) })) as never,
        { points: at },
      );
    agrees(layers, theirs, own, `seed ${seed}`);
  }
});

test.run();
