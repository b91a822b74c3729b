import * as ts from "@tslab/typescript-for-tslab";
import { declaredNames, scopeNames } from "./names";
import { parseNotebook, tagsOf, type Cell, type Notebook } from "./nbformat";
import { outputsDigest } from "../run/record";
import { savedRecord } from "../saved/saved-notebook";
import { applyParameters, notebookProfiles, parametersCell, readParameters } from "./parameters";

/** Something in a notebook that will not run in tslab, or that the report needs and misses. */
export interface LintProblem {
  /** The cell, counted from 1 among all cells; 0 for the notebook as a whole. */
  cell: number;
  /** The line in the cell, from 1; 0 for the cell as a whole. */
  line: number;
  rule: string;
  message: string;
}

const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Checks a notebook's text: what tslab cannot run (shorthand of an earlier cell's variable, top-level `for await`,
 * `export`), and what the report wants (cell ids, a parameters cell, a claims cell, no outputs but saved ones).
 * @param text the file's content
 * @param file its name, for messages
 */
export function lintNotebook(text: string, file: string): LintProblem[] {
  const notebook = parseNotebook(text, file);
  const raw = JSON.parse(text) as { nbformat_minor?: number; cells: { id?: unknown }[] };
  const cells = notebook.cells.map((cell, i) => ({ cell, number: i + 1 }));
  const code = cells.filter(({ cell }) => cell.cell_type === "code");
  return [
    ...lintIds(raw),
    ...lintOutputs(notebook, code),
    ...lintWhole(notebook),
    ...lintParameters(notebook),
    ...lintCode(code),
  ].sort((a, b) => a.cell - b.cell || a.line - b.line);
}

/** A problem as a line for people. */
export const formatProblem = (file: string, { cell, line, rule, message }: LintProblem): string =>
  `${file}${cell ? `, cell ${cell}` : ""}${line ? `, line ${line}` : ""}: ${message} [${rule}]`;

function lintIds(raw: { nbformat_minor?: number; cells: { id?: unknown }[] }): LintProblem[] {
  const problems: LintProblem[] = [];
  if (!(Number(raw.nbformat_minor) >= 5)) {
    const message = `nbformat is 4.${raw.nbformat_minor}: cell ids need 4.5`;
    problems.push({ cell: 0, line: 0, rule: "cell-id", message });
  }
  const seen = new Set<unknown>();
  for (const [i, { id }] of raw.cells.entries()) {
    const twice = seen.has(id);
    seen.add(id);
    if (typeof id !== "string" || !idPattern.test(id)) {
      const message = `the cell's id is ${JSON.stringify(id) ?? "missing"}: give it one, such as "pieces-chart"`;
      problems.push({ cell: i + 1, line: 0, rule: "cell-id", message });
    } else if (twice) {
      problems.push({ cell: i + 1, line: 0, rule: "cell-id", message: `the id "${id}" stands twice` });
    }
  }
  return problems;
}

/** Outputs are there to be read on GitHub: those that `--save` wrote, whole, or none. Counts tell nothing. */
function lintOutputs(notebook: Notebook, code: readonly { cell: Cell; number: number }[]): LintProblem[] {
  const saved = savedRecord(notebook)?.outputs === outputsDigest(notebook);
  return code.flatMap(({ cell, number }) => {
    const counted = (cell.execution_count ?? null) !== null;
    if (!counted && (saved || !cell.outputs?.length)) return [];
    const message = counted
      ? "an execution count is stored: npm run notebooks -- --clear takes it away, with the outputs"
      : "outputs are stored that --save did not write: npm run notebooks -- --clear takes them away";
    return [{ cell: number, line: 0, rule: "outputs", message }];
  });
}

