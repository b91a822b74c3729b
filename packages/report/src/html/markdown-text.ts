/** A part of a markdown text: a heading and the words below it, without their marks. */
export interface TextPart {
  /** The heading, or null for what stands above the first. */
  title: string | null;
  text: string;
}

/** Signs that TeX names. */
const signs: Record<string, string> = {
  dots: "…",
  ldots: "…",
  cdots: "…",
  cdot: "·",
  times: "×",
  circ: "∘",
  in: "∈",
  le: "≤",
  leq: "≤",
  ge: "≥",
  geq: "≥",
  to: "→",
  mapsto: "↦",
  infty: "∞",
  sum: "∑",
  approx: "≈",
  pm: "±",
  sigma: "σ",
  varepsilon: "ε",
  lambda: "λ",
};

/** Words without their marks: what a reader would search for. */
const plainText = (markdown: string) =>
  markdown
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\\(?:begin|end|left|right|mathrm|mathbb|text|operatorname|quad)\b|\\[,;!]/g, " ")
    .replace(/\\([a-z]+)/gi, (_all, name: string) => signs[name] ?? name)
    .replace(/[{}$`]+/g, "")
    .replace(/[*|\\#>]+/g, " ")
    .replace(/\s+/g, " ")
    .replace(/ (?=[.,;:)](?:\s|$))/g, "")
    .trim();

/** Cuts a markdown text at its headings (`# ...`), those inside of fences left alone. */
export function textParts(source: string): TextPart[] {
  const parts: { title: string | null; lines: string[] }[] = [{ title: null, lines: [] }];
  let fenced = false;
  for (const line of source.split("\n")) {
    if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced;
    else if (!fenced && /^ {0,3}#{1,6}\s/.test(line)) parts.push({ title: plainText(line), lines: [] });
    else parts[parts.length - 1].lines.push(line);
  }
  return parts
    .map(({ title, lines }) => ({ title, text: plainText(lines.join("\n")) }))
    .filter(({ title, text }) => title !== null || text !== "");
}
