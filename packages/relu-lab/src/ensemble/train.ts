import type { Generator } from "../random";
import { planOf, slotsAt, type Plan, type PlanOptions } from "./plan";
import type { Program } from "./program";
import { runTrials, type NumberedTrial, type ReadOut, type RunEvent, type TrialEnd } from "./run";
import { seedOf } from "./samples";
import { optimiserCode, sgd } from "./optimiser";
import { SimdEngine } from "./simd-engine";
import { runOnThreads } from "./threads";

/** What a trial begins with. */
export interface Trial {
  /** Its parameters, in the order of the tape; copied. */
  readonly parameters: ArrayLike<number>;
  /** Its samples come from `random.split("samples")`: two trials with the same generator see the same samples. */
  readonly random: Generator;
}

/** How trials are trained. */
export interface TrainOptions extends PlanOptions {
  readonly trials: readonly Trial[];
  /** Called with each read-out as it comes; trials come in no fixed order, the read-outs of one trial in theirs. */
  readonly onReadOut?: (readOut: ReadOut) => void;
  /** Called from time to time with the share of the work that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** How `train` spreads the work. */
export interface TrainThreads {
  /** Threads, `RELU_LAB_WORKERS` or one a core when not given; 1 in a page. The results do not depend on it. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
}

/** A trial's way and end. */
export interface TrialResult extends TrialEnd {
  readonly readOuts: readonly ReadOut[];
}

function numbered(program: Program, { trials }: TrainOptions): NumberedTrial[] {
  const { parameters: count } = program.code;
  return trials.map(({ parameters, random }, trial) => {
    const values = Float64Array.from(parameters);
    if (values.length !== count)
      throw new RangeError(`train: trial ${trial} has ${values.length} parameters, the program ${count}`);
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new RangeError(`train: trial ${trial}: parameter ${wrong} is ${values[wrong]}`);
    return { trial, parameters: values, seed: seedOf(random) };
  });
}

/** Takes events in and makes results of them. */
class Results {
  private readonly readOuts: ReadOut[][];
  private readonly ends: TrialEnd[] = [];
  private taken = 0;

  constructor(
    private readonly plan: Plan,
    private readonly options: TrainOptions,
  ) {
    this.readOuts = options.trials.map(() => []);
  }

  take(event: RunEvent): void {
    const { onReadOut, onProgress, trials } = this.options;
    if ("readOut" in event) {
      this.readOuts[event.readOut.trial].push(event.readOut);
      onReadOut?.(event.readOut);
    } else if ("end" in event) {
      this.ends[event.end.trial] = event.end;
    } else {
      this.taken += event.trialSteps;
      onProgress?.(Math.min(1, this.taken / Math.max(1, this.plan.steps * trials.length)));
    }
  }

