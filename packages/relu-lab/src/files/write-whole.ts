import * as fs from "node:fs";
import path from "node:path";
import { notWritten } from "./not-written";
import { partName, removeAbandonedParts, removeQuietly } from "./part-names";

/** How a file is written. */
export interface Writing {
  /** What to do when the folder cannot be written, for the message; when not given, the file system's own error is thrown. */
  readonly remedy?: string;
  /** Where it is written first, in the same folder; when not given, a name that says whose it is. */
  readonly part?: string;
}

/**
 * Writes a file whole or not at all: beside its place first, then put there by renaming, so that no reader ever sees
 * half of it and a write that fails leaves what was there before.
 *
 * @param file where; its folder is made when missing
 * @param content text or bytes
 * @param writing see {@link Writing}
 * @throws Error that names the folder, the reason and the remedy; the unfinished file is removed
 */
export function writeWhole(file: string, content: string | Uint8Array, { remedy, part }: Writing = {}): void {
  const unfinished = part ?? partName(file);
  try {
    fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    if (!part) removeAbandonedParts(file);
    fs.writeFileSync(unfinished, content);
    fs.renameSync(unfinished, file);
  } catch (error) {
    removeQuietly(unfinished); // on a full disk its half would keep the disk full
    throw remedy ? notWritten(error, file, remedy) : error;
  }
}
