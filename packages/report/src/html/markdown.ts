import katex from "katex";
import MarkdownIt from "markdown-it";
import { highlight } from "./code";
import { escapeHtml } from "./escape";

/** A heading met on the way, for the table of contents. */
export interface Heading {
  level: number;
  id: string;
  /** HTML, formulas included. */
  html: string;
}

/** What rendering leaves behind beside the HTML. */
export interface MarkdownContext {
  headings: Heading[];
  /** Ids given so far on the page. */
  ids: Set<string>;
  /** Problems to tell, such as a formula that KaTeX refuses. */
  notes: string[];
}

export const newContext = (): MarkdownContext => ({ headings: [], ids: new Set(), notes: [] });

function formula(tex: string, displayMode: boolean, context: MarkdownContext): string {
  try {
    return katex.renderToString(tex, { displayMode, throwOnError: true, strict: "ignore" });
  } catch (error) {
    context.notes.push(`a formula cannot be set: ${(error as Error).message}`);
    return `<code class="bad-formula">${escapeHtml(tex)}</code>`;
  }
}

/** `$$ ... $$` as a block of its own, over several lines or on one. */
function blockFormula(md: MarkdownIt): void {
  md.block.ruler.before(
    "fence",
    "formula_block",
    (state, startLine, endLine, silent) => {
      const line = (n: number) => state.src.slice(state.bMarks[n] + state.tShift[n], state.eMarks[n]);
      if (!line(startLine).startsWith("$$")) return false;
      let text = line(startLine).slice(2);
      let last = startLine;
      while (!text.trimEnd().endsWith("$$")) {
        if (++last >= endLine) return false;
        text += `\n${line(last)}`;
      }
      if (silent) return true;
      const token = state.push("formula_block", "", 0);
      token.content = text.trimEnd().slice(0, -2).trim();
      token.map = [startLine, last + 1];
      state.line = last + 1;
      return true;
    },
    { alt: ["paragraph", "reference", "blockquote", "list"] },
  );
}

/** `$ ... $` within a line: no blank inside the dollar signs and no digit after, so that prices stay prices. */
function inlineFormula(md: MarkdownIt): void {
  md.inline.ruler.before("escape", "formula", (state, silent) => {
    const rest = state.src.slice(state.pos, state.posMax);
    const match =
      /^\$\$([^$]+?)\$\$/.exec(rest) ??
      /^\$(?![\s$])((?:\\[^]|[^\\$])*?[^\s\\]|(?:\\[^]|[^\\$])*?\\[^\s])\$(?!\d)/.exec(rest);
    if (!match) return false;
    if (!silent) {
      const token = state.push(match[0].startsWith("$$") ? "formula_block" : "formula", "", 0);
      token.content = match[1];
    }
    state.pos += match[0].length;
    return true;
  });
}

function slug(text: string, ids: Set<string>): string {
  const plain = text
    .normalize("NFKD")
    .replace(/[^\w\s-]/g, "")
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, "-");
  let id = plain || "section";
  for (let n = 2; ids.has(id); n++) id = `${plain || "section"}-${n}`;
  ids.add(id);
  return id;
}

function createRenderer(): MarkdownIt {
  const md = new MarkdownIt({
    html: false,
    linkify: false,
    typographer: true,
    highlight: (text, lang) => highlight(text, lang),
  });
  md.use(blockFormula).use(inlineFormula);
  md.renderer.rules.formula = (tokens, i, _options, context) => formula(tokens[i].content, false, context);
  md.renderer.rules.formula_block = (tokens, i, _options, context) =>
    `<div class="formula">${formula(tokens[i].content, true, context)}</div>\n`;
  md.renderer.rules.heading_open = (tokens, i, options, context: MarkdownContext) => {
    const inline = tokens[i + 1];
    const id = slug(inline.content.replace(/[$\\]/g, ""), context.ids);
    context.headings.push({
      level: Number(tokens[i].tag.slice(1)),
      id,
      html: md.renderer.renderInline(inline.children ?? [], options, context),
    });
    return `<${tokens[i].tag} id="${id}">`;
  };
  // A line of code that is wider than a phone is scrolled, by the keyboard too.
  const fence = md.renderer.rules.fence as NonNullable<typeof md.renderer.rules.fence>;
  md.renderer.rules.fence = (...args) => fence(...args).replace(/^<pre>/, '<pre tabindex="0">');
  md.renderer.rules.code_block = (tokens, i) =>
    `<pre tabindex="0"><code>${escapeHtml(tokens[i].content)}</code></pre>\n`;
  const table = md.renderer.renderToken.bind(md.renderer);
  md.renderer.rules.table_open = (tokens, i, options) => `<div class="scroll">${table(tokens, i, options)}`;
  md.renderer.rules.table_close = (tokens, i, options) => `${table(tokens, i, options)}</div>`;
  // An empty corner heads nothing: a reader by ear would be told of a heading without words.
  const empty = (tokens: readonly { content: string }[], inline: number) =>
    tokens[inline]?.content.trim() === "";
  md.renderer.rules.th_open = (tokens, i, options) =>
    empty(tokens, i + 1) ? "<td>" : table(tokens, i, options);
  md.renderer.rules.th_close = (tokens, i, options) =>
    empty(tokens, i - 1) ? "</td>" : table(tokens, i, options);
  // A picture from elsewhere would be a request: only pictures inside of the page are shown, others become links.
  md.renderer.rules.image = (tokens, i) => {
    const source = tokens[i].attrGet("src") ?? "";
    const text = escapeHtml(tokens[i].content);
    if (source.startsWith("data:image/")) return `<img src="${escapeHtml(source)}" alt="${text}">`;
    return `<a href="${escapeHtml(source)}">${text || escapeHtml(source)}</a>`;
  };
  return md;
}

const renderer = createRenderer();

/** Markdown with formulas as HTML; raw HTML in it is shown as text. */
export function renderMarkdown(source: string, context: MarkdownContext = newContext()): string {
  return renderer.render(source, context);
}

/** Markdown of a single line, without a paragraph around it. */
export function renderInline(source: string, context: MarkdownContext = newContext()): string {
  return renderer.renderInline(source, context);
}
