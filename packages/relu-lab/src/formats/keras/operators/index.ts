import type { Operator, Operators } from "../../graph/call";
import { activations } from "./activations";
import { denses } from "./dense";
import { merges } from "./merges";
import { pools } from "./pools";
import { scalings } from "./scaling";
import { layerOf } from "./settings";
import { shapes } from "./shapes";

/** Layers that have no place in a ReLU network, with the reason. */
const reasons: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      "LSTM",
      "GRU",
      "SimpleRNN",
      "RNN",
      "Bidirectional",
      "ConvLSTM2D",
      "MultiHeadAttention",
      "Attention",
      "AdditiveAttention",
    ].map((name) => [name, "has gates or products of its own values, which is not piecewise linear"]),
  ),
  ...Object.fromEntries(
    ["LayerNormalization", "GroupNormalization", "UnitNormalization", "SpectralNormalization"].map((name) => [
      name,
      "divides by a size of its own input, which is not piecewise linear",
    ]),
  ),
  ...Object.fromEntries(
    ["Lambda", "TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer"].map((name) => [
      name,
      "is a function of Python or TensorFlow, not a layer: export the model to ONNX (python -m tf2onnx.convert), where it is a graph of operators",
    ]),
  ),
  ...Object.fromEntries(
    [
      "Embedding",
      "TextVectorization",
      "StringLookup",
      "IntegerLookup",
      "Hashing",
      "CategoryEncoding",
      "Discretization",
    ].map((name) => [name, "looks numbers up, which is not piecewise linear: cut the model behind it"]),
  ),
};

const refused = Object.fromEntries(
  Object.entries(reasons).map(([name, what]): [string, Operator] => [name, (call) => call.refuse(what)]),
);

const known: Operators = {
  ...denses,
  ...activations,
  ...pools,
  ...scalings,
  ...shapes,
  ...merges,
  ...refused,
};

/** Layers that read their input as it is; their weights, if any, are states of random numbers. */
const random = /^(Passed|\w*Dropout\w*|GaussianNoise|Random\w+)$/;

/** A layer whose weights are all understood. */
const whole =
  (operator: Operator): Operator =>
  (call) => {
    const value = operator(call);
    const left = random.test(call.node.op) ? [] : layerOf(call).weights.unread();
    if (left.length > 0) call.refuse(`has the weights ${left.join(", ")}, which are not understood`);
    return value;
  };

/** The table of layers under Keras's names, over the families of `graph/operators`. */
export const kerasOperators: Operators = Object.fromEntries(
  Object.entries(known).map(([name, operator]) => [name, whole(operator)]),
);
