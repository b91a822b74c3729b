/** Reads a file that lies beside the model; undefined when there is none of that name. */
export type ReadBeside = (name: string) => Uint8Array | undefined;

/** Whether a text names a file beside the model: a name alone, as a path could lead out of the model's folder. */
export function isNameBeside(name: unknown): name is string {
  return typeof name === "string" && name !== "" && name !== ".." && !/[\\/]/.test(name);
}
