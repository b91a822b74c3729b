import { parseArgs, type ParseArgsConfig } from "node:util";
import { ParameterError } from "../notebook/parameters";
import { WriteError } from "../notebook/write-whole";

/** Thrown for a command line that cannot be read; ends with code 2. */
export class UsageError extends Error {}

/** What options a command knows. */
type Options = NonNullable<ParseArgsConfig["options"]>;

/** A command line as `parseArgs` reads it. */
type Words<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; allowPositionals: true; options: T }>
>;

/**
 * Reads a command line; throws {@link UsageError} for an option that the command does not have.
 * @param command as it is typed, for the message: "npm run report"
 */
export function readWords<T extends Options>(
  command: string,
  words: readonly string[],
  options: T,
): Words<T> {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}. ${command} -- --help explains the options.`);
  }
}

/** The same for a command that takes options alone. */
export function readOptions<T extends Options>(
  command: string,
  words: readonly string[],
  options: T,
): Words<T>["values"] {
  const { values, positionals } = readWords(command, words, options);
  if (positionals.length > 0)
    throw new UsageError(`what is "${positionals[0]}"? ${command} -- --help explains the options.`);
  return values;
}

/** Runs work that a wrong word can make fail: its error becomes a {@link UsageError}. */
export function byWords<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** Runs a command; what it refuses is told in one line. Returns the exit code: 2 for a wrong command line or parameter. */
export async function exitCodeOf(run: () => number | Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const refused = error instanceof UsageError || error instanceof ParameterError;
    if (!refused && !(error instanceof WriteError)) throw error;
    process.stderr.write(`relu-lab: ${error.message}\n`);
    return refused ? 2 : 1;
  }
}
