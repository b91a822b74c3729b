import type { Call, Operator, Operators } from "../../graph/call";
import { maximum, minimum } from "../../graph/operators/activations";
import { add, averaged, negate, sumOf } from "../../graph/operators/arithmetic";
import { concatenate } from "../../graph/operators/movement";
import type { Value } from "../../graph/value";
import { number } from "./settings";

/** Values of one rank: Keras puts axes of one element elsewhere than NumPy where ranks differ. */
function alike(call: Call): Value[] {
  const values = call.values();
  const [{ shape }] = values;
  if (values.some((value) => value.shape.length !== shape.length))
    call.refuse(`joins values of the shapes ${values.map((value) => `[${value.shape}]`).join(" and ")}`);
  return values;
}

function subtract(call: Call): Value {
  const values = alike(call);
  if (values.length !== 2) call.refuse(`takes ${values.length} values: two are needed`);
  return add(call, values[0], negate(call, values[1]));
}

const refusing =
  (what: string): Operator =>
  (call) =>
    call.refuse(what);

export const merges: Operators = {
  Add: (call) => sumOf(call, alike(call)),
  Subtract: subtract,
  Average: (call) => averaged(call, sumOf(call, alike(call)), call.values().length),
  Maximum: (call) => alike(call).reduce((most, value) => maximum(call, most, value)),
  Minimum: (call) => alike(call).reduce((least, value) => minimum(call, least, value)),
  Concatenate: (call) => concatenate(call, call.values(), number(call, "axis", -1)),
  Multiply: refusing("multiplies two values that depend on the input, which is not piecewise linear"),
  Dot: refusing("multiplies two values that depend on the input, which is not piecewise linear"),
};
