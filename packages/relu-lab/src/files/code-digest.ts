import type { BuildOptions, Metafile } from "esbuild";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { builtinModules, createRequire } from "node:module";
import path from "node:path";

/** Where the code that runs begins: a module, or the text of one that stands in a folder. */
export type CodeStart = { readonly file: string } | { readonly text: string; readonly folder: string };

/** The code that runs from a start on. */
export interface RunningCode {
  /** 16 hexadecimal digits; the same in every checkout of the same code, whatever its comments and white space. */
  readonly digest: string;
  /** The files of this project of which something runs, as absolute paths. */
  readonly files: readonly string[];
  /** The installed packages that these load, each `name@version`. */
  readonly packages: readonly string[];
}

/** The installed package that a file belongs to, with its version. */
function packageOf(file: string): string {
  for (let folder = path.dirname(file); path.dirname(folder) !== folder; folder = path.dirname(folder)) {
    const manifest = path.join(folder, "package.json");
    if (!fs.existsSync(manifest)) continue;
    const { name, version } = JSON.parse(fs.readFileSync(manifest, "utf8")) as Record<string, string>;
    if (name && version) return `${name}@${version}`; // a folder's own package.json may say only "type"
  }
  return file;
}

function resolved(from: string, name: string): string | undefined {
  if (name.startsWith("node:") || builtinModules.includes(name)) return undefined;
  try {
    return fs.realpathSync(createRequire(from).resolve(name));
  } catch {
    return undefined; // optional, and not installed
  }
}

/** The outputs that run: those that the starts import; what might be imported by code that nobody uses is bundled too. */
function outputsThatRun({ outputs }: Metafile, starts: ReadonlySet<string>): Set<string> {
  const names = Object.keys(outputs).filter((name) => starts.has(outputs[name].entryPoint ?? ""));
  const run = new Set(names);
  for (const name of run)
    for (const load of outputs[name].imports) if (load.path in outputs) run.add(load.path);
  return run;
}

/** What is reached of a bundle's inputs, as absolute paths, and what each of them loads of other packages. */
function reached(
  folder: string,
  { inputs, outputs }: Metafile,
  run: ReadonlySet<string>,
): { files: string[]; loads: [string, string][] } {
  const files = new Set<string>();
  const loads: [string, string][] = [];
  for (const output of [...run].map((name) => outputs[name])) {
    const outside = new Set(output.imports.filter(({ external }) => external).map((load) => load.path));
    for (const [name, { bytesInOutput }] of Object.entries(output.inputs)) {
      const file = path.resolve(folder, name);
      if (bytesInOutput === 0) continue;
      if (fs.existsSync(file)) files.add(file); // the start may be a text
      for (const load of inputs[name].imports)
        if (load.external && outside.has(load.path)) loads.push([file, load.path]);
    }
  }
  return { files: [...files].sort(), loads };
}

/** Files of workers: no import leads to them, only their names in the code that starts them, `"worker.js"`. */
function workersOf(code: string, files: readonly string[]): string[] {
  const names = new Set(
    [...code.matchAll(/["'`/]([\w.-]+)\.(c?js)["'`]/g)].map(([, stem, end]) => `${stem}.${end}`),
  );
  if (names.size === 0) return [];
  return files.flatMap((file) => {
    const text = fs.readFileSync(file, "utf8");
    return [...names].flatMap((name) => {
      if (!text.includes(name)) return [];
      const beside = path.join(path.dirname(file), name);
      const found = [beside, beside.replace(/\.js$/, ".ts")].find((place) => fs.existsSync(place));
      return found && found !== file ? [found] : [];
    });
  });
}

/**
 * The code that runs from a module on: what it imports and requires, its workers, and the installed packages. esbuild
 * follows the imports and leaves out comments, white space and, of ECMAScript modules without side effects, what nobody uses.
 *
 * A version number kept by hand is forgotten one day, and then old rows pass for new ones. A digest of the code errs on the
 * other side only: a changed name may cost a run.
 *
 * @param start the module
 * @param sources folders of sources that stand for packages of this project, by the package's name
 * @returns digest, files and packages
 * @throws Error when a module cannot be read or parsed
 * @example
 * runningCode({ file: __filename }).digest;
 */
export function runningCode(start: CodeStart, sources: Readonly<Record<string, string>> = {}): RunningCode {
  // esbuild is loaded with the first digest that is wanted, not with the package.
  const { buildSync } = createRequire(__filename)("esbuild") as typeof import("esbuild");
  const home = "file" in start ? path.dirname(fs.realpathSync(start.file)) : fs.realpathSync(start.folder);
  const options: BuildOptions = {
    absWorkingDir: home,
    bundle: true,
    write: false,
    metafile: true,
    treeShaking: true,
    splitting: true,
    platform: "node",
    format: "esm",
    packages: "external",
    alias: { ...sources },
    outdir: home,
    minifyWhitespace: true,
    legalComments: "none",
    charset: "utf8",
    logLevel: "silent",
    ...("text" in start ? { stdin: { contents: start.text, resolveDir: home } } : {}),
  };
  const entries = new Set("file" in start ? [fs.realpathSync(start.file)] : []);
  for (;;) {
    const before = entries.size;
    const { outputFiles, metafile } = buildSync({ ...options, entryPoints: [...entries].sort() });
    const starts = [...entries].map((file) => path.relative(home, file).split(path.sep).join("/"));
    const run = outputsThatRun(metafile!, new Set([...starts, "<stdin>"]));
    const { files, loads } = reached(home, metafile!, run);
    const texts = outputFiles!
      .filter((output) => run.has(path.relative(home, output.path).split(path.sep).join("/")))
      .map(({ text }) => text)
      .sort();
    for (const worker of workersOf(texts.join("\n"), files)) entries.add(worker);
    const packages = new Set<string>();
    for (const [from, name] of loads) {
      const target = resolved(from, name);
      if (target?.includes(`${path.sep}node_modules${path.sep}`)) packages.add(packageOf(target));
      else if (target && /\.c?js$/.test(target)) entries.add(target); // a package of this project, linked
    }
    if (entries.size > before) continue;
    const parts = [...texts, ...[...packages].sort()];
    const digest = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
    return { digest, files, packages: [...packages].sort() };
  }
}
