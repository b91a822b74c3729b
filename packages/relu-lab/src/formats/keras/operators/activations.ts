import type { Call, Operator, Operators } from "../../graph/call";
import { add, multiply } from "../../graph/operators/arithmetic";
import { clip, leakyRelu, minimum, relu } from "../../graph/operators/activations";
import { leftOut } from "../../graph/operators/ends";
import type { Value } from "../../graph/value";
import { configOf, layerOf, number, scalar, weight } from "./settings";

/** 0.2 x + 0.5 in Keras 2 and TensorFlow.js, x / 6 + 0.5 in Keras 3, cut off at 0 and 1. */
function hardSigmoid(call: Call, value: Value): Value {
  const slope = layerOf(call).version >= 3 ? 1 / 6 : 0.2;
  return clip(call, add(call, multiply(call, value, scalar(slope)), scalar(0.5)), scalar(0), scalar(1));
}

/** Activations by name that are piecewise linear, or that may be left out at the end. */
const named: Readonly<Record<string, (call: Call, value: Value) => Value>> = {
  linear: (_, value) => value,
  relu,
  relu6: (call, value) => clip(call, value, scalar(0), scalar(6)),
  leaky_relu: (call, value) => leakyRelu(call, value, scalar(0.2)),
  hard_sigmoid: hardSigmoid,
  hard_tanh: (call, value) => clip(call, value, scalar(-1), scalar(1)),
  softmax: (call, value) => leftOut(call, "Softmax", value),
  log_softmax: (call, value) => leftOut(call, "LogSoftmax", value),
  sigmoid: (call, value) => leftOut(call, "Sigmoid", value),
};

/** Names as tfjs writes them. */
const snake = (name: string) => name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();

interface Activation {
  readonly name: string;
  /** The settings of an activation that is a layer of its own kind inside of another. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** What a setting `activation` names: a text, or the serialised function or layer of Keras 3. */
function activationOf(call: Call): Activation {
  const given = configOf(call).activation;
  if (given === undefined || given === null) return { name: "linear" };
  if (typeof given === "string") return { name: snake(given) };
  const { class_name: kind, config } = given as Record<string, unknown>;
  if (kind === "function" && typeof config === "string") return { name: snake(config) };
  if (typeof kind !== "string")
    return call.refuse(`has the activation ${JSON.stringify(given)?.slice(0, 60)}, which is not known`);
  const own = typeof config === "object" && config !== null ? (config as Record<string, unknown>) : {};
  return { name: kind, config: own };
}

/** A value behind the layer's activation. */
export function activated(call: Call, value: Value): Value {
  const { name, config } = activationOf(call);
  if (Object.prototype.hasOwnProperty.call(named, name)) return named[name](call, value);
  if (config && name === "ReLU") return reluOf(call, value, config);
  if (config && name === "LeakyReLU") return leakyRelu(call, value, scalar(slopeOf(call, config)));
  return call.refuse(
    `has the activation "${name}", which is not piecewise linear or not known here: ReLU, leaky ReLU, ReLU6 and hard sigmoid are piecewise linear`,
  );
}

const slopeOf = (call: Call, config: Readonly<Record<string, unknown>>): number => {
  const slope = config.negative_slope ?? config.alpha ?? 0.3;
  const own = Array.isArray(slope) && slope.length === 1 ? (slope as unknown[])[0] : slope;
  return typeof own === "number" && Number.isFinite(own)
    ? own
    : call.refuse(`has the slope ${JSON.stringify(slope)}`);
};

/** x from 0 to its upper limit, and negative_slope x below 0. */
function reluOf(call: Call, value: Value, config: Readonly<Record<string, unknown>>): Value {
  const [most, slope, threshold] = [config.max_value, config.negative_slope ?? 0, config.threshold ?? 0];
  if (threshold !== 0)
    call.refuse(
      `has the threshold ${JSON.stringify(threshold)}: it jumps there, so it is not continuous and has no place in a ReLU network`,
    );
  if (typeof slope !== "number" || !Number.isFinite(slope))
    return call.refuse(`has the slope ${JSON.stringify(slope)}`);
  if (most !== null && most !== undefined && (typeof most !== "number" || !(most >= 0)))
    call.refuse(`has max_value ${JSON.stringify(most)}`);
  if (typeof most !== "number" || most === Infinity)
    return slope === 0 ? relu(call, value) : leakyRelu(call, value, scalar(slope));
  if (slope === 0) return clip(call, value, scalar(0), scalar(most));
  return minimum(call, leakyRelu(call, value, scalar(slope)), scalar(most));
}

/** Slopes of one a value, those of shared axes once. */
const prelu: Operator = (call) => {
  const value = call.value(0);
  return leakyRelu(call, value, weight(call, "alpha", value.shape.length - 1));
};

const refusing =
  (what: string): Operator =>
  (call) =>
    call.refuse(what);

export const activations: Operators = {
  Activation: (call) => activated(call, call.value(0)),
  ReLU: (call) => reluOf(call, call.value(0), configOf(call)),
  ReLU6: (call) => clip(call, call.value(0), scalar(0), scalar(6)),
  LeakyReLU: (call) => leakyRelu(call, call.value(0), scalar(slopeOf(call, configOf(call)))),
  PReLU: prelu,
  Softmax: (call) => leftOut(call, "Softmax"),
  ThresholdedReLU: (call) =>
    call.refuse(
      `jumps at ${number(call, "theta", 1)}, so it is not continuous and has no place in a ReLU network`,
    ),
  ELU: refusing("is not piecewise linear"),
};
