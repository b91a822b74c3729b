import type { Call, Operators } from "../call";
import type { Tensor } from "../tensor";
import type { Value } from "../value";
import { add, multiply } from "./arithmetic";

/**
 * Batch normalisation with stored statistics: a x + b, one a and b a channel, rounded to doubles.
 *
 * @param axis where the channels lie
 */
export function normalise(
  call: Call,
  value: Value,
  parameters: readonly Tensor[],
  epsilon: number,
  axis: number,
): Value {
  const channels = value.shape[axis] ?? call.refuse(`takes values of the shape [${value.shape}]`);
  for (const { shape, values } of parameters)
    if (values.length !== channels)
      call.refuse(`has parameters of shape [${shape}] for ${channels} channels`);
  const [scale, shift, mean, variance] = parameters.map(({ values }) => values);
  const factors = scale.map((s, c) => s / Math.sqrt(variance[c] + epsilon));
  if (!factors.every(Number.isFinite))
    call.refuse(`divides by the root of ${variance.find((v) => !(v + epsilon > 0))}`);
  const shape = value.shape.map((size, d) => (d === axis ? size : 1)).slice(axis);
  const a: Tensor = { shape, values: factors, kind: "double" };
  const b: Tensor = { shape, values: shift.map((s, c) => s - mean[c] * factors[c]), kind: "double" };
  call.note("became a x + b with a and b rounded to doubles");
  return add(call, multiply(call, value, a), b);
}

function batchNormalization(call: Call): Value {
  const { attributes } = call;
  // Before opset 7 the default of is_test is 0: training.
  const training = attributes.flag("training_mode") || (call.version < 7 && !attributes.flag("is_test"));
  if (training || call.node.outputs.slice(1).some((name) => name !== ""))
    call.refuse(
      "is in training mode, so it takes its statistics from the batch: export the model in evaluation mode",
    );
  attributes.ignore("momentum", "consumed_inputs", "is_test");
  if (!attributes.flag("spatial", true)) call.refuse("normalises every pixel on its own (spatial 0)");
  const parameters = [1, 2, 3, 4].map((i) => call.constant(i, "parameters"));
  return normalise(call, call.value(0), parameters, attributes.number("epsilon", 1e-5), 1);
}

export const normalisation: Operators = { BatchNormalization: batchNormalization };
