import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { runningCode, type RunningCode } from "relu-lab/files";
import type { Notebook } from "../notebook/nbformat";
import { packageVersion } from "../package-folder";
import { notebookImports, type Wanted } from "./notebook-imports";

/** The sources of a package of this checkout: in `src` beside the `dist` that the kernel loads; none of an installed one. */
function sourcesOf(name: string, from: string): string | undefined {
  let main: string;
  try {
    main = fs.realpathSync(createRequire(from).resolve(name));
  } catch {
    return undefined; // a module of Node, or not installed
  }
  const sources = path.join(path.dirname(path.dirname(main)), "src");
  return !main.includes(`${path.sep}node_modules${path.sep}`) && fs.existsSync(path.join(sources, "index.ts"))
    ? sources
    : undefined;
}

const packageName = (module: string) => module.split("/", module.startsWith("@") ? 2 : 1).join("/");

/** A module that uses what the notebook's cells use, so that a bundler sees it: of `experiments.relearning` not `experiments`. */
function usesText(imports: ReadonlyMap<string, Wanted>, sources: Readonly<Record<string, string>>): string {
  const lines: string[] = [];
  const use = (module: string, wanted: Wanted, members = (names: readonly string[]) => names) => {
    const name = `m${lines.length}`;
    lines.push(`import * as ${name} from ${JSON.stringify(module)};`);
    const uses = wanted === "all" ? [name] : members([...wanted.keys()]).map((member) => `${name}.${member}`);
    lines.push(`use(${uses.join(", ")});`);
  };
  for (const [module, wanted] of imports) {
    const folder = sources[module];
    // A name that a package exports may be a folder of it, which is imported as a whole: relu-lab/experiments.
    const inner = (name: string) =>
      folder !== undefined &&
      wanted !== "all" &&
      wanted.get(name) !== "all" &&
      fs.existsSync(path.join(folder, name, "index.ts"));
    use(module, wanted, (names) => names.filter((name) => !inner(name)));
    if (wanted === "all") continue;
    for (const [name, members] of wanted) if (inner(name)) use(`${module}/${name}`, members);
  }
  return lines.join("\n");
}

/**
 * The code that a notebook runs: what its imports reach of this checkout's sources, and the installed packages that these
 * need; the kernel too. Of a module only what is used counts: a notebook that calls `experiments.relearning` does not depend
 * on the other experiments.
 * @param notebook the notebook
 * @param folder where it stands, from where its imports are found
 */
export function notebookCode(notebook: Notebook, folder: string): RunningCode {
  const imports = notebookImports(notebook);
  const from = path.join(path.resolve(folder), "notebook.js");
  const sources: Record<string, string> = {};
  const asked = new Set([...imports.keys()].filter((name) => !name.startsWith(".")).map(packageName));
  for (const name of asked) {
    const own = sourcesOf(name, from);
    if (!own) continue;
    sources[name] = own;
    const { dependencies = {} } = JSON.parse(fs.readFileSync(path.join(own, "../package.json"), "utf8")) as {
      dependencies?: Record<string, string>;
    };
    for (const dependency of Object.keys(dependencies)) asked.add(dependency);
  }
  const { digest, files, packages } = runningCode({ text: usesText(imports, sources), folder }, sources);
  const kernel = `tslab@${packageVersion("tslab")}`;
  return {
    digest: createHash("sha256").update(`${digest} ${kernel}`).digest("hex").slice(0, 16),
    files,
    packages: [...new Set([...packages, kernel])].sort(),
  };
}

/**
 * A digest of the code that a notebook runs: of {@link notebookCode}.
 * @param notebook the notebook
 * @param folder where it stands, from where its imports are found
 * @returns 16 hexadecimal digits, the same in every checkout of the same code
 */
export const codeDigest = (notebook: Notebook, folder: string): string =>
  notebookCode(notebook, folder).digest;
