import * as fs from "node:fs";
import process from "node:process";

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** ms in which a lock may be empty: it is made first, then its owner's number is written. */
const lockGrace = 10_000;

/** A file that a download grows, for this process alone; `release` gives it up. */
export interface PartFile {
  readonly path: string;
  release(): void;
}

/**
 * Claims the unfinished file of a download, so that what an interrupted run left is continued.
 *
 * When another living process has it, this one gets a file of its own, to be started anew.
 *
 * @param target the file as it will be called when it is complete
 * @throws Error from the file system when its folder cannot be written
 */
export function claimPartFile(target: string): PartFile {
  const shared = `${target}.part`;
  const lock = `${shared}.lock`;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
      return { path: shared, release: () => fs.rmSync(lock, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      let owner = 0;
      let age = 0;
      try {
        owner = Number(fs.readFileSync(lock, "utf8"));
        age = Date.now() - fs.statSync(lock).mtimeMs;
      } catch {
        continue; // given up in between
      }
      if (owner > 0 ? alive(owner) : age < lockGrace) break; // this process may be the owner, by another download
      fs.rmSync(lock, { force: true }); // its owner was killed
    }
  }
  const own = `${target}.${process.pid}-${Math.random().toString(36).slice(2)}.part`;
  return { path: own, release: () => fs.rmSync(own, { force: true }) };
}
