/** A word, or a list in parentheses. */
export type Expression = string | readonly Expression[];

/** Lists within lists; real properties have four. */
const deepest = 200;

/**
 * The expressions of a text in SMT-LIB's syntax: words and parentheses, comments behind `;`.
 *
 * @param text the text
 * @param fail refuses it, saying why and in which line
 */
export function parseExpressions(text: string, fail: (what: string) => never): Expression[] {
  const top: Expression[] = [];
  const open: Expression[][] = [top];
  let line = 1;
  for (const [token] of text.matchAll(/;[^\n]*|\n|[()]|"[^"]*"|\|[^|]*\||[^\s()";|]+|["|]/g)) {
    if (token === "\n") line++;
    else if (token.startsWith(";")) continue;
    else if (token === "(") {
      if (open.length > deepest) fail(`line ${line}: lists are nested more than ${deepest} deep`);
      const list: Expression[] = [];
      open[open.length - 1].push(list);
      open.push(list);
    } else if (token === ")") {
      if (open.length === 1) fail(`line ${line}: a parenthesis is closed that was not opened`);
      open.pop();
    } else if (token === '"' || token === "|") fail(`line ${line}: a ${token} has no end`);
    else {
      line += token.split("\n").length - 1;
      open[open.length - 1].push(token);
    }
  }
  if (open.length > 1) fail(`it ends within ${open.length - 1} open parentheses: is it cut off?`);
  return top;
}
