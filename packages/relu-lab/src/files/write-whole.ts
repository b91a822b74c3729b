import * as fs from "node:fs";
import process from "node:process";

/**
 * Writes a file whole or not at all: beside its place first, then put there by renaming, so that no reader ever sees half of
 * it and a write that fails leaves what was there before.
 *
 * @param file where
 * @param content text or bytes
 * @param part where it is written first, in the same folder; a name with this process's number when not given
 * @throws Error from the file system; the unfinished file is removed
 */
export function writeWhole(
  file: string,
  content: string | Uint8Array,
  part = `${file}.${process.pid}.part`,
): void {
  try {
    fs.writeFileSync(part, content);
    fs.renameSync(part, file);
  } catch (error) {
    fs.rmSync(part, { force: true }); // on a full disk its half would keep the disk full
    throw error;
  }
}
