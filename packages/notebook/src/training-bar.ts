import { progress, type Progress, type ProgressOptions } from "./progress";

/** How far training is, as the training loop says it. */
export interface TrainingState {
  epoch: number;
  epochs: number;
  batch: number;
  batches: number;
  loss: number;
  accuracy: number;
}

/** A callback that shows training as a progress bar. */
export interface TrainingBar {
  (state: TrainingState): void;
  /** Closes the bar where training ended before its last epoch; harmless when repeated. */
  done(note?: string): void;
}

/**
 * A callback that shows training as a progress bar: batches done and the time left, with epoch, batch, loss and
 * accuracy behind them; in a notebook and in a terminal.
 *
 * @param label what is trained
 * @param options where to draw, for tests
 * @returns the callback for `models.train`'s `onProgress`
 * @example
 * const bar = trainingBar("784-128-10");
 * await models.train(model, mnist.train, { epochs: 3, generator: random.generator(0), onProgress: bar });
 */
export function trainingBar(
  label: string,
  options: Pick<ProgressOptions, "sink" | "clock"> = {},
): TrainingBar {
  let bar: Progress | undefined;
  let before = 0;
  let last = "";
  const show = ({ epoch, epochs, batch, batches, loss, accuracy }: TrainingState) => {
    const passed = (epoch - 1) * batches + batch;
    if (!bar) {
      before = passed - 1; // a run that goes on from a checkpoint counts what is its own: rate and time left are right
      bar = progress(epochs * batches - before, { label, unit: "batches", ...options });
    }
    const measured = `loss ${loss.toFixed(4)} · accuracy ${(100 * accuracy).toFixed(1)} %`;
    last = `epoch ${epoch}/${epochs} · ${measured}`;
    bar.update(passed - before, `epoch ${epoch}/${epochs}, batch ${batch}/${batches} · ${measured}`);
    if (passed >= epochs * batches) bar.done(last);
  };
  return Object.assign(show, { done: (note?: string) => bar?.done(note ?? last) });
}
