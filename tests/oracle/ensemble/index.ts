import type { ensemble } from "relu-lab";
import { optimiserCode, sgd } from "../../../packages/relu-lab/src/ensemble/optimiser";
import { planOf, slotsAt } from "../../../packages/relu-lab/src/ensemble/plan";
import { runTrials } from "../../../packages/relu-lab/src/ensemble/run";
import { seedOf } from "../../../packages/relu-lab/src/ensemble/samples";
import { ScalarEngine } from "./scalar-engine";

const stateOf = ({ parameters, random }: ensemble.Trial) => ({
  parameters: Float64Array.from(parameters),
  seed: seedOf(random),
});

/** `ensemble.trainSync` on the scalar engine. */
export function trainSync(program: ensemble.Program, options: ensemble.TrainOptions): ensemble.TrialResult[] {
  const plan = planOf(program, options);
  return options.trials.map((start, trial) => {
    const engine = new ScalarEngine(plan.code, plan.optimiser);
    const events = [...runTrials(plan, engine, [{ trial, ...stateOf(start) }])];
    const [end] = events.flatMap((event) => ("end" in event ? [event.end] : []));
    return { ...end, readOuts: events.flatMap((event) => ("readOut" in event ? [event.readOut] : [])) };
  });
}

/** `ensemble.differentiate` on the scalar engine. */
export function differentiate(
  program: ensemble.Program,
  trial: ensemble.Trial,
  { step = 0 }: { readonly step?: number } = {},
): ensemble.Derivative {
  const { code } = program;
  const slots = new Float64Array(code.slots.length);
  slotsAt(program, step, slots);
  const engine = new ScalarEngine(code, optimiserCode(sgd({ rate: 0 })));
  engine.begin([stateOf(trial)]);
  engine.differentiate(slots);
  const slopes = engine.read(0, code.parameters, code.parameters);
  const trained = (place: number) => code.ranges.some(({ from, to }) => place >= from && place < to);
  return {
    loss: engine.read(0, code.loss, 1)[0],
    gradient: slopes.map((slope, place) => (trained(place) ? slope : 0)),
    watched: Object.fromEntries(
      code.watches.map(({ name, at, rows, columns }) => [name, engine.read(0, at, rows * columns)]),
    ),
  };
}
