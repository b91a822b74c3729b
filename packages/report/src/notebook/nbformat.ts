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

const whole = (text: unknown): string => (Array.isArray(text) ? text.join("") : String(text ?? ""));

/** Media types whose content is a JSON value, not text that may be split into lines. */
const isJsonType = (type: string) => type === "application/json" || type.endsWith("+json");

function readBundle(data: MimeBundle): MimeBundle {
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([type, value]) => [type, isJsonType(type) ? value : whole(value)]),
  );
}

function readOutput(raw: Record<string, unknown>): Output {
  if (raw.output_type === "stream") return { ...raw, text: whole(raw.text) } as Output;
  if (raw.output_type === "error") return raw as Output;
  return { ...raw, data: readBundle(raw.data as MimeBundle) } as Output;
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
      `${file} is not a notebook of nbformat 4: nbformat is ${raw?.nbformat}, cells ${typeof raw?.cells}`,
    );
  }
  const cells = raw.cells.map((cell: Record<string, unknown>, index: number): Cell => {
    if (!["code", "markdown", "raw"].includes(cell.cell_type as string)) {
      throw new Error(`${file}: cell ${index + 1} is of the unknown type "${cell.cell_type}"`);
    }
    const source = whole(cell.source);
    const outputs = cell.outputs as Record<string, unknown>[] | undefined;
    return {
      ...(cell as unknown as Cell),
      id: typeof cell.id === "string" ? cell.id : inventId(source, index),
      source,
      metadata: (cell.metadata ?? {}) as Cell["metadata"],
      ...(cell.cell_type === "code" ? { outputs: (outputs ?? []).map(readOutput) } : {}),
    };
  });
  return { nbformat: 4, nbformat_minor: raw.nbformat_minor ?? 5, metadata: raw.metadata ?? {}, cells };
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
  const cells = notebook.cells.map((cell) => ({
    cell_type: cell.cell_type,
    ...(cell.cell_type === "code" ? { execution_count: cell.execution_count ?? null } : {}),
    id: cell.id,
    metadata: cell.metadata,
    ...(cell.cell_type === "code" ? { outputs: (cell.outputs ?? []).map(writeOutput) } : {}),
    source: lines(cell.source),
  }));
  const minor = Math.max(5, notebook.nbformat_minor);
  return `${JSON.stringify({ cells, metadata: notebook.metadata, nbformat: 4, nbformat_minor: minor }, null, 1)}\n`;
}

/** Writes a file whole or not at all. */
export function writeWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, text);
  fs.renameSync(temporary, file);
}

/** The tags of a cell. */
export const tagsOf = (cell: Cell): string[] => (Array.isArray(cell.metadata.tags) ? cell.metadata.tags : []);
