interface Typed {
  readonly length: number;
  set(values: ArrayLike<number>, at: number): void;
  subarray(from: number, to: number): this;
}

/** A typed array that grows: appends cost a copy or two in all. */
export class Growing<T extends Typed> {
  private values: T;
  length = 0;

  constructor(private readonly make: new (length: number) => T) {
    this.values = new make(1024);
  }

  /** Makes room for `count` more and returns the array to write them to, from the old `length` on. */
  extend(count: number): T {
    const needed = this.length + count;
    if (needed > this.values.length) {
      const larger = new this.make(Math.max(needed, Math.ceil(this.values.length * 1.5)));
      larger.set(this.values.subarray(0, this.length) as unknown as ArrayLike<number>, 0);
      this.values = larger;
    }
    this.length = needed;
    return this.values;
  }

  /** What was written. Slack at the end of the buffer was never touched, and takes no memory. */
  finish(): T {
    return this.values.subarray(0, this.length);
  }
}
