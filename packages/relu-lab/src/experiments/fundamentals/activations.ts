/** A value of an activation function and of its derivative. */
export interface ActivationRow {
  readonly activation: string;
  readonly z: number;
  /** Its value, or its derivative. */
  readonly y: number;
  readonly what: "value" | "derivative";
}

const logistic = (z: number) => 1 / (1 + Math.exp(-z));

/** Activation functions with their derivatives; the derivative of ReLU at 0 is taken as 0. */
const activations: { [name: string]: [(z: number) => number, (z: number) => number] } = {
  "ReLU max(0, z)": [(z) => Math.max(0, z), (z) => (z > 0 ? 1 : 0)],
  "sigmoid 1/(1 + exp(-z))": [logistic, (z) => logistic(z) * (1 - logistic(z))],
  "tanh z": [Math.tanh, (z) => 1 - Math.tanh(z) ** 2],
};

/**
 * ReLU, sigmoid and tanh with their derivatives, as rows for a chart.
 *
 * @param from first z
 * @param to last z
 * @param count how many values of z, evenly spaced
 * @returns a row for each function, each z, and each of value and derivative
 */
export function activationCurves(from = -4, to = 4, count = 161): ActivationRow[] {
  return Object.entries(activations).flatMap(([activation, [value, derivative]]) =>
    Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1)).flatMap((z) => [
      { activation, z, y: value(z), what: "value" as const },
      { activation, z, y: derivative(z), what: "derivative" as const },
    ]),
  );
}
