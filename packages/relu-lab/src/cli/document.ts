import * as fs from "node:fs";
import * as path from "node:path";
import { networkFromOnnx, networkFromSafetensors, networkFromTfjs } from "../formats";
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
      `${file}: ${code === "ENOENT" ? "no such file" : `cannot be read (${code ?? String(error)})`}`,
    );
  }
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
      const text = bytes.toString("utf8");
      const fields = blame(`${file}: not JSON`, () => JSON.parse(text) as Record<string, unknown> | null);
      // TensorFlow.js's model.json says nothing of a domain.
      if (fields?.modelTopology !== undefined || fields?.weightsManifest !== undefined) {
        return { file, fields: {}, ...blame(file, () => networkFromTfjs(fields, beside(file))) };
      }
      const network = blame(file, () => networkFromJson(fields as unknown as NetworkJson));
      return { file, network, fields: fields ?? {}, notes: [] };
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
        `${document.file}: ${place}[${i}] is ${JSON.stringify(v)}: a finite number is needed`,
      );
    }
  }
  return value as number[];
}
