import { spawnSync } from "node:child_process";

/** Debian's programs that the tests here drive, by what they are called on the command line. */
const packages = {
  "jupyter-server": "jupyter-server",
  "jupyter-notebook": "jupyter-notebook",
  "jupyter-nbconvert": "jupyter-nbconvert",
  "jupyter-kernelspec": "jupyter-client",
} as const;
export type Program = keyof typeof packages;

const there = (program: string) => spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;

/**
 * Whether the programs are there; where one is missing it is installed by apt, if this process may.
 * When not, a line says what was left out and why.
 */
export function haveDebian(...programs: Program[]): boolean {
  const missing = programs.filter((program) => !there(program));
  if (missing.length === 0) return true;
  const wanted = missing.map((program) => packages[program]);
  if (process.getuid?.() !== 0 || !there("apt-get")) {
    console.log(`skipped: Jupyter, because ${missing.join(", ")} is missing (Debian: ${wanted.join(" ")})`);
    return false;
  }
  const apt = (...words: string[]) =>
    spawnSync("apt-get", ["-qq", "-o", "DPkg::Lock::Timeout=600", ...words], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      encoding: "utf8",
    });
  const install = ["install", "-y", "--no-install-recommends", ...wanted];
  let result = apt(...install);
  if (result.status !== 0 && apt("update").status === 0) result = apt(...install);
  if (result.status === 0) return true;
  console.log(`skipped: Jupyter, because apt-get could not install ${wanted.join(" ")}: ${result.stderr}`);
  return false;
}
