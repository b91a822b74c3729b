import { spawnSync } from "node:child_process";

function git(folder: string, ...words: string[]): string | null {
  const { status, stdout } = spawnSync("git", words, { cwd: folder, encoding: "utf8", timeout: 10_000 });
  return status === 0 ? stdout.trim() : null;
}

/**
 * The commit that a folder stands at, twelve digits, with a word when tracked files have been changed since.
 * @returns null where there is no git, or no repository
 */
export function commitOf(folder: string): string | null {
  const commit = git(folder, "rev-parse", "--short=12", "HEAD");
  if (!commit) return null;
  return git(folder, "status", "--porcelain", "--untracked-files=no") ? `${commit} with changes` : commit;
}
