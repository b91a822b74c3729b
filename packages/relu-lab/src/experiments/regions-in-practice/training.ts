import type { LabelledImages } from "../../datasets";
import { feedforward, ImageClassifier, train } from "../../models";
import { heNetwork, type ReluNetwork } from "../../network";
import { transposed } from "../../network/transposed";
import type { Generator } from "../../random";
import { ready } from "../../runtime";

/** A network on its way through training. */
export interface ReadOut {
  /** Steps of the optimiser so far. */
  readonly step: number;
  /** The weights at this step, in doubles. */
  readonly network: ReluNetwork;
  /** Share of right answers on a set, 0 to 1. */
  readonly accuracy: (set: LabelledImages) => number;
}

/** How a classifier is trained between its read-outs. */
export interface ReadOutOptions {
  /** Widths of the hidden layers. */
  readonly widths: readonly number[];
  /** Steps at which the weights are read, ascending; 0 is before the first one. */
  readonly steps: readonly number[];
  readonly batchSize: number;
  /** Adam's rate. */
  readonly rate: number;
  /** Standard deviation of the first biases. */
  readonly biasDeviation: number;
}

/** Weights as the classifier wants them: kernels by input, then output, in single precision. */
function classifierWeights(network: ReluNetwork): Float32Array[] {
  return network.layers.flatMap(({ inputs, outputs, weights, biases }) => [
    Float32Array.from(transposed(weights, outputs, inputs)),
    Float32Array.from(biases),
  ]);
}

/**
 * Trains a fully connected classifier from He's initialisation and hands out its weights at chosen steps.
 *
 * @param set training images
 * @param options widths, steps, batch size, rate, deviation of the first biases
 * @param random weights and shuffles
 * @param onReadOut called at each of the steps, in their order
 * @throws RangeError when the steps do not ascend from 0 or more; DivergedError when the loss is not finite
 */
export async function trainWithReadOuts(
  set: LabelledImages,
  { widths, steps, batchSize, rate, biasDeviation }: ReadOutOptions,
  random: Generator,
  onReadOut: (readOut: ReadOut) => void,
): Promise<void> {
  const wrong = steps.findIndex(
    (step, i) => !Number.isInteger(step) || step < 0 || step <= (steps[i - 1] ?? -1),
  );
  if (wrong >= 0 || steps.length === 0) {
    throw new RangeError(`trainWithReadOuts: the steps [${steps}] must be whole numbers that ascend from 0`);
  }
  await ready();
  const pixels = set.images.length / set.count;
  const start = heNetwork([pixels, ...widths, 10], random.split("weights"), biasDeviation);
  const model = ImageClassifier.of(feedforward([...widths, 10]), classifierWeights(start));
  try {
    let next = 0;
    const last = steps[steps.length - 1];
    const stop = new AbortController();
    const at = (step: number) => {
      if (step === steps[next]) {
        next++;
        onReadOut({ step, network: model.toNetwork(), accuracy: (test) => model.evaluate(test).accuracy });
      }
      if (step === last) stop.abort();
    };
    at(0);
    const batches = Math.ceil(set.count / batchSize);
    if (last > 0) {
      await train(model, set, {
        epochs: Math.ceil(last / batches),
        batchSize,
        optimiser: { name: "adam", rate },
        generator: random.split("shuffles"),
        signal: stop.signal,
        onProgress: ({ epoch, batch }) => at((epoch - 1) * batches + batch), // after the step's update
      });
    }
  } finally {
    model.dispose();
  }
}
