import { test } from "uvu";
import * as assert from "uvu/assert";
import { approximation, random } from "relu-lab";

const { DenseLearner, learn } = approximation;

test("the gradient agrees with central differences, for every activation", () => {
  for (const activation of ["relu", "tanh", "logistic", "softplus"] as const) {
    const g = random.generator(activation);
    const learner = new DenseLearner([2, 5, 4, 1], activation);
    learner.initialise(g);
    for (let i = 0; i < learner.parameters.length; i++) learner.parameters[i] += 0.1 * g.normal();
    const points = new Float64Array(14).map(() => g.normal());
    const values = new Float64Array(7).map(() => g.normal());
    const gradient = learner.parameters.slice();
    const scratch = gradient.slice();
    learner.lossAndGradient(points, values, gradient);
    for (let i = 0; i < gradient.length; i++) {
      const [step, start] = [1e-6, learner.parameters[i]];
      learner.parameters[i] = start + step;
      const above = learner.lossAndGradient(points, values, scratch);
      learner.parameters[i] = start - step;
      const below = learner.lossAndGradient(points, values, scratch);
      learner.parameters[i] = start;
      const expected = (above - below) / (2 * step);
      assert.ok(
        Math.abs(gradient[i] - expected) < 1e-6 * Math.max(1, Math.abs(expected)),
        `${activation}, parameter ${i}: ${gradient[i]} but ${expected}`,
      );
    }
  }
});

test("training fits an easy function, and the seed fixes every bit", () => {
  const train = () =>
    learn({
      sizes: [1, 6, 1],
      activation: "tanh",
      f: (x) => x[0] * x[0],
      random: random.generator(1),
      steps: 800,
    });
  const learner = train();
  for (const x of [-0.9, 0, 0.4]) assert.ok(Math.abs(learner.forward([x]) - x * x) < 0.05);
  assert.equal([...train().parameters], [...learner.parameters]);
});

test("bad sizes are refused", () => {
  assert.throws(() => new DenseLearner([1, 3], "relu"), /end with 1/);
  assert.throws(() => new DenseLearner([1, 0, 1], "relu"), /positive whole numbers/);
});

test.run();
