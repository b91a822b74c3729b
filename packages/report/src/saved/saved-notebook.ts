import type { Cell, MimeBundle, Notebook, Output } from "../notebook/nbformat";
import { describeParameters, notebookParameters, parametersCell } from "../notebook/parameters";
import { outputsDigest, sourcesDigest } from "../run/record";

/** What a notebook says of the outputs that are saved in it, in its metadata under `relu_lab.saved`. */
export interface SavedRecord {
  profile: string;
  /** Digest of the notebook's own cells and parameter sets. */
  sources: string;
  /** Digest of the code that it ran: `codeDigest`. */
  code: string;
  /** Digest of the outputs themselves: those of another run are not these. */
  outputs: string;
}

/** Above this, a chart's specification is not saved: its picture is, and GitHub shows that anyway. */
const longestSpecification = 64 * 1024;

/** The record of a notebook's saved outputs, or null when none are. */
export function savedRecord(notebook: Notebook): SavedRecord | null {
  const own = notebook.metadata.relu_lab as { saved?: SavedRecord } | undefined;
  return own?.saved ?? null;
}

/** Whether any cell of a notebook holds an output. */
export const hasOutputs = (notebook: Notebook) =>
  notebook.cells.some((cell) => (cell.outputs ?? []).length > 0);

/** A copy of a notebook's metadata with another record of saved outputs, or without one. */
function withSaved(metadata: Notebook["metadata"], saved: SavedRecord | null): Notebook["metadata"] {
  const own: Record<string, unknown> = { ...(metadata.relu_lab as object | undefined), saved };
  if (!saved) delete own.saved;
  const copy: Notebook["metadata"] = { ...metadata, relu_lab: own };
  if (Object.keys(own).length === 0) delete copy.relu_lab;
  return copy;
}

/** A copy of a notebook without outputs, counts and what is said of them. */
export function withoutOutputs(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : { ...cell },
  );
  return { ...notebook, cells, metadata: withSaved(notebook.metadata, null) };
}

function shortened(data: MimeBundle): MimeBundle {
  const kept = Object.entries(data).filter(
    ([type, value]) =>
      !(type.startsWith("application/vnd.vegalite.") && "image/png" in data) ||
      JSON.stringify(value).length <= longestSpecification,
  );
  return Object.fromEntries(kept);
}

/** An output without what differs from run to run: warnings carry process numbers, results carry counts. */
function steadyOutput(output: Output): Output[] {
  if (output.output_type === "stream") return output.name === "stderr" ? [] : [output];
  if (output.output_type === "error") return [output];
  const { metadata } = output;
  return [{ output_type: "display_data", data: shortened(output.data), metadata }];
}

/** Words below the parameters: they stand in the notebook with their quick values, the outputs may be of others. */
function profileNote(executed: Notebook, profile: string): Output {
  const values = describeParameters(notebookParameters(executed)).replace(/^ {2}/gm, "");
  const text = `The outputs in this file were made with the profile "${profile}":\n${values}\n`;
  return { output_type: "stream", name: "stdout", text };
}

/**
 * A notebook with the outputs of a run, as it is committed: its own sources, no counts, nothing that differs between
 * two runs of the same code with the same seed on the same backend.
 * @param source the notebook as it stands in the repository
 * @param executed the same notebook after the run, with the profile's parameters in place
 * @param of profile and digest of the code
 */
export function withSavedOutputs(
  source: Notebook,
  executed: Notebook,
  of: Pick<SavedRecord, "profile" | "code">,
): Notebook {
  const parameters = parametersCell(source);
  const ran = new Map(executed.cells.map((cell) => [cell.id, cell]));
  const cells = source.cells.map((cell): Cell => {
    if (cell.cell_type !== "code") return cell;
    const outputs = (ran.get(cell.id)?.outputs ?? []).flatMap(steadyOutput);
    if (cell === parameters) outputs.unshift(profileNote(executed, of.profile));
    return { ...cell, execution_count: null, outputs };
  });
  const notebook = { ...source, cells };
  const saved = { ...of, sources: sourcesDigest(source), outputs: outputsDigest(notebook) };
  return { ...notebook, metadata: withSaved(source.metadata, saved) };
}
