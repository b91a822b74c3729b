import { readNetwork, type NetworkFile, type ReadOptions } from "../formats";
import { asUserError, UserError } from "./user-error";

/** A file's network and what stands beside it. */
export interface NetworkDocument extends Pick<NetworkFile, "network" | "fields"> {
  readonly file: string;
  /** What its reader shall know, a sentence each; grows with what is done with it. */
  readonly notes: string[];
}

/** Reads and checks a network file of any format known. Throws a UserError that says what is wrong and where. */
export async function readDocument(file: string, reading: ReadOptions = {}): Promise<NetworkDocument> {
  try {
    const { network, fields, notes } = await readNetwork(file, reading);
    return { file, network, fields, notes: [...notes] };
  } catch (error) {
    const { code, path: at = file } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new UserError(`${at}: no such file`);
    if (typeof code === "string") throw new UserError(`${at}: cannot be read (${code})`);
    throw asUserError(file, error);
  }
}

/** A point for an example in a complaint. */
export const pointLike = (value: number, length: number): string =>
  length <= 4 ? `[${new Array<number>(length).fill(value).join(", ")}]` : `[${length} numbers]`;

/** The field as an object; a UserError that shows an example when it is missing or something else. */
export function objectField(
  document: NetworkDocument,
  name: string,
  example: string,
): Record<string, unknown> {
  const value = document.fields[name];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const wrong = value === undefined ? "is missing" : "must be an object";
    throw new UserError(`${document.file}: ${name} ${wrong}; write e.g. "${name}": ${example}`);
  }
  return value as Record<string, unknown>;
}

/** The value as `length` finite numbers; a UserError naming the place when it is not. */
export function numbers(document: NetworkDocument, place: string, value: unknown, length: number): number[] {
  if (!Array.isArray(value)) {
    throw new UserError(`${document.file}: ${place} must be an array of ${length} numbers`);
  }
  if (value.length !== length) {
    throw new UserError(`${document.file}: ${place} has ${value.length} numbers, but ${length} are needed`);
  }
  for (const [i, v] of value.entries()) {
    if (typeof v !== "number" || !Number.isFinite(v)) {
      throw new UserError(
        `${document.file}: ${place}[${i}] is ${typeof v === "number" ? v : JSON.stringify(v)}: a finite number is needed`,
      );
    }
  }
  return value as number[];
}
