import { escapeHtml } from "./escape";

// What a table, a bar and words need. Anything else in an output's HTML loses its tag; the words stay.
const allowedTags = new Set(
  (
    "a abbr b br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img " +
    "ins kbd li mark meter ol p pre progress q s samp section small span strong sub summary sup table tbody td tfoot " +
    "th thead time tr u ul var"
  ).split(" "),
);
const emptyTags = new Set(["br", "hr", "img", "col"]);
// These go with all that is inside of them.
const droppedContent =
  /<(script|style|template|iframe|object|embed|noscript|svg|math|textarea|title|head)\b(?:"[^"]*"|'[^']*'|[^"'<>])*>[^]*?(?:<\/\1\s*>|$)/gi;
const allowedAttributes = new Set(
  "alt aria-hidden aria-label aria-valuemax aria-valuemin aria-valuenow class colspan datetime height high href low max min open optimum role rowspan scope src start style title value width".split(
    " ",
  ),
);
// Layout only: colours and fonts are the page's, which knows light from dark.
const allowedStyles = new Set([
  "text-align",
  "vertical-align",
  "white-space",
  "font-weight",
  "font-style",
  "width",
  "max-width",
  "min-width",
  "height",
]);

function safeStyle(style: string): string {
  return style
    .split(";")
    .map((part) => part.split(":").map((side) => side.trim()))
    .filter(([name, value, more]) => value && more === undefined && allowedStyles.has(name.toLowerCase()))
    .filter(([, value]) => /^[\w\s.%+-]+$/.test(value))
    .map(([name, value]) => `${name.toLowerCase()}:${value}`)
    .join(";");
}

function decodeEntities(text: string): string {
  const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal, hex, name) => {
    const code = decimal ? Number(decimal) : hex ? parseInt(hex, 16) : NaN;
    if (code <= 0x10ffff) return String.fromCodePoint(code);
    return named[name?.toLowerCase()] ?? all;
  });
}

function safeAttribute(name: string, value: string): string | null {
  if (!allowedAttributes.has(name)) return null;
  if (name === "src")
    return /^data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=\s]*$/.test(value) ? value : null;
  if (name === "href") return /^(?:https?:\/\/|#|[\w./-]+\.html(?:#|$))/i.test(value) ? value : null;
  if (name === "style") return safeStyle(value) || null;
  return value;
}

function safeTag(name: string, attributes: string): string {
  const kept: string[] = [];
  for (const match of attributes.matchAll(
    /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g,
  )) {
    const attribute = match[1].toLowerCase();
    const value = safeAttribute(attribute, decodeEntities(match[2] ?? match[3] ?? match[4] ?? ""));
    if (value !== null && !kept.some((k) => k.startsWith(` ${attribute}=`))) {
      kept.push(` ${attribute}="${escapeHtml(value)}"`);
    }
  }
  return `<${name}${kept.join("")}>`;
}

/**
 * HTML from a notebook's output made harmless: an allow-list of tags, attributes and layout styles; no script, no
 * style sheet, no address that a page would fetch. Tags left open are closed.
 */
export function sanitiseHtml(html: string): string {
  const source = html.replace(/<!--[^]*?(?:-->|$)/g, "").replace(droppedContent, "");
  const open: string[] = [];
  let out = "";
  let at = 0;
  const text = (to: number) => escapeHtml(decodeEntities(source.slice(at, to)));
  for (const match of source.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|'[^']*'|[^"'<>])*)>/gi)) {
    out += text(match.index ?? 0);
    at = (match.index ?? 0) + match[0].length;
    const name = match[2].toLowerCase();
    if (!allowedTags.has(name)) continue;
    if (match[1]) {
      if (!open.includes(name)) continue;
      for (let last = ""; last !== name;) out += `</${(last = open.pop() as string)}>`;
    } else {
      out += safeTag(name, match[3]);
      if (!emptyTags.has(name)) open.push(name);
    }
  }
  out += text(source.length);
  return (
    out +
    open
      .reverse()
      .map((name) => `</${name}>`)
      .join("")
  );
}
