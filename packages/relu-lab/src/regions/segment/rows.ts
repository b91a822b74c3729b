/**
 * Rows slope * t + intercept of the active neurons of many cells, one after the other in flat arrays that grow:
 * a cell of a narrow network has two or three rows, and arrays of its own would cost more than all its arithmetic.
 */
export class Rows {
  /** Index within its layer. */
  neuron = new Int32Array(64);
  slope = new Float64Array(64);
  intercept = new Float64Array(64);
  /** The row is wrong by at most this anywhere in [0, 1]. */
  error = new Float64Array(64);
  /** 1 where the neuron is known to vanish exactly at the cell's left (right) end. */
  zeroLeft = new Uint8Array(64);
  zeroRight = new Uint8Array(64);
  private used = 0;

  /** Room for n more rows; returns the first. The arrays may be new ones afterwards. */
  reserve(n: number): number {
    const first = this.used;
    this.used += n;
    if (this.used > this.slope.length) {
      const length = Math.max(this.used, 2 * this.slope.length);
      const larger = <T extends Int32Array | Float64Array | Uint8Array>(old: T, array: T): T => {
        array.set(old);
        return array;
      };
      this.neuron = larger(this.neuron, new Int32Array(length));
      this.slope = larger(this.slope, new Float64Array(length));
      this.intercept = larger(this.intercept, new Float64Array(length));
      this.error = larger(this.error, new Float64Array(length));
      this.zeroLeft = larger(this.zeroLeft, new Uint8Array(length));
      this.zeroRight = larger(this.zeroRight, new Uint8Array(length));
    }
    return first;
  }

  /** Gives back what was reserved from row `end` on. */
  release(end: number): void {
    this.used = end;
  }
}
