import type { LabelledImages } from "../datasets";
import type { Generator } from "../random";
import { ready } from "../runtime";
import { interruptible } from "../workers";
import { checkClasses, checkImages } from "./check-images";
import { readCheckpoint, writeCheckpoint, type Checkpoint } from "./checkpoint";
import type { EpochRecord } from "./epoch-record";
import type { ImageClassifier } from "./image-classifier";
import { loadOptimiser, makeOptimiser, optimiserState } from "./optimiser";
import type { OptimiserDescription } from "./optimiser-description";
import { own, tfjs, type Tensor } from "./tensors";

/** How far training is. */
export interface TrainProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Batches done in this epoch. */
  readonly batch: number;
  readonly batches: number;
  /** Mean over this epoch so far. */
  readonly loss: number;
  readonly accuracy: number;
  /** Images a second since the start. */
  readonly rate: number;
  readonly secondsLeft: number;
}

/** How a classifier is trained. */
export interface TrainOptions {
  /** How many times over the images. */
  readonly epochs: number;
  /** Where the shuffles come from: the same seed, the same order. */
  readonly generator: Generator;
  /** Images a step; 64 when not given. The last batch of an epoch has what is left. */
  readonly batchSize?: number;
  /** Adam at 1e-3 when not given. */
  readonly optimiser?: OptimiserDescription;
  /** Evaluated after each epoch. */
  readonly validation?: LabelledImages;
  /** Stops training after the batch at hand. When not given, an interrupt of the process does, and is thrown. */
  readonly signal?: AbortSignal;
  /** Asked after each epoch; true stops. */
  readonly stopWhen?: (history: readonly EpochRecord[]) => boolean;
  /** Called after each batch. */
  readonly onProgress?: (progress: TrainProgress) => void;
  /** A file that keeps the state after each epoch; when it is there, training goes on from it. */
  readonly checkpoint?: string;
}

/** What training gives beside the trained weights. */
export interface TrainResult {
  readonly history: EpochRecord[];
  /** "finished": all epochs; "stopped": `stopWhen` said so; "aborted": the signal did, within an epoch. */
  readonly ended: "finished" | "stopped" | "aborted";
  /** Seconds of this call. */
  readonly seconds: number;
}

/** A loss that is not finite: training cannot go on. */
export class DivergedError extends Error {
  constructor(
    readonly loss: number,
    readonly epoch: number,
    readonly batch: number,
    readonly step: number,
    rate: number,
  ) {
    super(
      `the loss is ${loss} at step ${step} (epoch ${epoch}, batch ${batch}): ` +
        `a rate below ${rate} may help; if not, look at the images and the first weights`,
    );
    this.name = "DivergedError";
  }
}

/** Lets timers, signals and messages have their turn: a step itself never waits for anything. */
const breathe = () => new Promise<void>((done) => setImmediate(done));

/**
 * Trains a classifier by stochastic gradient descent on softmax cross-entropy. The loop is the same on every backend;
 * on one backend the same seeds give the same weights, bit for bit. Batches are taken straight out of the typed array.
 *
 * @param model its weights are changed
 * @param set images and labels
 * @param options epochs, generator, batch size, optimiser, validation, stopping, progress, checkpoint
 * @returns the history, how training ended and how long it took
 * @throws RangeError when images, labels or options do not fit, or a class has no image; DivergedError when the loss is not finite
 * @example
 * const model = models.ImageClassifier.random(models.feedforward([128, 10]), generator.split("weights"));
 * const { history } = await models.train(model, mnist.train, { epochs: 12, generator, validation: mnist.test });
 */
export async function train(
  model: ImageClassifier,
  set: LabelledImages,
  options: TrainOptions,
): Promise<TrainResult> {
  return interruptible(async (signal) => {
    const result = await trainUntil(signal, model, set, options);
    if (!options.signal) signal.throwIfAborted();
    return result;
  }, options.signal);
}

