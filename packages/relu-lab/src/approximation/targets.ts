/** A function of one variable on an interval, with what is known of its smoothness. */
export interface Target {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** The function. */
  readonly f: (x: number) => number;
  /** a concave modulus of continuity: |f(x) - f(y)| <= modulus(|x - y|) */
  readonly modulus: (h: number) => number;
}

/** sin(2 pi x) on [0, 1]: Lipschitz with constant 2 pi. */
export const sine: Target = {
  name: "sin 2πx",
  from: 0,
  to: 1,
  f: (x) => Math.sin(2 * Math.PI * x),
  modulus: (h) => Math.min(2, 2 * Math.PI * h),
};

/** sqrt(x) on [0, 1]: Hölder with exponent 1/2, not Lipschitz. */
export const squareRoot: Target = {
  name: "√x",
  from: 0,
  to: 1,
  f: Math.sqrt,
  modulus: (h) => Math.sqrt(h),
};

/** |x - 1/2| on [0, 1]: Lipschitz with constant 1, one kink. */
export const vee: Target = {
  name: "|x − ½|",
  from: 0,
  to: 1,
  f: (x) => Math.abs(x - 0.5),
  modulus: (h) => h,
};

/** |x| on [-1, 1]: the function on which polynomial activations fail. */
export const absoluteValue: Target = {
  name: "|x|",
  from: -1,
  to: 1,
  f: Math.abs,
  modulus: (h) => h,
};

/** x^2 on [0, 1]: what a deep ReLU network approximates with an error that halves twice a layer. */
export const parabola: Target = {
  name: "x²",
  from: 0,
  to: 1,
  f: (x) => x * x,
  modulus: (h) => 2 * h,
};