function lintWhole({ cells, metadata }: Notebook): LintProblem[] {
  const problems: LintProblem[] = [];
  const whole = (rule: string, message: string) => problems.push({ cell: 0, line: 0, rule, message });
  if (!cells.some((cell) => cell.cell_type === "markdown" && /^#\s+\S/m.test(cell.source))) {
    whole("title", "no markdown cell has a title (`# ...`)");
  }
  const kernel = (metadata.kernelspec as { name?: string } | undefined)?.name;
  if (kernel !== "tslab") whole("kernel", `the kernelspec's name is ${JSON.stringify(kernel)}, not "tslab"`);
  const callsClaims = cells.some(
    (cell) => cell.cell_type === "code" && /(?:^|[^\w$])claims\s*\(/.test(cell.source),
  );
  if (!callsClaims) whole("claims", "no cell calls claims(...): a notebook ends with its claims");
  return problems;
}

function lintParameters(notebook: Notebook): LintProblem[] {
  const cell = parametersCell(notebook);
  if (!cell)
    return [{ cell: 0, line: 0, rule: "parameters", message: 'no code cell carries the tag "parameters"' }];
  const number = notebook.cells.indexOf(cell) + 1;
  const problem = (message: string): LintProblem => ({ cell: number, line: 0, rule: "parameters", message });
  const problems: LintProblem[] = [];
  if (notebook.cells.filter((c) => tagsOf(c).includes("parameters")).length > 1) {
    problems.push(problem('more than one cell carries the tag "parameters"'));
  }
  try {
    readParameters(cell.source);
    for (const profile of Object.keys(notebookProfiles(notebook))) applyParameters(notebook, { profile });
  } catch (error) {
    problems.push(problem((error as Error).message));
  }
  return problems;
}

function lintCode(code: readonly { cell: Cell; number: number }[]): LintProblem[] {
  const earlier = new Set<string>();
  return code.flatMap(({ cell, number }) => {
    const file = ts.createSourceFile("cell.ts", cell.source, ts.ScriptTarget.Latest, true);
    const problems = [...syntaxProblems(cell.source, number), ...walk(file, earlier, number)];
    for (const name of declaredNames([...file.statements])) earlier.add(name);
    return problems;
  });
}

function syntaxProblems(source: string, number: number): LintProblem[] {
  const compilerOptions = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext };
  const { diagnostics = [] } = ts.transpileModule(source, { compilerOptions, reportDiagnostics: true });
  return diagnostics.map((diagnostic) => ({
    cell: number,
    line: source.slice(0, diagnostic.start ?? 0).split("\n").length,
    rule: "syntax",
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, " "),
  }));
}

function walk(file: ts.SourceFile, earlier: ReadonlySet<string>, number: number): LintProblem[] {
  const problems: LintProblem[] = [];
  const report = (node: ts.Node, rule: string, message: string) =>
    problems.push({
      cell: number,
      line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1,
      rule,
      message,
    });
  const visit = (node: ts.Node, own: ReadonlySet<string>, inFunction: boolean): void => {
    const names = scopeNames(node);
    const inner = names.length > 0 ? new Set([...own, ...names]) : own;
    if (ts.isShorthandPropertyAssignment(node) && earlier.has(node.name.text) && !inner.has(node.name.text)) {
      const name = node.name.text;
      report(
        node,
        "shorthand",
        `tslab loses the shorthand { ${name} } of an earlier cell's variable: write { ${name}: ${name} }`,
      );
    }
    if (ts.isForOfStatement(node) && node.awaitModifier && !inFunction) {
      report(
        node,
        "for-await",
        "tslab cannot run `for await` at the top level: put the loop into an async function",
      );
    }
    const exported =
      ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
    if (exported || ts.isExportDeclaration(node) || ts.isExportAssignment(node)) {
      report(node, "export", "a cell exports nothing: its declarations are there for the cells below");
    }
    ts.forEachChild(node, (child) => visit(child, inner, inFunction || ts.isFunctionLike(node)));
  };
  visit(file, new Set(), false);
  return problems;
}
