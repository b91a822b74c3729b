import { UserError } from "./user-error";

const commands = ["regions", "segment", "distance"] as const;

/** What the command line asks for. */
export interface Arguments {
  readonly command: (typeof commands)[number];
  readonly file: string;
  readonly json: boolean;
  readonly count: boolean;
  readonly workers: number | undefined;
  /** Where to look instead of the file's own domain: a plane's description, or a box "LO,HI". */
  readonly plane: string | undefined;
  readonly box: string | undefined;
  /** An SVG or PNG file to draw the regions into. */
  readonly picture: string | undefined;
  readonly statistics: boolean;
  /** The name of the file's output that is wanted. */
  readonly output: string | undefined;
}

const withValue = ["workers", "plane", "box", "picture", "output"] as const;

/** The arguments in order, or "help". Throws a UserError that names the one that is wrong. */
export function parseArguments(args: readonly string[]): Arguments | "help" {
  if (args.length === 0 || args.includes("--help") || args.includes("-h")) return "help";
  const [name, ...rest] = args;
  const command = commands.find((c) => c === name);
  if (command === undefined) {
    throw new UserError(`unknown command "${name}": one of ${commands.join(", ")} (--help explains)`);
  }
  const files: string[] = [];
  const flags = { json: false, count: false, statistics: false };
  const values: Partial<Record<(typeof withValue)[number], string>> = {};
  for (let i = 0; i < rest.length; i++) {
    const [option, inline] = rest[i].split(/=(.*)/s);
    const name = option.slice(2);
    const known =
      option.startsWith("--") && (command === "regions" || option === "--json" || option === "--output");
    if (known && name in flags && inline === undefined) flags[name as keyof typeof flags] = true;
    else if (known && withValue.some((v) => v === name)) {
      const value = inline ?? rest[++i];
      if (value === undefined || value === "")
        throw new UserError(`${option} needs a value (--help explains)`);
      values[name as (typeof withValue)[number]] = value;
    } else if (rest[i].startsWith("-"))
      throw new UserError(`unknown option ${rest[i]} of ${command} (--help explains)`);
    else files.push(rest[i]);
  }
  const workers = values.workers === undefined ? undefined : Number(values.workers);
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1 && workers <= 256)) {
    throw new UserError(`--workers ${values.workers}: a whole number from 1 to 256 is needed`);
  }
  if (values.plane !== undefined && values.box !== undefined) {
    throw new UserError("--plane and --box cannot both be given");
  }
  if (flags.count && (flags.statistics || values.picture !== undefined)) {
    throw new UserError("--count keeps no regions: leave it out for --statistics and --picture");
  }
  if (files.length !== 1) {
    throw new UserError(
      `${command} takes one file, but got ${files.length === 0 ? "none" : files.join(", ")}`,
    );
  }
  const { plane, box, picture, output } = values;
  return { command, file: files[0], ...flags, workers, plane, box, picture, output };
}
