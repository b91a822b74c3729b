import path from "node:path";

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

/**
 * What to tell of a file that could not be written: the folder, why, and what helps.
 *
 * @param error what the file system threw; any other error comes back as it is
 * @param file the file, as it was to be called
 * @param remedy what to do when room or rights cannot be had, e.g. "name another file"
 * @returns an Error of one line
 */
export function notWritten(error: unknown, file: string, remedy: string): Error {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (!Object.hasOwn(causes, code)) return error as Error;
  const folder = path.dirname(path.resolve(file));
  const help = code === "ENOSPC" || code === "EDQUOT" ? "make room" : "make it writable";
  return new Error(
    `${path.basename(file)} cannot be written to ${folder}: ${causes[code]} (${code}); ${help}, or ${remedy}`,
    { cause: error },
  );
}
