import * as ts from "@tslab/typescript-for-tslab";
import { formatValue, literalValue, parseValue, typeFits, typeOfValue, type Value } from "./literal";
import { tagsOf, type Cell, type Notebook } from "./nbformat";

/** One declaration of the cell tagged `parameters`; `start` and `end` enclose its literal in the cell's source. */
export interface Parameter {
  name: string;
  type: string;
  value: Value;
  start: number;
  end: number;
}

/** Thrown for an unknown parameter or a value of a wrong type; the message lists what there is. */
export class ParameterError extends Error {}

/** The cell tagged `parameters`, if there is one. */
export function parametersCell(notebook: Notebook): Cell | undefined {
  return notebook.cells.find((cell) => cell.cell_type === "code" && tagsOf(cell).includes("parameters"));
}

/**
 * Reads a parameters cell: `const` or `let` declarations of literals (number, string, boolean, arrays of these),
 * and comments. Throws when anything else stands in it.
 */
export function readParameters(source: string): Parameter[] {
  const file = ts.createSourceFile("parameters.ts", source, ts.ScriptTarget.Latest, true);
  const refuse = (node: ts.Node): never => {
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    throw new Error(
      `a parameters cell holds only declarations such as \`const trials = 10\`; line ${line} is \`${node.getText()}\``,
    );
  };
  return file.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement)) return refuse(statement);
    return statement.declarationList.declarations.map((declaration): Parameter => {
      const { name, initializer } = declaration;
      const value = initializer && literalValue(initializer);
      if (!ts.isIdentifier(name) || initializer === undefined || value === undefined)
        return refuse(statement);
      return {
        name: name.text,
        type: typeOfValue(value),
        value,
        start: initializer.getStart(),
        end: initializer.getEnd(),
      };
    });
  });
}

/** The parameters of a notebook; an empty list when it has no such cell. */
export function notebookParameters(notebook: Notebook): Parameter[] {
  const cell = parametersCell(notebook);
  return cell ? readParameters(cell.source) : [];
}

/** A list for people: name, type and value, one a line. */
export function describeParameters(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return "  (none)";
  const width = Math.max(...parameters.map((p) => p.name.length));
  const types = Math.max(...parameters.map((p) => p.type.length));
  return parameters
    .map((p) => `  ${p.name.padEnd(width)}  ${p.type.padEnd(types)}  ${formatValue(p.value)}`)
    .join("\n");
}

/** The parameter sets of a notebook's metadata: `relu_lab: { profiles: { full: { columns: 60 } } }`. */
export function notebookProfiles(notebook: Notebook): Record<string, Record<string, Value>> {
  const metadata = notebook.metadata.relu_lab as
    { profiles?: Record<string, Record<string, Value>> } | undefined;
  return metadata?.profiles ?? {};
}

/** What is to be changed in a notebook's parameters. */
export interface Override {
  profile: string;
  /** Texts from the command line, by name; they win over the profile. Names the notebook lacks are skipped. */
  set?: Readonly<Record<string, string>>;
}

/**
 * A copy of the notebook whose parameters cell holds the values of a profile and of `set`.
 * Throws ParameterError when a value has the wrong type or the profile names what the cell lacks.
 */
export function applyParameters(notebook: Notebook, { profile, set = {} }: Override): Notebook {
  const cell = parametersCell(notebook);
  if (!cell) return { ...notebook, cells: notebook.cells.map((c) => ({ ...c })) };
  const parameters = readParameters(cell.source);
  const known = new Map(parameters.map((p) => [p.name, p]));
  const values = new Map<string, Value>();

  for (const [name, value] of Object.entries(notebookProfiles(notebook)[profile] ?? {})) {
    const parameter = known.get(name);
    if (!parameter) throw unknownParameter(name, parameters, `the profile "${profile}" sets`);
    if (!typeFits(typeOfValue(value), parameter.type))
      throw wrongType(parameter, JSON.stringify(value), parameters);
    values.set(name, value);
  }
  for (const [name, text] of Object.entries(set)) {
    const parameter = known.get(name);
    if (!parameter) continue;
    const value = parseValue(text, parameter.type);
    if (value === undefined) throw wrongType(parameter, text, parameters);
    values.set(name, value);
  }

  let source = cell.source;
  for (const parameter of [...parameters].sort((a, b) => b.start - a.start)) {
    const value = values.get(parameter.name);
    if (value === undefined) continue;
    source = source.slice(0, parameter.start) + formatValue(value) + source.slice(parameter.end);
  }
  return { ...notebook, cells: notebook.cells.map((c) => (c === cell ? { ...c, source } : { ...c })) };
}

/** The refusal of a name that no parameter has. */
export function unknownParameter(
  name: string,
  parameters: readonly Parameter[],
  who = "there is no parameter",
) {
  return new ParameterError(`${who} "${name}". The parameters are:\n${describeParameters(parameters)}`);
}

function wrongType(parameter: Parameter, given: string, parameters: readonly Parameter[]) {
  return new ParameterError(
    `"${parameter.name}" is a ${parameter.type}, and ${given === "" ? "nothing" : `\`${given}\``} is none. ` +
      `The parameters are:\n${describeParameters(parameters)}`,
  );
}
