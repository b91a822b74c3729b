/** Half an ulp of 1. */
export const unit = 2 ** -53;

/** Above every error that underflow can make in one row; a decision as small as this is taken exactly. */
export const underflow = 1e-290;

/** The error of fl(a * b), exactly (Dekker 1971); for factors far from overflow and underflow. */
export function productError(a: number, b: number, product: number): number {
  const split = 134217729;
  const ah = a * split - (a * split - a);
  const al = a - ah;
  const bh = b * split - (b * split - b);
  const bl = b - bh;
  return ah * bh - product + ah * bl + al * bh + al * bl;
}
