import * as ts from "@tslab/typescript-for-tslab";

/** The value of a parameter. */
export type Value = number | string | boolean | Value[];

/** A literal's value, or undefined when the expression is anything but a literal. */
export function literalValue(node: ts.Expression): Value | undefined {
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return literalValue(node.expression);
  if (ts.isPrefixUnaryExpression(node) && ts.isNumericLiteral(node.operand)) {
    const value = Number(node.operand.text);
    if (node.operator === ts.SyntaxKind.MinusToken) return -value;
    if (node.operator === ts.SyntaxKind.PlusToken) return value;
  }
  if (ts.isArrayLiteralExpression(node)) {
    const values = node.elements.map((element) => literalValue(element));
    return values.includes(undefined) ? undefined : (values as Value[]);
  }
  return undefined;
}

/** The type of a value in words: number, string, boolean, number[], ... ("[]" for an empty array). */
export function typeOfValue(value: Value): string {
  if (!Array.isArray(value)) return typeof value;
  const types = [...new Set(value.map(typeOfValue))];
  if (types.length === 0) return "[]";
  return types.length === 1 ? `${types[0]}[]` : `(${types.join(" | ")})[]`;
}

/** Whether a value of type `given` may stand where one of type `wanted` stood. */
export function typeFits(given: string, wanted: string): boolean {
  if (given === wanted) return true;
  return wanted.endsWith("[]") && given.endsWith("[]") && (given === "[]" || wanted === "[]");
}

/** A value as TypeScript text. */
export function formatValue(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(formatValue).join(", ")}]`;
  if (typeof value === "number") return String(value);
  // JSON lets these two stand in a text as they are; in TypeScript they end the line, and with it the text.
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`);
}

function fromJson(text: string): Value | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const plain = (v: unknown): boolean =>
      Array.isArray(v) ? v.every(plain) : ["string", "boolean"].includes(typeof v) || Number.isFinite(v);
    return plain(value) ? (value as Value) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads a value given on the command line where one of type `wanted` stands: a number, true or false, text with or
 * without quotes, an array as `[1, 2]` or `1,2`. Undefined when the text is none of that type.
 */
export function parseValue(text: string, wanted: string): Value | undefined {
  const fits = (value: Value | undefined) =>
    value !== undefined && typeFits(typeOfValue(value), wanted) ? value : undefined;
  const trimmed = text.trim();
  if (wanted === "string") return /^".*"$/s.test(trimmed) ? fits(fromJson(trimmed)) : text;
  if (wanted === "number") {
    const number = trimmed === "" ? NaN : Number(trimmed);
    return Number.isFinite(number) ? number : undefined;
  }
  if (wanted.endsWith("[]") && !trimmed.startsWith("[")) {
    const element = wanted.slice(0, -2);
    const values = trimmed.split(",").map((part) => parseValue(part.trim(), element || "string"));
    return values.includes(undefined) ? undefined : (values as Value[]);
  }
  return fits(fromJson(trimmed));
}
