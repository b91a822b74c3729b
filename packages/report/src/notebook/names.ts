import * as ts from "@tslab/typescript-for-tslab";

/** The names that a binding introduces, patterns taken apart. */
function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}

const listNames = (list: ts.VariableDeclarationList) => list.declarations.flatMap((d) => boundNames(d.name));

function importNames({ importClause }: ts.ImportDeclaration): string[] {
  const bindings = importClause?.namedBindings;
  const named = !bindings
    ? []
    : ts.isNamespaceImport(bindings)
      ? [bindings.name]
      : bindings.elements.map((e) => e.name);
  return [...(importClause?.name ? [importClause.name] : []), ...named].map((identifier) => identifier.text);
}

/** The names that statements declare, those inside of inner blocks left out. */
export function declaredNames(statements: readonly ts.Statement[]): string[] {
  return statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement)) return listNames(statement.declarationList);
    if (ts.isImportDeclaration(statement)) return importNames(statement);
    if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name) {
      return [statement.name.text];
    }
    return [];
  });
}

/** The names that a node opens a scope for. */
export function scopeNames(node: ts.Node): string[] {
  if (ts.isBlock(node) || ts.isSourceFile(node) || ts.isModuleBlock(node))
    return declaredNames([...node.statements]);
  if (ts.isFunctionLike(node)) return node.parameters.flatMap((p) => boundNames(p.name));
  if (ts.isCatchClause(node) && node.variableDeclaration) return boundNames(node.variableDeclaration.name);
  const loop = ts.isForStatement(node) || ts.isForOfStatement(node) || ts.isForInStatement(node);
  if (loop && node.initializer && ts.isVariableDeclarationList(node.initializer))
    return listNames(node.initializer);
  return [];
}
