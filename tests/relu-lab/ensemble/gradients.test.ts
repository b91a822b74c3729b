import { test } from "uvu";
import * as assert from "uvu/assert";
import { ensemble } from "relu-lab";
import * as scalar from "../../oracle/ensemble";
import { everything, graded, plane, type Case } from "./programs";

const engines = { scalar, simd: ensemble };
const cases = (): Case[] => [
  plane([2, 5, 4, 1], 9),
  graded(3, 4, 7),
  graded(3, 4, 7, { outerRelu: true }),
  graded(3, 2, 6, { residual: true }),
  everything(),
];

for (const [engineName, { differentiate }] of Object.entries(engines)) {
  for (const { name, program, trial } of cases()) {
    test(`${name}, ${engineName}: the gradient is that of central differences`, () => {
      for (let seed = 0; seed < 3; seed++) {
        const start = trial(seed);
        const { gradient, loss } = differentiate(program, start);
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
            return differentiate(program, { ...start, parameters }).loss;
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

test.run();
