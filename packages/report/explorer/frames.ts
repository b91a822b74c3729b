/** Asks for pictures one after the other: a picture that is late is not asked for again, and of several wishes the last counts. */
export class Frames<Wish> {
  private wish: { readonly of: Wish } | undefined;
  private busy = false;
  private readonly times: number[] = [];

  /**
   * @param draw counts and draws; the next wish waits for it
   * @param fail takes what went wrong
   */
  constructor(
    private readonly draw: (wish: Wish) => Promise<void>,
    private readonly fail: (reason: unknown) => void,
  ) {}

  /** Wishes for a picture. */
  want(of: Wish): void {
    this.wish = { of };
    if (!this.busy) void this.run();
  }

  /** Pictures a second, over the last second. */
  get rate(): number {
    const now = performance.now();
    while (this.times.length > 0 && now - this.times[0] > 1000) this.times.shift();
    const { length } = this.times;
    return length < 2 ? 0 : ((length - 1) / (this.times[length - 1] - this.times[0])) * 1000;
  }

  private async run(): Promise<void> {
    this.busy = true;
    try {
      for (let now = this.wish; now; now = this.wish) {
        this.wish = undefined;
        await this.draw(now.of);
        this.times.push(performance.now());
      }
    } catch (reason) {
      this.fail(reason);
    } finally {
      this.busy = false;
    }
  }
}
