import * as fs from "node:fs";
import * as path from "node:path";
import { notWritten, writeWhole as writeFileWhole } from "relu-lab/files";

/** A folder that cannot be written: one line that says which, why, and what helps. */
export class WriteError extends Error {}

/**
 * Runs work that writes a file; what the file system refuses becomes a {@link WriteError} with the remedy.
 * @param file what was to be written; its folder and its name stand in the message
 */
export function writing<T>(file: string, remedy: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const told = notWritten(error, file, remedy);
    throw told === error ? error : new WriteError(told.message, { cause: error });
  }
}

/**
 * Makes a folder and asks whether it can be written, before hours of work are for nothing.
 * @param what what shall be written there, for the message
 */
export function requireWritable(folder: string, what: string, remedy: string): void {
  writing(path.join(folder, what), remedy, () => {
    fs.mkdirSync(folder, { recursive: true });
    fs.accessSync(folder, fs.constants.W_OK);
  });
}

/**
 * Writes a file whole or not at all. Throws {@link WriteError} where its folder cannot be written.
 * @param remedy what to do then, for the message
 */
export function writeWhole(file: string, text: string, remedy = "work on a copy elsewhere"): void {
  writing(file, remedy, () => writeFileWhole(file, text));
}
