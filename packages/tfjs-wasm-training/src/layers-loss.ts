import { LayersModel, type Tensor } from "@tensorflow/tfjs";
import { trainingActive } from "./status";
import { operation } from "./ops/register";

type Loss = (target: Tensor, output: Tensor) => Tensor;
type Train = (data: Tensor[]) => unknown;

/** What is used of tf.layers' models, version 4.22.0. */
interface Model {
  loss: unknown;
  lossFunctions: Loss[];
  makeTrainFunction(): Train;
}

const backward = operation({
  name: "TrainingCrossentropyBackward",
  forward({ heap, call }, { output, target, dy }) {
    const gradient = heap.output(output!.shape);
    const [batch, classes] = output!.shape;
    const [from, to] = [heap.address(output!), heap.address(gradient)];
    call.crossentropyGradient(from, heap.address(target!), heap.address(dy!), to, batch, classes);
    return gradient;
  },
});

const crossentropy = operation({
  name: "TrainingCrossentropy",
  forward({ heap, call }, { output, target }) {
    const [batch, classes] = output!.shape;
    const losses = heap.output([batch]);
    call.crossentropy(heap.address(output!), heap.address(target!), heap.address(losses), batch, classes);
    return losses;
  },
  saves: { inputs: ["output", "target"], outputs: [] },
  gradient: (dy, [output, target]) => ({
    output: () => backward<Tensor>({ output, target, dy: dy as Tensor }),
  }),
});

const covered = (target: Tensor, output: Tensor) =>
  [target, output].every((t) => t.dtype === "float32" && t.shape.length === 2) &&
  target.shape.every((extent, axis) => extent > 0 && extent === output.shape[axis]);

/** tf.layers' own loss for what the kernel does not cover. */
const faster =
  (stock: Loss): Loss =>
  (target, output) =>
    trainingActive() && covered(target, output)
      ? crossentropy<Tensor>({ output, target })
      : stock(target, output);

const stockTrainFunction = (LayersModel.prototype as unknown as Model).makeTrainFunction as
  (() => Train) | undefined;

function makeTrainFunction(this: Model): Train {
  const train = stockTrainFunction!.call(this);
  const named = (i: number) => (Array.isArray(this.loss) ? (this.loss as unknown[])[i] : this.loss);
  return (data) => {
    const stock = this.lossFunctions;
    this.lossFunctions = stock.map((loss, i) =>
      named(i) === "categoricalCrossentropy" ? faster(loss) : loss,
    );
    try {
      return train(data);
    } finally {
      this.lossFunctions = stock;
    }
  };
}

/**
 * Lets fit, fitDataset and trainOnBatch compute the loss "categoricalCrossentropy" in one kernel each way: in stock
 * operations it and its gradient are more than forty, each on a few hundred numbers.
 */
export function patchLayersModels(): void {
  if (stockTrainFunction) (LayersModel.prototype as unknown as Model).makeTrainFunction = makeTrainFunction;
}

/** Puts tf.layers' own loss back. */
export function restoreLayersModels(): void {
  if (stockTrainFunction) (LayersModel.prototype as unknown as Model).makeTrainFunction = stockTrainFunction;
}
