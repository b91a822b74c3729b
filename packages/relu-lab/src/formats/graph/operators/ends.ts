import type { Call, Operators } from "../call";
import { isSignal, type Value } from "../value";

/** Functions that stand at the end of a classifier: left out there, refused inside of a network. */
export function leftOut(call: Call, name: string, value = call.value(0)): Value {
  if (!isSignal(value)) return call.refuse("is not piecewise linear, and is not computed of constants here");
  if (value.dropped) call.refuse(`reads ${value.dropped.place}, and only one such function can be left out`);
  const plainInput = value.forms.isPlain && value.forms.wires.every((wire, i) => wire === i);
  if (plainInput)
    call.refuse(`reads the input itself and is not piecewise linear: there is no network without it`);
  return { ...value, dropped: { op: name, place: call.place } };
}

export const ends: Operators = {
  Softmax: (call) => {
    call.attributes.ignore("axis");
    return leftOut(call, "Softmax");
  },
  LogSoftmax: (call) => {
    call.attributes.ignore("axis");
    return leftOut(call, "LogSoftmax");
  },
  Sigmoid: (call) => leftOut(call, "Sigmoid"),
};
