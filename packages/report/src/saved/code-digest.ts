import * as ts from "@tslab/typescript-for-tslab";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { builtinModules, createRequire } from "node:module";
import * as path from "node:path";
import type { Notebook } from "../notebook/nbformat";
import { packageVersion } from "../package-folder";
import {
  addWanted,
  exportedNames,
  readModule,
  usedMembers,
  type ModuleText,
  type Wanted,
} from "./module-loads";

/** What a notebook's cells import, and what they use of it: `experiments.summary` of `relu-lab`. */
export function notebookImports(notebook: Notebook): Map<string, Wanted> {
  const code = notebook.cells.filter((cell) => cell.cell_type === "code").map((cell) => cell.source);
  const file = ts.createSourceFile("cells.ts", code.join("\n"), ts.ScriptTarget.Latest, true);
  const imports = new Map<string, Wanted>();
  const names = new Map<string, { module: string; as: string | null }>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const module = node.moduleSpecifier.text;
      const bindings = node.importClause?.namedBindings;
      if (node.importClause?.name || !bindings) addWanted(imports, module, "all");
      else if (ts.isNamespaceImport(bindings)) names.set(bindings.name.text, { module, as: null });
      else
        for (const { name, propertyName } of bindings.elements)
          names.set(name.text, { module, as: (propertyName ?? name).text });
      if (!imports.has(module)) imports.set(module, new Map());
    }
    if (ts.isCallExpression(node) && node.expression.getText() === "require" && node.arguments.length === 1) {
      const [name] = node.arguments;
      if (ts.isStringLiteralLike(name)) addWanted(imports, name.text, "all");
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const [name, wanted] of usedMembers(file, new Set(names.keys()), 2)) {
    const { module, as } = names.get(name) as { module: string; as: string | null };
    addWanted(imports, module, as === null ? wanted : new Map([[as, wanted]]));
  }
  return imports;
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

function resolveModule(from: string, name: string): string | undefined {
  if (name.startsWith("node:") || builtinModules.includes(name)) return undefined;
  try {
    return fs.realpathSync(createRequire(from).resolve(name));
  } catch {
    return undefined; // optional and not installed, or no module at all
  }
}

const modules = new Map<string, ModuleText>();

function moduleOf(file: string): ModuleText {
  const known = modules.get(file);
  if (known) return known;
  const module = readModule(fs.readFileSync(file, "utf8"));
  modules.set(file, module);
  return module;
}

/** Follows what is wanted of modules to the files that it runs and the packages that these need. */
class Reach {
  readonly files = new Set<string>();
  readonly packages = new Set<string>();
  readonly #asked = new Map<string, Map<string, Wanted>>();

  follow(from: string, name: string, wanted: Wanted): void {
    const file = resolveModule(from, name);
    if (!file) return;
    if (file.includes(`${path.sep}node_modules${path.sep}`)) this.packages.add(packageOf(file));
    else if (/\.c?js$/.test(file)) this.#module(file, wanted);
  }

  #module(file: string, wanted: Wanted): void {
    const { loads, passes } = moduleOf(file);
    if (passes && wanted !== "all") {
      const asked = this.#asked.get(file) ?? new Map<string, Wanted>();
      this.#asked.set(file, asked);
      for (const [name, inner] of wanted) {
        if (asked.get(name) === "all") continue;
        if (inner === "all") asked.set(name, "all");
        this.#passed(file, passes, name, inner);
      }
      return;
    }
    if (this.files.has(file)) return;
    this.files.add(file);
    for (const load of loads) this.follow(file, load.name, passes ? "all" : load.wanted);
  }

  #passed(
    file: string,
    { named, stars }: NonNullable<ModuleText["passes"]>,
    name: string,
    wanted: Wanted,
  ): void {
    const found = named.get(name);
    if (found)
      return this.follow(file, found.from, found.as === null ? wanted : new Map([[found.as, "all"]]));
    for (const star of stars) {
      const target = resolveModule(file, star);
      if (target && this.#exports(target, name)) return this.follow(file, star, new Map([[name, "all"]]));
    }
    this.#module(file, "all"); // not told where it comes from: then all that it might be
  }

  #exports(file: string, name: string): boolean {
    const { code, passes } = moduleOf(file);
    if (exportedNames(code).has(name)) return true;
    return (passes?.stars ?? []).some((star) => {
      const target = resolveModule(file, star);
      return target !== undefined && this.#exports(target, name);
    });
  }
}

/**
 * A digest of the code that a notebook runs: every compiled module of this checkout that what it imports reaches,
 * comments left out, and name and version of each installed package that these reach; of the kernel too.
 *
 * Indexes that only pass exports on are seen through: a notebook that calls `experiments.relearning` does not depend
 * on the other experiments. Everything else errs on the safe side: a module that is reached counts as a whole.
 * @param notebook the notebook
 * @param folder where it stands, from where its imports are found
 * @returns 16 hexadecimal digits, the same in every checkout of the same code
 */
export function codeDigest(notebook: Notebook, folder: string): string {
  const reach = reached(notebook, folder);
  const root = path.dirname(path.resolve(folder));
  const lines = [...reach.files].map((file) => {
    const place = path.relative(root, file).split(path.sep).join("/");
    return `${place} ${createHash("sha256").update(moduleOf(file).code).digest("hex")}`;
  });
  const hash = createHash("sha256").update([...lines.sort(), ...[...reach.packages].sort()].join("\n"));
  return hash.digest("hex").slice(0, 16);
}

/** The files and packages behind the digest. */
export function reached(notebook: Notebook, folder: string): { files: Set<string>; packages: Set<string> } {
  const reach = new Reach();
  reach.packages.add(`tslab@${packageVersion("tslab")}`);
  const from = path.join(path.resolve(folder), "notebook.js");
  for (const [name, wanted] of notebookImports(notebook)) reach.follow(from, name, wanted);
  return reach;
}
