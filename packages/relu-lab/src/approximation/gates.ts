import { requireDerivative, type SmoothActivation } from "./activations";
import { combine, constantForm, NetworkBuilder } from "./builder";
import type { AffineForm, SmoothNetwork } from "./smooth-network";

/** Which units a gate is made of. */
export interface GateOptions {
  /** default softplus, whose second derivative at 0 is 1/4 */
  readonly activation?: SmoothActivation;
  /** the point b0 about which the units are expanded; default 0 */
  readonly bias?: number;
}

type Settings = { readonly lambda: number; readonly activation: SmoothActivation; readonly bias: number };

function settings(gate: string, lambda: number, options: GateOptions): Settings {
  if (!(lambda > 0) || !Number.isFinite(lambda)) {
    throw new RangeError(
      `${gate}: lambda is ${lambda}; it scales the inputs and must be positive and finite`,
    );
  }
  const { activation = "softplus", bias = 0 } = options;
  if (!Number.isFinite(bias)) throw new RangeError(`${gate}: the bias is ${bias}; it must be finite`);
  return { lambda, activation, bias };
}

/** u v from four neurons: the mixed second difference of sigma about the bias. */
function multiply(builder: NetworkBuilder, u: AffineForm, v: AffineForm, s: Settings): AffineForm {
  const second = requireDerivative(s.activation, 2, s.bias, "product gate");
  const shift = constantForm(s.bias);
  const term = (sign: number, signU: number, signV: number) =>
    [
      sign / (4 * s.lambda * s.lambda * second),
      builder.neuron(s.activation, combine([s.lambda * signU, u], [s.lambda * signV, v], [1, shift])),
    ] as const;
  return combine(term(1, 1, 1), term(1, -1, -1), term(-1, 1, -1), term(-1, -1, 1));
}

/** u^2 from three neurons: the second difference of sigma about the bias. */
function square(builder: NetworkBuilder, u: AffineForm, s: Settings): AffineForm {
  const weight = 1 / (s.lambda * s.lambda * requireDerivative(s.activation, 2, s.bias, "square gate"));
  const at = (factor: number) =>
    builder.neuron(s.activation, combine([factor * s.lambda, u], [1, constantForm(s.bias)]));
  // the middle unit reads u with weight 0: a constant, which lies in the layer of the other two
  return combine([weight, at(1)], [weight, at(-1)], [-2 * weight, at(0)]);
}

function wholePower(r: number, gate: string): void {
  if (!Number.isInteger(r) || r < 1)
    throw new RangeError(`${gate}: the power is ${r}; it must be a whole number from 1`);
}

/** x^r by the binary digits of r, least significant first. */
function power(builder: NetworkBuilder, x: AffineForm, r: number, s: Settings): AffineForm {
  let squared = x;
  let result: AffineForm | undefined;
  for (let rest = r; ; squared = square(builder, squared, s)) {
    if (rest % 2 === 1) result = result ? multiply(builder, result, squared, s) : squared;
    rest = Math.floor(rest / 2);
    if (rest === 0) return result!;
  }
}

/**
 * A network of four neurons for the product of its two inputs (Lin, Tegmark and Rolnick 2017).
 *
 * Its error tends to 0 as lambda does, with the number of neurons fixed and the weights growing as 1 / lambda^2;
 * softplus: -(lambda^2 / 12) (u^3 v + u v^3) to leading order, lambda^2 / 6 at most on [-1, 1]^2.
 *
 * @param lambda scale of the inputs, > 0
 * @param options the units; logistic and tanh need a bias, for their second derivative vanishes at 0
 * @returns a network of two inputs, 4 neurons, one output
 * @throws RangeError when lambda is not positive, or the second derivative at the bias is 0
 * @example
 * productGate(0.1).forward([0.5, -0.3])[0]; // -0.149957518...
 */
export function productGate(lambda: number, options: GateOptions = {}): SmoothNetwork {
  const s = settings("product gate", lambda, options);
  const builder = new NetworkBuilder(2);
  return builder.build(multiply(builder, builder.input(0), builder.input(1), s));
}

/**
 * A network of three neurons for the square of its input; one of the three reads nothing, and is a constant.
 *
 * @param lambda scale of the input, > 0
 * @param options the units
 * @returns a network of one input, 3 neurons; error lambda^2 / 24 on [-1, 1] for softplus, to leading order
 * @throws RangeError when lambda is not positive, or the second derivative at the bias is 0
 * @example
 * squareGate(0.1).forward([0.5])[0]; // close to 0.25
 */
export function squareGate(lambda: number, options: GateOptions = {}): SmoothNetwork {
  const s = settings("square gate", lambda, options);
  const builder = new NetworkBuilder(1);
  return builder.build(square(builder, builder.input(0), s));
}

/**
 * x^r by square and multiply: 3 neurons a squaring, 4 a product, at most 7 ceil(log2 r) + 4 in all.
 *
 * @param r the power, a whole number >= 1
 * @param lambda scale of every gate, > 0
 * @param options the units
 * @returns a network of one input whose neurons may skip layers
 * @throws RangeError when r is not a positive whole number, lambda not positive, or sigma''(bias) = 0
 * @example
 * powerNetwork(3, 0.05).forward([0.5])[0]; // close to 0.125
 */
