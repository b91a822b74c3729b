/** Something that the caller has to put right: shown as one line, without a trace. */
export class UserError extends Error {}

/** The error as a {@link UserError} about `place`, when it is one that refuses a value; else the error itself. */
export function asUserError(place: string, error: unknown): unknown {
  const refusal = error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
  return refusal ? new UserError(`${place}: ${error.message}`) : error;
}

/** Runs `work`; what it refuses as a TypeError, RangeError or SyntaxError becomes a {@link UserError} about `place`. */
export function blame<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asUserError(place, error);
  }
}
