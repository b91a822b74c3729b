const splitter = 2 ** 27 + 1;

/** Whether Dekker's product neither overflows nor loses its remainder to underflow. */
const isMild = (value: number): boolean => Math.abs(value) > 1e-140 && Math.abs(value) < 1e140;

export const isPowerOfTwo = (value: number): boolean => {
  const exponent = Math.log2(Math.abs(value));
  return Number.isInteger(exponent) && Math.abs(exponent) < 60 && 2 ** exponent === Math.abs(value);
};

/** The product of two doubles, or undefined when it would be rounded (Veltkamp's splitting, Dekker's product). */
export function exactProduct(a: number, b: number): number | undefined {
  if (a === 0 || b === 0) return 0;
  if (b === 1) return a;
  if (a === 1) return b;
  const product = a * b;
  if (isPowerOfTwo(b)) return product / b === a ? product : undefined; // only underflow and overflow change bits
  if (isPowerOfTwo(a)) return product / a === b ? product : undefined;
  if (!isMild(a) || !isMild(b)) return undefined;
  const [ca, cb] = [splitter * a, splitter * b];
  const [ah, bh] = [ca - (ca - a), cb - (cb - b)];
  const [al, bl] = [a - ah, b - bh];
  return al * bl - (product - ah * bh - al * bh - ah * bl) === 0 ? product : undefined;
}
