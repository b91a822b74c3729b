/** Something that the caller has to put right: shown as one line, without a trace. */
export class UserError extends Error {}

/** Runs `work`; what it refuses as a TypeError, RangeError or SyntaxError becomes a {@link UserError} about `place`. */
export function blame<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) {
      throw new UserError(`${place}: ${error.message}`);
    }
    throw error;
  }
}
