import * as fs from "node:fs";
import * as path from "node:path";

/** A folder that cannot be written: one line that says which, why, and what helps. */
export class WriteError extends Error {}

const causes: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left there",
  EDQUOT: "its quota is used up",
  EROFS: "it is read-only",
  EACCES: "it may not be written",
  EPERM: "it may not be written",
  ENOENT: "it cannot be made", // what Node says of `mkdir` on a read-only disk
  ENOTDIR: "it is no folder",
  EEXIST: "it is no folder",
};

/** Runs work that writes into a folder; what the file system refuses becomes a {@link WriteError} with the remedy. */
export function writingTo<T>(folder: string, remedy: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (!Object.hasOwn(causes, code)) throw error;
    const help = code === "ENOSPC" || code === "EDQUOT" ? "make room" : "make it writable";
    throw new WriteError(`cannot write to ${folder}: ${causes[code]} (${code}); ${help}, or ${remedy}`, { cause: error }); // prettier-ignore
  }
}

/** Makes a folder and asks whether it can be written, before hours of work are for nothing. */
export function requireWritable(folder: string, remedy: string): void {
  writingTo(folder, remedy, () => {
    fs.mkdirSync(folder, { recursive: true });
    fs.accessSync(folder, fs.constants.W_OK);
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Removes what processes that are no more had begun to write for this file. */
function removeAbandoned(file: string): void {
  const start = `${path.basename(file)}.`;
  for (const name of fs.readdirSync(path.dirname(file))) {
    const owner = name.startsWith(start) && /^(\d+)\.tmp$/.exec(name.slice(start.length));
    if (owner && !isAlive(Number(owner[1]))) fs.rmSync(path.join(path.dirname(file), name), { force: true });
  }
}

/**
 * Writes a file whole or not at all. Throws {@link WriteError} where its folder cannot be written.
 * @param remedy what to do then, for the message
 */
export function writeWhole(file: string, text: string, remedy = "work on a copy elsewhere"): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writingTo(path.dirname(path.resolve(file)), remedy, () => {
    try {
      removeAbandoned(path.resolve(file));
      fs.writeFileSync(temporary, text);
      fs.renameSync(temporary, file);
    } catch (error) {
      fs.rmSync(temporary, { force: true }); // on a full disk its half would keep the disk full
      throw error;
    }
  });
}
