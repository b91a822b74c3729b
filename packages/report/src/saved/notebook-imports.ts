import * as ts from "@tslab/typescript-for-tslab";
import type { Notebook } from "../notebook/nbformat";

/** What is wanted of a module: all of it, or these exports, and of each of them again. */
export type Wanted = "all" | Map<string, Wanted>;

/** Adds a wish to others: all of a module includes its parts. */
function addWanted(to: Map<string, Wanted>, name: string, wanted: Wanted): void {
  const before = to.get(name);
  if (before === "all" || wanted === "all") to.set(name, "all");
  else if (!before) to.set(name, new Map(wanted));
  else for (const [key, inner] of wanted) addWanted(before, key, inner);
}

/**
 * What is used of the objects that some names stand for: `x.a` uses a (and of it what follows), `x` alone all.
 * @param root the code
 * @param names the names
 * @param depth how many steps after the name are told apart
 */
function usedMembers(root: ts.Node, names: ReadonlySet<string>, depth: number): Map<string, Wanted> {
  const used = new Map<string, Wanted>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && names.has(node.text) && !isOnlyAName(node)) {
      const path: string[] = [];
      let at: ts.Node = node;
      while (path.length < depth && ts.isPropertyAccessExpression(at.parent) && at.parent.expression === at) {
        at = at.parent;
        path.push((at as ts.PropertyAccessExpression).name.text);
      }
      const wanted = path.reduceRight<Wanted>((inner, name) => new Map([[name, inner]]), "all");
      addWanted(used, node.text, wanted);
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
  return used;
}

/** An identifier that names something else: a property, a key, what a declaration declares. */
function isOnlyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return true;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return true;
  if (ts.isQualifiedName(parent)) return true; // of a type, which leaves no code
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isNamespaceImport(parent)) return true;
  return ts.isVariableDeclaration(parent) && parent.name === node;
}

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
