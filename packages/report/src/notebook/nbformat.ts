import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** A bundle of representations by media type: text as a string, JSON types as values, images in base64. */
export type MimeBundle = Record<string, unknown>;

/** An output of a code cell, as nbformat 4 stores it. */
export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: MimeBundle; metadata: Record<string, unknown> }
  | {
      output_type: "execute_result";
      data: MimeBundle;
      metadata: Record<string, unknown>;
      execution_count: number | null;
    }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/** A cell; `source` and texts in outputs are whole strings here, lists of lines in the file. */
export interface Cell {
  cell_type: "code" | "markdown" | "raw";
  id: string;
  source: string;
  metadata: Record<string, unknown> & { tags?: string[] };
  execution_count?: number | null;
  outputs?: Output[];
}

/** A notebook of nbformat 4.5. */
export interface Notebook {
  nbformat: 4;
  nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: Cell[];
}

/** A text, as one string or as a list of lines. */
function whole(text: unknown, place: string): string {
  const parts: unknown[] = Array.isArray(text) ? text : [text ?? ""];
  if (!parts.every((part) => typeof part === "string"))
    throw new Error(`${place} is neither a text nor a list of lines`);
  return parts.join("");
}

/** The value as an object; an Error that names the place otherwise. */
function objectOf(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${place} must be an object, but is ${JSON.stringify(value)?.slice(0, 60)}`);
  return value as Record<string, unknown>;
}

/** Media types whose content is a JSON value, not text that may be split into lines. */
const isJsonType = (type: string) => type === "application/json" || type.endsWith("+json");

function readBundle(data: unknown, place: string): MimeBundle {
  return Object.fromEntries(
    Object.entries(objectOf(data ?? {}, place)).map(([type, value]) => [
      type,
      isJsonType(type) ? value : whole(value, `${place}["${type}"]`),
    ]),
  );
}

function readOutput(output: unknown, place: string): Output {
  const raw = objectOf(output, place);
  switch (raw.output_type) {
    case "stream":
      return { ...raw, text: whole(raw.text, `${place}.text`) } as Output;
    case "error": {
      const { ename, evalue, traceback = [] } = raw;
      if (!Array.isArray(traceback)) throw new Error(`${place}.traceback must be a list of lines`);
      const text = (value: unknown, field: string) => whole(value, `${place}.${field}`);
      return {
        ...raw,
        ename: text(ename, "ename"),
        evalue: text(evalue, "evalue"),
        traceback: traceback.map((line) => text(line, "traceback")),
      } as Output;
    }
    case "display_data":
    case "execute_result": {
      const metadata = objectOf(raw.metadata ?? {}, `${place}.metadata`);
      return { ...raw, metadata, data: readBundle(raw.data, `${place}.data`) } as Output;
    }
    default:
      throw new Error(`${place} is of the unknown type ${JSON.stringify(raw.output_type)?.slice(0, 60)}`);
  }
}

/** Ids for a notebook that was written without them: they depend on place and content alone. */
function inventId(source: string, index: number): string {
  return createHash("sha256").update(`${index}\n${source}`).digest("hex").slice(0, 8);
}

/**
 * Reads a notebook's text. Throws, naming the file, when it is not a notebook of nbformat 4.
 * @param text the file's content
 * @param file its name, for messages
 */
export function parseNotebook(text: string, file: string): Notebook {
  let raw;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`);
  }
  if (raw?.nbformat !== 4 || !Array.isArray(raw.cells)) {
    throw new Error(
      `${file} is not a notebook of nbformat 4: nbformat is ${JSON.stringify(raw?.nbformat)?.slice(0, 60)}, cells ${typeof raw?.cells}`,
    );
  }
  const cells = raw.cells.map((entry: unknown, index: number): Cell => {
    const place = `${file}: cell ${index + 1}`;
    const cell = objectOf(entry, place);
    if (!["code", "markdown", "raw"].includes(cell.cell_type as string)) {
      throw new Error(`${place} is of the unknown type ${JSON.stringify(cell.cell_type)?.slice(0, 60)}`);
    }
    const source = whole(cell.source, `${place}'s source`);
    const outputs: unknown = cell.outputs ?? [];
    if (!Array.isArray(outputs)) throw new Error(`${place}'s outputs must be a list`);
    return {
      ...(cell as unknown as Cell),
      id: typeof cell.id === "string" ? cell.id : inventId(source, index),
      source,
      metadata: objectOf(cell.metadata ?? {}, `${place}'s metadata`) as Cell["metadata"],
      ...(cell.cell_type === "code"
        ? { outputs: outputs.map((output, o) => readOutput(output, `${place}, output ${o + 1}`)) }
        : {}),
    };
  });
  const minor: unknown = raw.nbformat_minor ?? 5;
  if (!Number.isSafeInteger(minor)) throw new Error(`${file}: nbformat_minor must be a whole number`);
  const metadata = objectOf(raw.metadata ?? {}, `${file}'s metadata`);
  return { nbformat: 4, nbformat_minor: minor as number, metadata, cells };
}

/** Reads a notebook from a file. */
export function readNotebook(file: string): Notebook {
  return parseNotebook(fs.readFileSync(file, "utf8"), path.basename(file));
}

const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function writeOutput(output: Output): Record<string, unknown> {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  if (output.output_type === "error") return { ...output };
  const data = Object.fromEntries(
    Object.entries(output.data).map(([type, value]) => [
      type,
      typeof value === "string" && !isJsonType(type) && !type.startsWith("image/") ? lines(value) : value,
    ]),
  );
  return { ...output, data };
}

/** A notebook's text, laid out as Jupyter writes it. */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map(
    ({ cell_type, execution_count, id, metadata, outputs, source, ...rest }) => ({
      ...rest, // such as the attachments of a markdown cell: pictures pasted into it
      cell_type,
      ...(cell_type === "code" ? { execution_count: execution_count ?? null } : {}),
      id,
      metadata,
      ...(cell_type === "code" ? { outputs: (outputs ?? []).map(writeOutput) } : {}),
      source: lines(source),
    }),
  );
  const minor = Math.max(5, notebook.nbformat_minor);
  return `${JSON.stringify({ cells, metadata: notebook.metadata, nbformat: 4, nbformat_minor: minor }, null, 1)}\n`;
}

/** The tags of a cell. */
export const tagsOf = (cell: Cell): string[] => (Array.isArray(cell.metadata.tags) ? cell.metadata.tags : []);