  all(): TrialResult[] {
    return this.readOuts.map((readOuts, trial) => ({ ...this.ends[trial], readOuts }));
  }
}

function* runAll(plan: Plan, trials: readonly NumberedTrial[]): globalThis.Generator<RunEvent, void> {
  const engine = new SimdEngine(plan.code, plan.optimiser);
  try {
    for (let first = 0; first < trials.length; first += engine.lanes)
      yield* runTrials(plan, engine, trials.slice(first, first + engine.lanes));
  } finally {
    engine.release();
  }
}

/**
 * Trains trials of one program in the calling thread: for trials of an experiment that already has threads, and for tests.
 *
 * @param program a compiled tape
 * @param options trials, steps, optimiser, read-outs
 * @returns a result for each trial, in their order. A value that is not finite ends its own trial only: see `failedAt`
 * @throws RangeError when the options do not fit the program
 * @example
 * const results = ensemble.trainSync(program, { trials, steps: 1000, optimiser: ensemble.adam({ rate: 1e-3 }) });
 */
export function trainSync(program: Program, options: TrainOptions): TrialResult[] {
  const plan = planOf(program, options);
  const results = new Results(plan, options);
  for (const event of runAll(plan, numbered(program, options))) results.take(event);
  return results.all();
}

/**
 * Trains trials of one program in the calling thread, and hands over each read-out before it goes on: for a page that shows
 * every step, waits, and goes on when it is told to.
 *
 * @param program a compiled tape
 * @param options trials, steps, optimiser, read-outs
 * @returns the read-outs as they come: those of two trials side by side, then those of the next two. A trial whose values
 * are no longer finite gives no more of them. Call the iterator's `return` when no more are wanted: it frees the engine
 * @throws RangeError when the options do not fit the program
 * @example
 * for (const { step, loss } of trainStepwise(program, { trials, steps, optimiser, readOuts })) show(step, loss);
 */
export function* trainStepwise(
  program: Program,
  options: TrainOptions,
): globalThis.Generator<ReadOut, void, undefined> {
  for (const event of runAll(planOf(program, options), numbered(program, options)))
    if ("readOut" in event) yield event.readOut;
}

/**
 * Trains trials of one program, many at once: two to a vector, pairs of them spread over worker threads.
 *
 * The same trial gives the same bits whatever the number of workers and whichever trials it shares a vector with.
 *
 * @param program a compiled tape
 * @param options trials, steps, optimiser, read-outs; workers, signal
 * @returns a result for each trial, in their order. A value that is not finite ends its own trial only: see `failedAt`
 * @throws RangeError when the options do not fit the program; the signal's reason when it aborts
 * @example
 * const tape = new ensemble.Tape();
 * const net = ensemble.dense(tape, [1, 16, 16, 1]);
 * const x = tape.uniform(1, 32);
 * const program = tape.compile(tape.meanSquare(net.apply(x).output, x.tents(3)));
 * const trials = Array.from({ length: 100 }, (_, trial) => {
 *   const own = random.generator(7).split(trial);
 *   return { parameters: net.parameters(network.heNetwork([1, 16, 16, 1], own, 0.1)), random: own };
 * });
 * const optimiser = ensemble.adam({ rate: ensemble.cosine(1e-2, 1e-5, 5000) });
 * const results = await ensemble.train(program, { trials, steps: 5000, optimiser, readOuts: [0, 1000, 5000] });
 * net.network(results[0].parameters); // a ReluNetwork for the exact counters
 */
export async function train(program: Program, options: TrainOptions & TrainThreads): Promise<TrialResult[]> {
  const { signal, workers } = options;
  signal?.throwIfAborted();
  const plan = planOf(program, options);
  const results = new Results(plan, options);
  const trials = numbered(program, options);
  const take = (event: RunEvent) => results.take(event);
  if (await runOnThreads(plan, trials, take, { signal, workers })) return results.all();
  let rest = performance.now();
  for (const event of runAll(plan, trials)) {
    take(event);
    if (performance.now() - rest < 15) continue;
    await new Promise((resolve) => setTimeout(resolve)); // clicks, timers, an abort
    signal?.throwIfAborted();
    rest = performance.now();
  }
  return results.all();
}

/** The loss and its gradient at given parameters. */
export interface Derivative {
  readonly loss: number;
  /** In the order of the parameters; 0 for frozen ones. */
  readonly gradient: Float64Array;
  readonly watched: Readonly<Record<string, Float64Array>>;
}

/**
 * One pass forward and backward: for checks against finite differences.
 *
 * @param program a compiled tape
 * @param trial parameters, and the generator of its first samples
 * @param options the step whose scheduled values hold
 * @returns the loss, its gradient and the watched values
 * @throws RangeError when the trial's parameters do not fit the program, or are not finite
 * @example
 * ensemble.differentiate(program, { parameters, random: random.generator(0) }).gradient;
 */
export function differentiate(
  program: Program,
  trial: Trial,
  { step = 0 }: { readonly step?: number } = {},
): Derivative {
  const { code } = program;
  const optimiser = sgd({ rate: 0 });
  const [state] = numbered(program, { trials: [trial], steps: 0, optimiser });
  const slots = new Float64Array(code.slots.length);
  slotsAt(program, step, slots);
  const engine = new SimdEngine(code, optimiserCode(optimiser));
  try {
    engine.begin([state]);
    engine.differentiate(slots);
    const gradient = new Float64Array(code.parameters);
    const all = engine.read(0, code.parameters, code.parameters);
    for (const { from, to } of code.ranges) gradient.set(all.subarray(from, to), from);
    return {
      loss: engine.read(0, code.loss, 1)[0],
      gradient,
      watched: Object.fromEntries(
        code.watches.map(({ name, at, rows, columns }) => [name, engine.read(0, at, rows * columns)]),
      ),
    };
  } finally {
    engine.release();
  }
}
