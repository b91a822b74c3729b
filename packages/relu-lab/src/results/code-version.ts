import * as fs from "node:fs";
import { runningCode } from "../files";

const known = new Map<string, string>();

/**
 * A digest of the code an experiment runs: the compiled module, every module of this project that it reaches (its
 * workers too), and name and version of each installed package it reaches; see {@link runningCode}.
 *
 * @param module absolute path of a compiled module
 * @returns 16 hexadecimal digits; the same in every checkout of the same code
 * @throws Error when the module cannot be read
 */
export function codeVersion(module: string): string {
  const start = fs.realpathSync(module);
  const before = known.get(start);
  if (before) return before;
  const { digest } = runningCode({ file: start });
  known.set(start, digest);
  return digest;
}
