import {
  deepMonomial,
  deepNeuronBound,
  layeredPower,
  powerNetwork,
  productGate,
  shallowLowerBound,
  shallowMonomial,
  shallowNeurons,
  supError,
  supErrorOnCube,
  type Precision,
} from "../../approximation";

/** The product gate at one scale, in one arithmetic. */
export interface GateRow {
  lambda: number;
  precision: Precision;
  neurons: number;
  /** sup error over a grid of 61 x 61 points of [-1, 1]^2, corners included */
  error: number;
  /** lambda^2 / 6, what the missing Taylor terms cost */
  truncation: number;
  /** a bound of what rounding costs: 16 roundings of terms of size log 2 / lambda^2, which cancel */
  rounding: number;
  largestWeight: number;
}

/**
 * Errors of the softplus product gate against its scale.
 *
 * @param config scales lambda > 0
 * @returns a row a scale and precision
 * @throws RangeError when a scale is not positive
 * @example
 * gateErrors({ lambdas: [0.1] })[0].error; // 0.0016622
 */
export function gateErrors(config: { lambdas: readonly number[] }): GateRow[] {
  return (["float64", "float32"] as const).flatMap((precision) =>
    config.lambdas.map((lambda) => {
      const gate = productGate(lambda);
      return {
        lambda,
        precision,
        neurons: gate.neurons,
        error: supErrorOnCube(
          (x) => x[0] * x[1],
          (x) => gate.forward(x, precision)[0],
          2,
          61,
        ),
        truncation: (lambda * lambda) / 6,
        rounding: (16 * 2 ** (precision === "float64" ? -53 : -24) * Math.LN2) / (lambda * lambda),
        largestWeight: gate.largestWeight,
      };
    }),
  );
}

/** The smallest error over all scales, and where it stands. */
export function bestGate(rows: readonly GateRow[], precision: Precision): GateRow {
  const of = rows.filter((row) => row.precision === precision);
  if (of.length === 0) throw new RangeError(`bestGate: no row of precision ${precision}`);
  return of.reduce((best, row) => (row.error < best.error ? row : best));
}

/** x^r by repeated squaring. */
export interface PowerRow {
  r: number;
  neurons: number;
  layers: number;
  error: number;
  layeredNeurons: number;
  layeredLayers: number;
  layeredError: number;
  bound: number;
}

/**
 * Networks for x^r, with skip connections and in strict layers.
 *
 * @param config the powers and the scale of every gate
 * @returns a row a power; errors are sup errors over 2,001 points of [-1, 1]
 */
export function powerCosts(config: { powers: readonly number[]; lambda: number }): PowerRow[] {
  return config.powers.map((r) => {
    const [free, layered] = [powerNetwork(r, config.lambda), layeredPower(r, config.lambda)];
    const error = (f: (x: number) => number) => supError((x) => x ** r, f, { from: -1, points: 2001 }).sup;
    return {
      r,
      neurons: free.neurons,
      layers: free.depth,
      error: error((x) => free.at(x)),
      layeredNeurons: layered.neurons,
      layeredLayers: layered.depth,
      layeredError: error((x) => layered.at(x)),
      bound: deepNeuronBound([r]),
    };
  });
}

/** A monomial, shallow and deep. */
export interface MonomialRow {
  monomial: string;
  degree: number;
  /** neurons of the network with one hidden layer that was built */
  shallow: number;
  /** the rank that no single layer can do without */
  shallowLeast: number;
  /** the theorem's bound for deep networks */
  deepBound: number;
  /** neurons of the deep network that was built */
  deep: number;
  deepLayers: number;
  shallowError: number;
  deepError: number;
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const subscripts = "₀₁₂₃₄₅₆₇₈₉";
const written = (value: number, digits: string) =>
  String(value)
    .split("")
    .map((d) => digits[Number(d)])
    .join("");

/** prod x_i^{r_i} in print, e.g. x₁²x₂. */
function monomialName(exponents: readonly number[]): string {
  return exponents
    .map((r, i) => `x${written(i + 1, subscripts)}${r > 1 ? written(r, superscripts) : ""}`)
    .join("");
}

/**
 * Neurons and errors of shallow and deep networks for monomials on [-1, 1]^n; every network is built and counted.
 *
 * @param config exponents of each monomial, the scale of the shallow network (default 0.1) and of the deep (0.01)
 * @returns a row a monomial
 */
export function monomialCosts(config: {
  monomials: readonly (readonly number[])[];
  shallowLambda?: number;
  deepLambda?: number;
}): MonomialRow[] {
  const { monomials, shallowLambda = 0.1, deepLambda = 0.01 } = config;
  return monomials.map((r) => {
    const shallow = shallowMonomial(r, shallowLambda);
    const deep = deepMonomial(r, deepLambda);
    const value = (x: Float64Array) => r.reduce((product, power, i) => product * x[i] ** power, 1);
    const points = r.length > 4 ? 3 : r.length > 3 ? 5 : 11; // always odd: corners and centre are on the grid
    return {
      monomial: monomialName(r),
      degree: r.reduce((sum, power) => sum + power, 0),
      shallow: shallow.neurons,
      shallowLeast: shallowLowerBound(r),
      deepBound: deepNeuronBound(r),
      deep: deep.neurons,
      deepLayers: deep.depth,
      shallowError: supErrorOnCube(value, (x) => shallow.forward(x)[0], r.length, points),
      deepError: supErrorOnCube(value, (x) => deep.forward(x)[0], r.length, points),
    };
  });
}

/** Neurons against the degree of (x_1 ... x_n)^r or of x_1 ... x_n. */
export interface DegreeRow {
  family: string;
  degree: number;
  neurons: number;
  network: "one layer, ∏(rᵢ + 1)" | "deep, built" | "deep, bound";
}

/**
 * Neuron counts as the degree grows: the product of n different variables, and powers of one, two and three variables.
 *
 * @param config largest degree, 2 to 64
 * @returns a row a family, degree and kind of network; the deep networks are built and counted
 */
export function neuronsAgainstDegree(config: { largest: number }): DegreeRow[] {
  const degrees = Array.from({ length: config.largest }, (_, i) => i + 1);
  const families: [string, (degree: number) => number[] | undefined][] = [
    ["x^d", (d) => [d]],
    ["(x₁x₂)^(d/2)", (d) => (d % 2 === 0 ? [d / 2, d / 2] : undefined)],
    ["(x₁x₂x₃)^(d/3)", (d) => (d % 3 === 0 ? [d / 3, d / 3, d / 3] : undefined)],
    ["x₁x₂…x_d", (d) => new Array<number>(d).fill(1)],
  ];
  return families.flatMap(([family, exponentsOf]) =>
    degrees.flatMap((degree): DegreeRow[] => {
      const exponents = exponentsOf(degree);
      if (!exponents || degree < 2) return [];
      const row = (network: DegreeRow["network"], neurons: number) => ({ family, degree, neurons, network });
      return [
        row("one layer, ∏(rᵢ + 1)", shallowNeurons(exponents)),
        row("deep, built", deepMonomial(exponents, 0.01).neurons),
        row("deep, bound", deepNeuronBound(exponents)),
      ];
    }),
  );
}
