/** Runs `work` with a clock that goes on by `step` milliseconds each time it is read. */
export async function withClock<R>(step: number, work: () => Promise<R>): Promise<R> {
  let now = 0;
  performance.now = () => (now += step);
  try {
    return await work();
  } finally {
    Reflect.deleteProperty(performance, "now");
  }
}
