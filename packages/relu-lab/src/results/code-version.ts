import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { builtinModules, createRequire } from "node:module";
import path from "node:path";

// The strings a compiled module loads others by: require("./x"), import("x"), and a worker's "x.js".
const loads = /(?:require|import)\(\s*["']([^"']+)["']\s*\)|["']([\w./-]+\.c?js)["']/g;

/** The package a file of node_modules belongs to, with its version. */
function packageName(file: string): string {
  for (let folder = path.dirname(file); path.dirname(folder) !== folder; folder = path.dirname(folder)) {
    const manifest = path.join(folder, "package.json");
    if (!fs.existsSync(manifest)) continue;
    const { name, version } = JSON.parse(fs.readFileSync(manifest, "utf8")) as Record<string, string>;
    if (name && version) return `${name}@${version}`; // a folder's own package.json may say only "type"
  }
  return file;
}

function resolved(from: string, name: string, isFile: boolean): string | undefined {
  if (isFile) {
    const file = path.resolve(path.dirname(from), name);
    return fs.existsSync(file) ? fs.realpathSync(file) : undefined;
  }
  try {
    return fs.realpathSync(createRequire(from).resolve(name));
  } catch {
    return undefined; // optional, and not installed
  }
}

const known = new Map<string, string>();

/**
 * A digest of the code an experiment runs: the compiled module, every module of this project that it reaches (its
 * workers too), and name and version of each installed package it reaches.
 *
 * A version number kept by hand is forgotten one day, and then old rows pass for new ones. A digest of the code
 * errs on the other side only: a changed comment may cost a run.
 *
 * @param module absolute path of a compiled module
 * @returns 16 hexadecimal digits; the same in every checkout of the same code
 * @throws Error when the module cannot be read
 */
export function codeVersion(module: string): string {
  const start = fs.realpathSync(module);
  const before = known.get(start);
  if (before) return before;
  const files = new Set<string>([start]);
  const packages = new Set<string>();
  const digests: string[] = [];
  for (const file of files) {
    const text = fs.readFileSync(file, "utf8");
    const place = path.relative(path.dirname(start), file).split(path.sep).join("/");
    digests.push(`${place} ${createHash("sha256").update(text).digest("hex")}`);
    for (const [, required, named] of text.matchAll(loads)) {
      const name = required ?? named;
      if (name.startsWith("node:") || builtinModules.includes(name)) continue;
      const target = resolved(file, name, required === undefined);
      if (!target) continue;
      if (target.includes(`${path.sep}node_modules${path.sep}`)) packages.add(packageName(target));
      else if (/\.c?js$/.test(target)) files.add(target);
    }
  }
  const hash = createHash("sha256").update([...digests.sort(), ...[...packages].sort()].join("\n"));
  const version = hash.digest("hex").slice(0, 16);
  known.set(start, version);
  return version;
}
