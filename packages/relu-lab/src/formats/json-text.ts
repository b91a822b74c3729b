/** Where a text has a NaN or Infinity outside of quotes, as other languages write them; JSON has no such numbers. */
function notANumber(text: string): string {
  const found = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
  for (const match of text.matchAll(found)) {
    if (match[0].startsWith('"')) continue;
    const before = text.slice(0, match.index).split("\n");
    return ` (${match[0]} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: numbers must be finite)`;
  }
  return "";
}

/**
 * The fields of a JSON document.
 *
 * @throws SyntaxError when it is not JSON, with the place of a number that is not finite
 */
export function parseFields(text: string): Record<string, unknown> | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, "")); // some editors begin a file with this mark
  } catch (error) {
    throw new SyntaxError(`not JSON${notANumber(text)}: ${(error as Error).message}`, { cause: error });
  }
  // A text in the file is not a document inside the document.
  return typeof parsed === "object" ? (parsed as Record<string, unknown> | null) : null;
}
