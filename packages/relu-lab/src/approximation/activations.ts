/** The non-linearities that the constructions of this folder are built from. */
export type SmoothActivation = "softplus" | "exp" | "logistic" | "tanh" | "relu" | "square" | "cube";

/** Every name that {@link activate} knows. */
export const smoothActivations: readonly SmoothActivation[] = [
  "softplus",
  "exp",
  "logistic",
  "tanh",
  "relu",
  "square",
  "cube",
];

/** exp overflows beyond 709: the exponent is kept within these limits. */
const exponentLimit = 700;

/**
 * The logistic function 1 / (1 + exp(-z)), the exponent clamped to +-700.
 *
 * @param z any number
 * @returns a number in [0, 1]
 * @example
 * logistic(0); // 0.5
 */
export function logistic(z: number): number {
  return 1 / (1 + Math.exp(-Math.max(-exponentLimit, Math.min(exponentLimit, z))));
}

/**
 * The value of an activation.
 *
 * @param name which activation
 * @param z pre-activation
 * @returns sigma(z)
 * @throws RangeError when the name is unknown
 * @example
 * activate("softplus", 0); // ln 2
 */
export function activate(name: SmoothActivation, z: number): number {
  switch (name) {
    case "softplus":
      // log(1 + e^z) without overflow, and without losing e^z when it is small
      return z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
    case "exp":
      return Math.exp(Math.min(z, exponentLimit));
    case "logistic":
      return logistic(z);
    case "tanh":
      return Math.tanh(z);
    case "relu":
      return z > 0 ? z : 0;
    case "square":
      return z * z;
    case "cube":
      return z * z * z;
    default:
      throw new RangeError(`activation "${String(name)}" is not one of ${smoothActivations.join(", ")}`);
  }
}

/** The polynomial q(y) f(y), coefficients lowest first. */
function multiply(p: readonly number[], q: readonly number[]): number[] {
  const product = new Array<number>(p.length + q.length - 1).fill(0);
  for (const [i, a] of p.entries()) for (const [j, b] of q.entries()) product[i + j] += a * b;
  return product;
}

/**
 * The k-th derivative of y(z) where y' = f(y) for a polynomial f: each differentiation maps the polynomial q(y)
 * to q'(y) f(y), exactly, in small integers.
 */
function derivativeOfFlow(f: readonly number[], y: number, order: number): number {
  let q: number[] = [0, 1];
  for (let k = 0; k < order; k++) {
    q = multiply(
      q.slice(1).map((c, i) => c * (i + 1)),
      f,
    );
  }
  return q.reduceRight((sum, c) => sum * y + c, 0);
}

/**
 * The exact k-th derivative of an activation at one point: k! times the Taylor coefficient that a gate needs.
 *
 * @param name which activation; ReLU has no derivatives of order 2 or more
 * @param order k >= 0
 * @param at the point of expansion
 * @returns sigma^(k)(at)
 * @throws RangeError when the order is not a whole number from 0 to 24, or for ReLU
 * @example
 * derivative("softplus", 2, 0); // 0.25
 */
export function derivative(name: SmoothActivation, order: number, at: number): number {
  if (!Number.isInteger(order) || order < 0 || order > 24) {
    throw new RangeError(
      `derivative of order ${order}: the order must be 0 to 24 (coefficients beyond are not exact)`,
    );
  }
  if (order === 0) return activate(name, at);
  switch (name) {
    case "exp":
      return Math.exp(at);
    case "logistic":
      return derivativeOfFlow([0, 1, -1], logistic(at), order); // y' = y - y^2
    case "softplus":
      return derivativeOfFlow([0, 1, -1], logistic(at), order - 1);
    case "tanh":
      return derivativeOfFlow([1, 0, -1], Math.tanh(at), order); // y' = 1 - y^2
    case "square":
      return order === 1 ? 2 * at : order === 2 ? 2 : 0;
    case "cube":
      return order === 1 ? 3 * at * at : order === 2 ? 6 * at : order === 3 ? 6 : 0;
    default:
      throw new RangeError(
        `activation "${String(name)}" has no Taylor series: take a smooth one, as softplus`,
      );
  }
}

/**
 * The Taylor coefficient's derivative, refused when it vanishes: the one condition of every gate.
 *
 * @throws RangeError naming the activation, the order and the point when the derivative is 0 there
 */
export function requireDerivative(name: SmoothActivation, order: number, at: number, gate: string): number {
  const value = derivative(name, order, at);
  // 1e-12: rounding of the polynomial recurrence, whose terms are of size 1 at the orders that gates use
  if (Math.abs(value) < 1e-12) {
    throw new RangeError(
      `${gate}: derivative ${order} of ${name} vanishes at ${at}, and the gate divides by it; ` +
        `shift the neurons by another bias, or take an activation whose Taylor coefficient ${order} is not 0`,
    );
  }
  return value;
}
