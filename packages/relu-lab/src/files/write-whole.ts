import * as fs from "node:fs";
import path from "node:path";
import { notWritten } from "./not-written";
import { partName, removeAbandonedParts, removeQuietly } from "./part-names";

/**
 * Writes a file whole or not at all: put in place by renaming, so that what stood there stays when writing fails.
 *
 * @param file where; its folder is made when missing
 * @param content text or bytes
 * @param remedy what to do when the folder cannot be written, for the message
 * @throws Error that names the folder, the reason and the remedy
 */
export function writeWhole(file: string, content: string | Uint8Array, remedy: string): void {
  const part = partName(file);
  try {
    fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    removeAbandonedParts(file);
    fs.writeFileSync(part, content);
    fs.renameSync(part, file);
  } catch (error) {
    removeQuietly(part); // on a full disk its half would keep the disk full
    throw notWritten(error, file, remedy);
  }
}
