import * as ts from "@tslab/typescript-for-tslab";

/** What is wanted of a module: all of it, or these exports, and of each of them again. */
export type Wanted = "all" | Map<string, Wanted>;

/** A module that another one loads, and what it uses of it. */
export interface Load {
  name: string;
  wanted: Wanted;
}

/** A compiled module, as far as the digest asks. */
export interface ModuleText {
  /** Its code without comments: a reworded docstring changes no output. */
  code: string;
  loads: Load[];
  /** Where a module that only passes exports on has each of them from; null for a module with code of its own. */
  passes: { named: Map<string, { from: string; as: string | null }>; stars: string[] } | null;
}

/** Adds a wish to others: all of a module includes its parts. */
export function addWanted(to: Map<string, Wanted>, name: string, wanted: Wanted): void {
  const before = to.get(name);
  if (before === "all" || wanted === "all") to.set(name, "all");
  else if (!before) to.set(name, new Map(wanted));
  else for (const [key, inner] of wanted) addWanted(before, key, inner);
}

const isLoader = (callee: ts.Expression) => /(?:^|[.\s])(?:require|import|lazily)\)?$/.test(callee.getText());

/** The text of `require("x")`, `import("x")` or `lazily("x")`, also inside of `__importStar(...)`. */
function loadedName(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const [first] = node.arguments;
  if (first && ts.isStringLiteralLike(first) && isLoader(node.expression)) return first.text;
  return node.arguments.length > 0 &&
    /^__(?:importStar|importDefault|exportStar)$/.test(node.expression.getText())
    ? loadedName(first)
    : undefined;
}

/**
 * What is used of the objects that some names stand for: `x.a` uses a (and of it what follows), `x` alone all.
 * @param root the code
 * @param names the names
 * @param depth how many steps after the name are told apart
 */
export function usedMembers(root: ts.Node, names: ReadonlySet<string>, depth: number): Map<string, Wanted> {
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
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isNamespaceImport(parent)) return true;
  return ts.isVariableDeclaration(parent) && parent.name === node;
}

/** Reads a module as tsc compiles it to CommonJS; other forms are read as code that uses all it loads. */
export function readModule(text: string): ModuleText {
  const file = ts.createSourceFile("module.js", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const variables = new Map<string, string>(); // x_1 of `const x_1 = require("./x")`
  const loads = new Map<string, Wanted>();
  const visit = (node: ts.Node): void => {
    const name = loadedName(node);
    if (name !== undefined) {
      const holder = node.parent;
      if (ts.isVariableDeclaration(holder) && ts.isIdentifier(holder.name))
        variables.set(holder.name.text, name);
      else addWanted(loads, name, "all");
      return;
    }
    // A worker is loaded by the name of its file.
    if (ts.isStringLiteralLike(node) && /^[\w./-]+\.c?js$/.test(node.text)) {
      addWanted(loads, node.text.startsWith(".") ? node.text : `./${node.text}`, "all");
    }
    if (ts.isTemplateTail(node) && /^\/[\w./-]+\.c?js$/.test(node.text))
      addWanted(loads, `.${node.text}`, "all");
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const [variable, members] of usedMembers(file, new Set(variables.keys()), 1)) {
    addWanted(loads, variables.get(variable) as string, members);
  }
  for (const name of variables.values()) if (!loads.has(name)) addWanted(loads, name, new Map());
  return {
    code: ts.createPrinter({ removeComments: true }).printFile(file),
    loads: [...loads].map(([name, wanted]) => ({ name, wanted })),
    passes: passedOn(file, variables),
  };
}

/** What a module passes on when it does nothing else. */
function passedOn(file: ts.SourceFile, variables: ReadonlyMap<string, string>): ModuleText["passes"] {
  const named = new Map<string, { from: string; as: string | null }>();
  const stars: string[] = [];
  for (const statement of file.statements) {
    const text = statement.getText();
    const star = /^__exportStar\(require\("([^"]+)"\), exports\);?$/.exec(text);
    const space = /^exports\.(\w+) = __importStar\(require\("([^"]+)"\)\);?$/.exec(text);
    const one =
      /^Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+)\.(\w+); \} \}\);?$/.exec(
        text,
      );
    if (star) stars.push(star[1]);
    else if (space) named.set(space[1], { from: space[2], as: null });
    else if (one && variables.has(one[2]))
      named.set(one[1], { from: variables.get(one[2]) as string, as: one[3] });
    else if (
      !/^(?:"use strict"|var __\w+ = |Object\.defineProperty\(exports, "__esModule"|exports\.\w+ = (?:exports\.\w+ = )*void 0|(?:var|const) \w+ = (?:__importStar\()?require\()/.test(
        text,
      )
    )
      return null;
  }
  return named.size + stars.length > 0 ? { named, stars } : null;
}

/** The names that a compiled module exports itself. */
export function exportedNames(code: string): Set<string> {
  return new Set([...code.matchAll(/exports(?:\.(\w+) =|, "(\w+)")/g)].map((match) => match[1] ?? match[2]));
}