async function trainUntil(
  signal: AbortSignal,
  model: ImageClassifier,
  set: LabelledImages,
  options: TrainOptions,
): Promise<TrainResult> {
  const { epochs, generator, batchSize = 64, validation, stopWhen, onProgress } = options;
  const description = options.optimiser ?? { name: "adam", rate: 1e-3 };
  checkImages(set, model.pixels, model.classes);
  checkClasses(set, model.classes);
  if (validation) checkImages(validation, model.pixels, model.classes);
  if (!generator) {
    throw new TypeError("train: no generator is given: the shuffles need one, such as random.generator(0)");
  }
  for (const [name, value] of Object.entries({ epochs, batchSize })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name} is ${value}, but must be a positive integer`);
  }
  await ready(); // a model made before any backend was chosen stands on the slowest; its tensors follow
  const tf = tfjs();
  const { countCorrect, softmaxCrossEntropy } = own();
  const optimiser = makeOptimiser(description);
  const variables = model.trainable() as import("@tensorflow/tfjs").Variable[];
  const identity = { architecture: model.architecture, batchSize, optimiser: description, images: set.count };
  const history: EpochRecord[] = [];
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const batches = Math.ceil(set.count / batchSize);

  const saved: Checkpoint | undefined = options.checkpoint
    ? readCheckpoint(options.checkpoint, identity, set)
    : undefined;
  if (saved) {
    model.setWeights(saved.weights);
    await loadOptimiser(optimiser, variables, saved.optimiser);
    history.push(...saved.history);
  }
  const firstEpoch = history.length + 1;
  let ended: TrainResult["ended"] = history.length > 0 && stopWhen?.(history) ? "stopped" : "finished";
  let breath = performance.now();
  try {
    for (let epoch = firstEpoch; ended === "finished" && epoch <= epochs; epoch++) {
      // Named by the epoch: a run that goes on from a checkpoint meets the same order.
      const order = generator.split("shuffle").split(epoch).permutation(set.count);
      const epochStart = performance.now();
      let [lossSum, right, seen] = [0, 0, 0];
      for (let batch = 1; batch <= batches; batch++) {
        const indices = order.subarray((batch - 1) * batchSize, batch * batchSize);
        const labels = Int32Array.from(indices, (i) => set.labels[i]);
        const [loss, correct] = tf.tidy(() => {
          const x = model.batch(set.images, indices);
          const y = tf.tensor1d(labels, "int32");
          let correct: Tensor | undefined;
          const { value, grads } = tf.variableGrads(() => {
            const logits = model.logits(x) as never;
            correct = tf.keep(countCorrect(logits, y));
            return softmaxCrossEntropy(logits, y);
          }, variables);
          const loss = value.dataSync()[0];
          // Weights are changed only by a loss that makes sense.
          if (Number.isFinite(loss)) optimiser.applyGradients(grads);
          const count = correct!.dataSync()[0];
          correct!.dispose();
          return [loss, count];
        });
        if (!Number.isFinite(loss)) {
          throw new DivergedError(loss, epoch, batch, (epoch - 1) * batches + batch, description.rate);
        }
        lossSum += loss * indices.length;
        right += correct;
        seen += indices.length;
        if (onProgress) {
          const done = (epoch - firstEpoch) * set.count + seen;
          const rate = done / seconds();
          const left = (epochs - firstEpoch + 1) * set.count - done;
          onProgress({
            epoch,
            epochs,
            batch,
            batches,
            loss: lossSum / seen,
            accuracy: right / seen,
            rate,
            secondsLeft: left / rate,
          });
        }
        if (performance.now() - breath > 30) {
          await breathe();
          breath = performance.now();
        }
        if (signal.aborted) {
          ended = "aborted";
          break;
        }
      }
      if (ended === "aborted") break;
      const took = (performance.now() - epochStart) / 1000;
      const evaluation = validation ? model.evaluate(validation) : undefined;
      history.push({
        epoch,
        loss: lossSum / seen,
        accuracy: right / seen,
        ...(evaluation ? { validationLoss: evaluation.loss, validationAccuracy: evaluation.accuracy } : {}),
        seconds: took,
      });
      if (options.checkpoint) {
        const optimiserNumbers = await optimiserState(optimiser, variables);
        const state = { weights: model.weights(), optimiser: optimiserNumbers, history };
        writeCheckpoint(options.checkpoint, identity, set, state);
      }
      if (stopWhen?.(history) && epoch < epochs) ended = "stopped";
    }
  } finally {
    optimiser.dispose();
  }
  return { history, ended, seconds: seconds() };
}
