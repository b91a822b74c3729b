/**
 * Runs one task at a time, and of those that come meanwhile the newest only: a slider is dragged faster than regions are
 * counted, and no position in between is worth a wait.
 *
 * @param task what is done with each input
 * @returns hands over an input
 */
export function newest<Input>(task: (input: Input) => Promise<void>): (input: Input) => void {
  let next: { input: Input } | undefined;
  let running = false;
  return (input) => {
    next = { input };
    if (running) return;
    running = true;
    void (async () => {
      try {
        for (let now = next; now; now = next) {
          next = undefined;
          await task(now.input);
        }
      } finally {
        running = false;
      }
    })();
  };
}
