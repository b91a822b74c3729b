import { UserError } from "./user-error";

const commands = ["regions", "segment", "distance"] as const;

/** What the command line asks for. */
export interface Arguments {
  readonly command: (typeof commands)[number];
  readonly file: string;
  readonly json: boolean;
  readonly count: boolean;
  readonly workers: number | undefined;
}

/** The arguments in order, or "help". Throws a UserError that names the one that is wrong. */
export function parseArguments(args: readonly string[]): Arguments | "help" {
  if (args.length === 0 || args.includes("--help") || args.includes("-h")) return "help";
  const [name, ...rest] = args;
  const command = commands.find((c) => c === name);
  if (command === undefined) {
    throw new UserError(`unknown command "${name}": one of ${commands.join(", ")} (--help explains)`);
  }
  const files: string[] = [];
  let [json, count] = [false, false];
  let workers: number | undefined;
  for (let i = 0; i < rest.length; i++) {
    const arg = rest[i];
    if (arg === "--json") json = true;
    else if (arg === "--count" && command === "regions") count = true;
    else if ((arg === "--workers" || arg.startsWith("--workers=")) && command === "regions") {
      const text = arg === "--workers" ? rest[++i] : arg.slice("--workers=".length);
      workers = Number(text);
      if (!Number.isInteger(workers) || workers < 1 || workers > 256) {
        throw new UserError(`--workers ${text ?? ""}: a whole number from 1 to 256 is needed`);
      }
    } else if (arg.startsWith("-"))
      throw new UserError(`unknown option ${arg} of ${command} (--help explains)`);
    else files.push(arg);
  }
  if (files.length !== 1) {
    throw new UserError(
      `${command} takes one file, but got ${files.length === 0 ? "none" : files.join(", ")}`,
    );
  }
  return { command, file: files[0], json, count, workers };
}
