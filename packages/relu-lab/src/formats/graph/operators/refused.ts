import type { Operator, Operators } from "../call";

const refusing =
  (reason: string, remedy = ""): Operator =>
  (call) =>
    call.refuse(`${reason}${remedy ? `: ${remedy}` : ""}`);

const curved = "is not piecewise linear";
const quantised = "export the model before it is quantised";
const jumps = "jumps, so it is not continuous and has no place in a ReLU network";

/** Operators that are known and have no place in a ReLU network, with the reason. */
export const refused: Operators = {
  ...Object.fromEntries(
    [
      "Tanh",
      "Erf",
      "Gelu",
      "Elu",
      "Selu",
      "Celu",
      "Softplus",
      "Softsign",
      "HardSwish",
      "Swish",
      "Mish",
      "Sin",
      "Cos",
      "Tan",
      "Sinh",
      "Cosh",
      "Asin",
      "Acos",
      "Atan",
      "ReduceL2",
      "ReduceSumSquare",
      "ReduceLogSumExp",
      "LpNormalization",
      "LpPool",
      "LRN",
    ].map((name) => [name, refusing(curved)]),
  ),
  ...Object.fromEntries(
    [
      "LayerNormalization",
      "InstanceNormalization",
      "GroupNormalization",
      "RMSNormalization",
      "MeanVarianceNormalization",
    ].map((name) => [name, refusing(`divides by a deviation of its own input, which ${curved}`)]),
  ),
  ...Object.fromEntries(
    ["LSTM", "GRU", "RNN", "Attention"].map((name) => [
      name,
      refusing(`has gates or products of its own values, which ${curved}`),
    ]),
  ),
  ...Object.fromEntries(
    ["Sign", "ThresholdedRelu", "Shrink", "ArgMax", "ArgMin", "TopK", "Hardmax"].map((name) => [
      name,
      refusing(jumps, "ask for an output before it"),
    ]),
  ),
  ...Object.fromEntries(
    ["QLinearConv", "QLinearMatMul", "MatMulInteger", "ConvInteger", "DynamicQuantizeLinear"].map((name) => [
      name,
      refusing("computes with whole numbers, so it rounds on the way", quantised),
    ]),
  ),
  ...Object.fromEntries(
    ["If", "Loop", "Scan"].map((name) => [
      name,
      refusing("runs graphs of its own", "export the model with its control flow traced"),
    ]),
  ),
  ...Object.fromEntries(
    [
      "RandomNormal",
      "RandomNormalLike",
      "RandomUniform",
      "RandomUniformLike",
      "Bernoulli",
      "Multinomial",
    ].map((name) => [name, refusing("is random")]),
  ),
};
