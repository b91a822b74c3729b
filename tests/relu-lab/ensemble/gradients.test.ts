import { test } from "uvu";
import * as assert from "uvu/assert";
import { ensemble, experiments, network, random } from "relu-lab";
import { everything, graded, plane, type Case } from "./programs";

const engines = ["scalar", "simd"] as const;
const cases = (): Case[] => [
  plane([2, 5, 4, 1], 9),
  graded(3, 4, 7),
  graded(3, 4, 7, { outerRelu: true }),
  graded(3, 2, 6, { residual: true }),
  everything(),
];

for (const engine of engines) {
  for (const { name, program, trial } of cases()) {
    test(`${name}, ${engine}: the gradient is that of central differences`, () => {
      for (let seed = 0; seed < 3; seed++) {
        const start = trial(seed);
        const { gradient, loss } = ensemble.differentiate(program, start, { engine });
        assert.ok(Number.isFinite(loss));
        const trained = new Set(
          program.code.ranges.flatMap(({ from, to }) =>
            Array.from({ length: to - from }, (_, i) => from + i),
          ),
        );
        assert.ok(gradient.some((g) => Math.abs(g) > 1e-3));
        gradient.forEach((g, p) => {
          if (!trained.has(p)) return assert.is(g, 0);
          const at = (shift: number) => {
            const parameters = Float64Array.from(start.parameters);
            parameters[p] += shift;
            return ensemble.differentiate(program, { ...start, parameters }, { engine }).loss;
          };
          const difference = (at(1e-6) - at(-1e-6)) / 2e-6;
          // Second order: a step of 1e-6 must not cross a kink; the seeds are such that it does not.
          assert.ok(
            Math.abs(difference - g) < 1e-7 * Math.max(1, Math.abs(g)),
            `seed ${seed}, ${p}: ${g}, ${difference}`,
          );
        });
      }
    });
  }
}

test("the gradient and Adam's way are those of plain back-propagation", () => {
  const start = network.heNetwork([1, 6, 5, 1], random.generator(4), 0.3);
  const tape = new ensemble.Tape();
  const x = tape.uniform(1, 8);
  const net = ensemble.dense(tape, [1, 6, 5, 1]);
  const program = tape.compile(tape.meanSquare(net.apply(x).output, x.tents(2)), { x });
  const trial = { parameters: net.parameters(start), random: random.generator(1) };
  const { watched, gradient, loss } = ensemble.differentiate(program, trial);
  const adam = { type: "adam", rate: 1e-2 } as const;
  const plain = new experiments.SawtoothTraining(start, { n: 2, batchSize: 8, optimiser: adam });
  const other = plain.gradient(watched.x);
  assert.ok(Math.abs(other.loss - loss) < 1e-14);
  other.gradient.forEach((g, i) => assert.ok(Math.abs(g - gradient[i]) < 1e-13));
});

test.run();