export function powerNetwork(r: number, lambda: number, options: GateOptions = {}): SmoothNetwork {
  wholePower(r, "power network");
  return deepMonomial([r], lambda, options);
}

/**
 * x^r in strict layers: each level squares the running power (3 neurons) and multiplies the accumulator by it or by 1
 * (4 neurons), which is where the 7 a level and the last 4 of the theorem come from.
 *
 * @param r the power, a whole number >= 1
 * @param lambda scale of every gate, > 0
 * @param options the units
 * @returns a network of one input, 7 floor(log2 r) + 4 neurons in floor(log2 r) + 1 layers, no skip connection
 * @throws RangeError as {@link powerNetwork}
 * @example
 * layeredPower(5, 0.1).neurons; // 18
 */
export function layeredPower(r: number, lambda: number, options: GateOptions = {}): SmoothNetwork {
  wholePower(r, "layered power");
  const s = settings("layered power", lambda, options);
  const builder = new NetworkBuilder(1);
  let squared = builder.input(0);
  let accumulator = constantForm(1);
  for (let rest = r; ; rest = Math.floor(rest / 2)) {
    const last = rest === 1;
    accumulator = multiply(builder, accumulator, rest % 2 === 1 ? squared : constantForm(1), s);
    if (last) return builder.build(accumulator);
    squared = square(builder, squared, s);
  }
}

/** @throws RangeError naming the exponent that is no whole number from 1, or when there are none */
export function checkExponents(exponents: readonly number[], gate: string): void {
  if (exponents.length === 0) throw new RangeError(`${gate}: at least one exponent is needed`);
  for (const [i, r] of exponents.entries()) {
    if (!Number.isInteger(r) || r < 1)
      throw new RangeError(`${gate}: exponent ${i} is ${r}; it must be a whole number from 1`);
  }
}

/**
 * The monomial prod x_i^{r_i}, deep: each power by square and multiply, the powers multiplied pairwise in a tree.
 *
 * @param exponents r_i, whole numbers >= 1
 * @param lambda scale of every gate, > 0
 * @param options the units
 * @returns a network of as many inputs as exponents
 * @throws RangeError when an exponent is not a positive whole number, lambda not positive, or sigma''(bias) = 0
 * @example
 * deepMonomial([3, 3, 3, 3], 0.01).neurons; // 40, against 256 with one hidden layer
 */
export function deepMonomial(
  exponents: readonly number[],
  lambda: number,
  options: GateOptions = {},
): SmoothNetwork {
  checkExponents(exponents, "deep monomial");
  const s = settings("deep monomial", lambda, options);
  const builder = new NetworkBuilder(exponents.length);
  let factors = exponents.map((r, i) => power(builder, builder.input(i), r, s));
  while (factors.length > 1) {
    const next: AffineForm[] = [];
    for (let i = 0; i < factors.length; i += 2)
      next.push(i + 1 < factors.length ? multiply(builder, factors[i], factors[i + 1], s) : factors[i]);
    factors = next;
  }
  return builder.build(factors[0]);
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return Math.round(value);
}

/**
 * The monomial prod x_i^{r_i} with one hidden layer of prod (r_i + 1) neurons: the mixed central difference of sigma
 * (Rolnick and Tegmark 2018, where this number is also the least possible).
 *
 * @param exponents r_i, whole numbers >= 1
 * @param lambda scale of the inputs, > 0
 * @param options the units; default exp, all of whose derivatives at 0 are 1
 * @returns a network of as many inputs as exponents, one layer; its error falls as lambda^2
 * @throws RangeError when an exponent is not a positive whole number, lambda is not positive, or the derivative of
 * order sum r_i at the bias is 0
 * @example
 * shallowMonomial([2, 1], 0.1).neurons; // 6
 */
export function shallowMonomial(
  exponents: readonly number[],
  lambda: number,
  options: GateOptions = {},
): SmoothNetwork {
  checkExponents(exponents, "shallow monomial");
  const s = settings("shallow monomial", lambda, { activation: "exp", ...options });
  const degree = exponents.reduce((sum, r) => sum + r, 0);
  const scale = s.lambda ** degree * requireDerivative(s.activation, degree, s.bias, "shallow monomial");
  const builder = new NetworkBuilder(exponents.length);
  const terms: [number, AffineForm][] = [];
  const visit = (i: number, weight: number, form: AffineForm): void => {
    if (i === exponents.length) {
      terms.push([weight / scale, builder.neuron(s.activation, form)]);
      return;
    }
    const r = exponents[i];
    for (let j = 0; j <= r; j++) {
      const sign = (r - j) % 2 === 0 ? 1 : -1;
      visit(
        i + 1,
        weight * sign * binomial(r, j),
        combine([1, form], [s.lambda * (j - r / 2), builder.input(i)]),
      );
    }
  };
  visit(0, 1, constantForm(s.bias));
  return builder.build(combine(...terms));
}
