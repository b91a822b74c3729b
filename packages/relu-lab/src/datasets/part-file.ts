import * as fs from "node:fs";
import { abandonedParts, partName, removeQuietly } from "../files";

/** A file that a download grows, for this process alone. */
export interface PartFile {
  readonly path: string;
  /** Leaves what has arrived to whoever comes next. */
  release(): void;
}

const sizeOf = (file: string) => fs.statSync(file, { throwIfNoEntry: false })?.size ?? -1;

/**
 * Claims the unfinished file of a download, so that what an interrupted run left is continued.
 *
 * Whose it is stands in its name: it is claimed by renaming, which only one process can do, so that a process that was
 * killed leaves no lock behind. When a living process has it, this one begins a file of its own.
 *
 * @param target the file as it will be called when it is complete
 */
export function claimPartFile(target: string): PartFile {
  const part = partName(target);
  for (const left of abandonedParts(target)) {
    try {
      fs.renameSync(left, part);
      break;
    } catch {
      // another process was faster
    }
  }
  return {
    path: part,
    release() {
      if (sizeOf(part) > sizeOf(`${target}.part`)) fs.renameSync(part, `${target}.part`);
      else removeQuietly(part);
    },
  };
}
