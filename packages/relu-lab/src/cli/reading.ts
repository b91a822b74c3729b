import type { ReadOptions } from "../formats";
import { UserError } from "./user-error";

function activation(text: string): ReadOptions["activation"] {
  if (text === "relu") return "relu";
  const slope = /^leaky:(.+)$/s.exec(text)?.[1].trim();
  const leaky = slope ? Number(slope) : NaN;
  if (!Number.isFinite(leaky)) {
    throw new UserError(
      `--activation ${text}: relu, or leaky:A with a slope A such as leaky:0.01, is needed`,
    );
  }
  return { leaky };
}

function last(text: string): ReadOptions["last"] {
  if (text === "relu" || text === "linear") return text;
  throw new UserError(`--last ${text}: relu or linear is needed`);
}

function names(text: string): readonly string[] {
  const found = text.split(",").map((name) => name.trim());
  if (found.includes("")) {
    throw new UserError(
      `--layers ${text}: names of layers separated by commas are needed, such as fc1,fc2,out`,
    );
  }
  return found;
}

/**
 * What the command line tells the reader of a file.
 *
 * @param value the text of an option, undefined where it is not given
 * @param raw whether a normalisation beside the layers is left out
 */
export function readingOptions(value: (name: string) => string | undefined, raw: boolean): ReadOptions {
  const given = <T>(name: string, read: (text: string) => T) => {
    const text = value(name);
    return text === undefined ? {} : { [name]: read(text) };
  };
  return {
    ...given("activation", activation),
    ...given("last", last),
    ...given("layers", names),
    ...given("output", (name) => name),
    ...(raw ? { raw } : {}),
  };
}
