import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";

/** Parts of other machines count as abandoned after a day: whether their process lives cannot be seen from here. */
const day = 24 * 3600 * 1000;

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A name for the unfinished file of `target`: machine and process stand in it, so that others see whose it is. */
export const partName = (target: string) =>
  `${target}.${os.hostname()}-${process.pid}-${randomBytes(4).toString("hex")}.part`;

/** Files begun for `target` that nobody goes on with: without an owner, or of a process that is no more. Longest first. */
export function abandonedParts(target: string): string[] {
  const folder = path.dirname(path.resolve(target));
  const start = `${path.basename(target)}.`;
  const found = fs.readdirSync(folder).flatMap((name) => {
    const owner =
      name.startsWith(start) && /^(?:(.+)-(\d+)-[0-9a-f]{8}\.)?part$/.exec(name.slice(start.length));
    const file = path.join(folder, name);
    const stat = owner ? fs.statSync(file, { throwIfNoEntry: false }) : undefined;
    if (!owner || !stat) return [];
    const [, host, pid] = owner;
    const busy = host === os.hostname() ? alive(Number(pid)) : host && Date.now() - stat.mtimeMs < day;
    return busy ? [] : [{ file, size: stat.size }];
  });
  return found.sort((a, b) => b.size - a.size).map(({ file }) => file);
}

/** Removes a file; false where that cannot be: a folder may be read-only. */
export function removeQuietly(file: string): boolean {
  try {
    fs.rmSync(file, { force: true });
    return true;
  } catch {
    return false;
  }
}

/** Removes what interrupted runs left beside a file. */
export function removeAbandonedParts(target: string): void {
  for (const part of abandonedParts(target)) removeQuietly(part);
}
