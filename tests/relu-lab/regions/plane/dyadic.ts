// Doubles as what they are, n / 2^k, with exact sums and products: what the engines' pieces are compared with.

/** n / 2^k. */
export interface Dyadic {
  readonly n: bigint;
  readonly k: number;
}

export const zero: Dyadic = { n: 0n, k: 0 };

/** A finite double, exactly. */
export function dyadic(value: number): Dyadic {
  let v = value;
  let k = 0;
  // Away from the subnormal numbers first, then halved or doubled without rounding until it is a small integer.
  while (v !== 0 && Math.abs(v) < 2 ** 60 && !Number.isInteger(v)) {
    v *= 2;
    k++;
  }
  return { n: BigInt(v), k };
}

export function plus(p: Dyadic, q: Dyadic): Dyadic {
  const k = Math.max(p.k, q.k);
  return { n: (p.n << BigInt(k - p.k)) + (q.n << BigInt(k - q.k)), k };
}

export function times(p: Dyadic, q: Dyadic): Dyadic {
  return { n: p.n * q.n, k: p.k + q.k };
}

export function minus(p: Dyadic, q: Dyadic): Dyadic {
  return plus(p, { n: -q.n, k: q.k });
}

export function size(p: Dyadic): Dyadic {
  return { n: p.n < 0n ? -p.n : p.n, k: p.k };
}

/** The sign of p - q. */
export function compared(p: Dyadic, q: Dyadic): number {
  const { n } = minus(p, q);
  return n > 0n ? 1 : n < 0n ? -1 : 0;
}

/** 2^power. */
export function powerOfTwo(power: number): Dyadic {
  return power >= 0 ? { n: 1n << BigInt(power), k: 0 } : { n: 1n, k: -power };
}

/** sum of p_i q_i */
export function dotOf(p: readonly Dyadic[], q: readonly Dyadic[]): Dyadic {
  return p.reduce((sum, value, i) => plus(sum, times(value, q[i])), zero);
}
