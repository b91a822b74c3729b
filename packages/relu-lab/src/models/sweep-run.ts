import type { LabelledImages } from "../datasets";
import { generator } from "../random";
import { ready } from "../runtime";
import type { Architecture } from "./architecture";
import { ImageClassifier } from "./image-classifier";
import type { OptimiserDescription } from "./optimiser-description";
import type { EpochRecord } from "./epoch-record";
import { train } from "./train";

/** One training of a sweep. */
export interface SweepRun {
  readonly architecture: Architecture;
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize?: number;
  readonly optimiser?: OptimiserDescription;
}

/** What one training of a sweep gave. */
export interface SweepResult {
  readonly run: SweepRun;
  readonly name: string;
  readonly parameters: number;
  readonly history: readonly EpochRecord[];
  /** On the test images, after the last epoch. */
  readonly accuracy: number;
  readonly confusion: readonly (readonly number[])[];
  readonly weights: Float32Array[];
  readonly seconds: number;
}

/** A run and its data, as they go to a worker. */
export interface SweepTask {
  readonly run: SweepRun;
  readonly trainSet: LabelledImages;
  readonly testSet: LabelledImages;
}

/** Trains one network from its seed: weights and shuffles come from streams of their own. */
export async function sweepRun({ run, trainSet, testSet }: SweepTask): Promise<SweepResult> {
  await ready();
  const g = generator(run.seed);
  const model = ImageClassifier.random(run.architecture, g.split("weights"));
  try {
    const { epochs, batchSize, optimiser } = run;
    const { history, seconds } = await train(model, trainSet, {
      epochs,
      batchSize,
      optimiser,
      generator: g,
      validation: testSet,
    });
    const { accuracy, confusion } = model.evaluate(testSet);
    const { name, parameters } = model;
    return { run, name, parameters, history, accuracy, confusion, weights: model.weights(), seconds };
  } finally {
    model.dispose();
  }
}
