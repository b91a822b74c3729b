import { losses, oneHot, type Scalar, type Tensor, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs";
import { trainingActive } from "../status";
import { operation } from "./register";

const scaled = operation({
  name: "TrainingScale",
  forward({ heap, call }, { values, factor }) {
    const out = heap.output(values!.shape);
    const n = values!.shape.reduce((product, extent) => product * extent, 1);
    call.scale(heap.address(values!), heap.address(factor!), heap.address(out), n);
    return out;
  },
});

const crossEntropy = operation({
  name: "TrainingSoftmaxCrossEntropy",
  forward({ heap, call }, { logits, labels }) {
    const [batch, classes] = logits!.shape;
    const loss = heap.output([]);
    const gradient = heap.output([batch, classes]);
    const bad = call.softmaxCrossEntropy(
      heap.address(logits!),
      heap.address(labels!),
      heap.address(loss),
      heap.address(gradient),
      batch,
      classes,
    );
    if (bad >= 0) {
      const at = heap.address(labels!) + 4 * bad;
      const label = new Int32Array(heap.bytes.slice(at, at + 4).buffer)[0];
      for (const tensor of [loss, gradient]) heap.backend.disposeData(tensor.dataId);
      throw badLabel(label, bad, classes);
    }
    return [loss, gradient];
  },
  saves: { inputs: [], outputs: [false, true] },
  // The gradient was made on the way; what comes in scales it.
  gradient: (dys, [gradient]) => ({
    logits: () => scaled<Tensor>({ values: gradient, factor: (dys as Tensor[])[0] }),
  }),
});

const counted = operation({
  name: "TrainingCountCorrect",
  forward({ heap, call }, { logits, labels }) {
    const [batch, classes] = logits!.shape;
    const out = heap.output([], "int32");
    const count = call.countCorrect(heap.address(logits!), heap.address(labels!), batch, classes);
    heap.bytes.set(new Uint8Array(Int32Array.of(count).buffer), heap.address(out));
    return out;
  },
});

function badLabel(label: number, row: number, classes: number): RangeError {
  return new RangeError(
    `the label of row ${row} is ${label}: with ${classes} classes it must be 0 to ${classes - 1}`,
  );
}

function checkShapes(name: string, logits: Tensor2D, labels: Tensor1D): void {
  if (logits.shape.length !== 2 || labels.shape.length !== 1 || logits.shape[0] !== labels.shape[0]) {
    throw new Error(
      `${name}: logits [${logits.shape}] and labels [${labels.shape}] do not fit: they must be [batch, classes], [batch]`,
    );
  }
  if (logits.shape[1] < 2) throw new Error(`${name}: logits [${logits.shape}] have fewer than two classes`);
  if (labels.dtype !== "int32") throw new Error(`${name}: the labels are ${labels.dtype}, but must be int32`);
}

/**
 * The mean over the batch of -log softmax(logits)[label], with its gradient.
 *
 * @param logits [batch, classes]
 * @param labels [batch], int32, each from 0 to classes - 1
 * @returns a scalar
 * @throws RangeError when a label is not a class
 */
export function softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): Scalar {
  checkShapes("softmaxCrossEntropy", logits, labels);
  if (trainingActive() && logits.dtype === "float32" && logits.size > 0) {
    return crossEntropy<Tensor[]>({ logits, labels })[0] as Scalar;
  }
  const classes = logits.shape[1];
  for (const [row, label] of labels.dataSync().entries()) {
    if (!(label >= 0 && label < classes)) throw badLabel(label, row, classes);
  }
  return losses.softmaxCrossEntropy(oneHot(labels, classes), logits) as Scalar;
}

/**
 * How many rows have their largest logit at their label (of several largest, the first counts).
 *
 * @param logits [batch, classes]
 * @param labels [batch], int32
 * @returns an int32 scalar
 */
export function countCorrect(logits: Tensor2D, labels: Tensor1D): Scalar {
  checkShapes("countCorrect", logits, labels);
  if (trainingActive() && logits.dtype === "float32") return counted<Scalar>({ logits, labels });
  return logits.argMax(1).equal(labels).sum().toInt() as Scalar;
}
