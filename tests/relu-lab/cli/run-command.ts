/** A command of the command line: its words, and where lines of the answer and of complaints go. */
type Command = (
  args: readonly string[],
  out: (line: string) => void,
  err: (line: string) => void,
) => Promise<number>;

/** The command as a function of its words that gives the exit code and the lines of both streams. */
export function capturing(command: Command) {
  return async (...args: string[]): Promise<{ code: number; out: string; err: string[] }> => {
    const [out, err]: string[][] = [[], []];
    const code = await command(
      args,
      (line) => out.push(line),
      (line) => err.push(line),
    );
    return { code, out: out.join("\n"), err };
  };
}
