import * as fs from "node:fs";
import * as path from "node:path";
import { networkFromOnnx, networkFromSafetensors } from "../formats";
import { networkFromJson, type NetworkJson, type ReluNetwork } from "../network";
import { blame, UserError } from "./user-error";

/** A file's network and what stands beside it. */
export interface NetworkDocument {
  readonly file: string;
  readonly network: ReluNetwork;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What the reader of an answer should know about how the file was read. */
  readonly notes: readonly string[];
}

function readBytes(file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `${file}: ${code === "ENOENT" ? "no such file" : code === "EISDIR" ? "is a directory" : `cannot be read (${code ?? String(error)})`}`,
    );
  }
}

/** Where a text has a NaN or Infinity outside of quotes, as other languages write them; JSON has no such numbers. */
function notANumber(text: string): string {
  const found = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
  for (const match of text.matchAll(found)) {
    if (match[0].startsWith('"')) continue;
    const before = text.slice(0, match.index).split("\n");
    return ` (${match[0]} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: numbers must be finite)`;
  }
  return "";
}

/** The bytes of a file in the model's own folder, or undefined. */
const beside = (file: string) => (name: string) => {
  const other = path.join(path.dirname(file), name);
  return fs.existsSync(other) ? readBytes(other) : undefined;
};

/** Reads and checks a network file of any format known. Throws a UserError that says what is wrong and where. */
export function readDocument(file: string): NetworkDocument {
  const bytes = readBytes(file);
  switch (path.extname(file).toLowerCase()) {
    case ".safetensors":
      return { file, network: blame(file, () => networkFromSafetensors(bytes)), fields: {}, notes: [] };
    case ".onnx":
      return { file, fields: {}, ...blame(file, () => networkFromOnnx(bytes, beside(file))) };
    default: {
      const text = bytes.toString("utf8").replace(/^\uFEFF/, ""); // some editors begin a file with this mark
      const parsed = blame(`${file}: not JSON${notANumber(text)}`, () => JSON.parse(text) as unknown);
      // A text in the file is not a document inside the document.
      const document = typeof parsed === "string" ? null : parsed;
      const network = blame(file, () => networkFromJson(document as NetworkJson));
      return { file, network, fields: parsed as Record<string, unknown>, notes: [] };
    }
  }
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
        `${document.file}: ${place}[${i}] is ${typeof v === "number" ? v : JSON.stringify(v)}: a finite number is needed`,
      );
    }
  }
  return value as number[];
}
