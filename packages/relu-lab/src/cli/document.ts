import * as fs from "node:fs";
import { networkFromJson, type NetworkJson, type ReluNetwork } from "../network";
import { blame, UserError } from "./user-error";

/** A file's network and what stands beside it. */
export interface NetworkDocument {
  readonly file: string;
  readonly network: ReluNetwork;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Reads and checks a network file. Throws a UserError that says what is wrong and where. */
export function readDocument(file: string): NetworkDocument {
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `${file}: ${code === "ENOENT" ? "no such file" : `cannot be read (${code ?? String(error)})`}`,
    );
  }
  const fields = blame(`${file}: not JSON`, () => JSON.parse(text) as Record<string, unknown>);
  const network = blame(file, () => networkFromJson(fields as unknown as NetworkJson));
  return { file, network, fields };
}

/** The field as an object; a UserError when it is missing or something else. */
export function objectField(document: NetworkDocument, name: string): Record<string, unknown> {
  const value = document.fields[name];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UserError(
      `${document.file}: ${name} ${value === undefined ? "is missing" : "must be an object"}`,
    );
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
        `${document.file}: ${place}[${i}] is ${JSON.stringify(v)}: a finite number is needed`,
      );
    }
  }
  return value as number[];
}
