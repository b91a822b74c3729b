import type { ReadOptions } from "../formats";
import { readingOptions } from "./reading";
import { UserError } from "./user-error";

const commands = ["regions", "segment", "distance"] as const;

/** Where to look, as the command line says it; see {@link commandPlace}. */
export interface PlaceOptions {
  readonly box: string | undefined;
  readonly line: string | undefined;
  readonly point: readonly string[];
  readonly plane: string | undefined;
  readonly vnnlib: string | undefined;
}

/** What the command line asks for. */
export interface Arguments extends PlaceOptions {
  readonly command: (typeof commands)[number];
  readonly file: string;
  readonly json: boolean;
  readonly count: boolean;
  readonly workers: number | undefined;
  /** An SVG or PNG file to draw the regions into. */
  readonly picture: string | undefined;
  /** Points to be marked in the picture. */
  readonly mark: readonly string[];
  readonly statistics: boolean;
  /** "3/64": the part of a count that is wanted, to be written into the folder `into`. */
  readonly shard: string | undefined;
  readonly into: string;
  /** The folder whose records of shards are added up. */
  readonly merge: string | undefined;
  /** The file in which a long count keeps what it has done. */
  readonly resume: string | undefined;
  /** Whether the regions of the whole input space are counted. */
  readonly wholeSpace: boolean;
  /** Whether the decision boundary is counted, and drawn in the picture. */
  readonly boundary: boolean;
  /** What the file does not say about its network. */
  readonly reading: ReadOptions;
}

type Kind = "flag" | "value" | "list";

/** Options of every command. */
const shared: Readonly<Record<string, Kind>> = {
  json: "flag",
  raw: "flag",
  box: "value",
  line: "value",
  plane: "value",
  vnnlib: "value",
  activation: "value",
  last: "value",
  layers: "value",
  output: "value",
  point: "list",
};

/** Options of `regions` alone. */
const ofRegions: Readonly<Record<string, Kind>> = {
  count: "flag",
  statistics: "flag",
  boundary: "flag",
  "whole-space": "flag",
  workers: "value",
  picture: "value",
  shard: "value",
  into: "value",
  merge: "value",
  resume: "value",
  mark: "list",
};

/** Names of all options, without their dashes. */
export const optionNames: readonly string[] = Object.keys({ ...shared, ...ofRegions });

/** The words of a command line by their option. */
class Words {
  readonly files: string[] = [];
  private readonly given = new Map<string, string[]>();

  constructor(command: Arguments["command"], words: readonly string[]) {
    const known = new Map(Object.entries(command === "regions" ? { ...shared, ...ofRegions } : shared));
    for (let i = 0; i < words.length; i++) {
      const [option, inline] = words[i].split(/=(.*)/s);
      const name = option.slice(2);
      const kind = option.startsWith("--") ? known.get(name) : undefined;
      if (kind === undefined || (kind === "flag" && inline !== undefined)) {
        if (words[i].startsWith("-"))
          throw new UserError(`unknown option ${words[i]} of ${command} (--help explains)`);
        this.files.push(words[i]);
        continue;
      }
      const values = this.given.get(name) ?? [];
      if (kind === "value" && values.length > 0) throw new UserError(`${option} is given twice`);
      const value = kind === "flag" ? "" : (inline ?? words[++i]);
      if (value === undefined || (value === "" && kind !== "flag"))
        throw new UserError(`${option} needs a value (--help explains)`);
      this.given.set(name, [...values, value]);
    }
  }

  flag = (name: string): boolean => this.given.has(name);
  value = (name: string): string | undefined => this.given.get(name)?.[0];
  list = (name: string): readonly string[] => this.given.get(name) ?? [];
}

/** The arguments in order, or "help". Throws a UserError that names the one that is wrong. */
export function parseArguments(args: readonly string[]): Arguments | "help" {
  if (args.length === 0 || args.includes("--help") || args.includes("-h")) return "help";
  const [name, ...rest] = args;
  const command = commands.find((c) => c === name);
  if (command === undefined) {
    throw new UserError(`unknown command "${name}": one of ${commands.join(", ")} (--help explains)`);
  }
  const words = new Words(command, rest);
  const { flag, value, list, files } = words;
  const counted = value("workers");
  const workers = counted === undefined ? undefined : Number(counted);
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1 && workers <= 256)) {
    throw new UserError(`--workers ${counted}: a whole number from 1 to 256 is needed`);
  }
  const keeping = ["statistics", "picture", "boundary"].filter(flag);
  if (flag("count") && keeping.length > 0) {
    throw new UserError(`--count keeps no regions: leave it out for --${keeping.join(" and --")}`);
  }
  const parts = ["shard", "merge", "resume"].filter(flag);
  if (parts.length > 1) throw new UserError(`--${parts.join(" and --")}: give one of them at a time`);
  if (parts.length > 0 && !flag("count"))
    throw new UserError(`--${parts[0]} is for counts, of which nothing is kept: add --count`);
  const places = ["box", "line", "point", "plane", "vnnlib"].filter(flag);
  if (flag("whole-space") && (places.length > 0 || parts.length > 0))
    throw new UserError(`--whole-space and --${[...places, ...parts][0]} cannot both be given`);
  if (flag("whole-space") && !flag("count"))
    throw new UserError("--whole-space: regions of the whole space are counted, not listed: add --count");
  if (flag("into") && !flag("shard"))
    throw new UserError("--into is where --shard writes its record: add --shard I/N");
  if (flag("mark") && !flag("picture")) {
    throw new UserError("--mark marks points in a picture: add --picture FILE.svg or FILE.png");
  }
  if (files.length !== 1) {
    throw new UserError(
      `${command} takes one file, but got ${files.length === 0 ? "none" : files.join(", ")}`,
    );
  }
  return {
    command,
    file: files[0],
    json: flag("json"),
    count: flag("count"),
    statistics: flag("statistics"),
    boundary: flag("boundary"),
    workers,
    picture: value("picture"),
    wholeSpace: flag("whole-space"),
    shard: value("shard"),
    into: value("into") ?? ".",
    merge: value("merge"),
    resume: value("resume"),
    mark: list("mark"),
    box: value("box"),
    line: value("line"),
    point: list("point"),
    plane: value("plane"),
    vnnlib: value("vnnlib"),
    reading: readingOptions(value, flag("raw")),
  };
}
