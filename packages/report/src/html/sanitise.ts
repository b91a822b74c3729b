import sanitize from "sanitize-html";
import { escapeHtml } from "./escape";

// What a table, a bar and words need. Anything else in an output's HTML loses its tag; the words stay.
const allowedTags = (
  "a abbr b br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img " +
  "ins kbd li mark meter ol p pre progress q s samp section small span strong sub summary sup table tbody td tfoot " +
  "th thead time tr u ul var"
).split(" ");
// These go with all that is inside of them.
const nonTextTags =
  "script style template iframe object embed noscript svg math textarea title head option xmp noembed noframes plaintext".split(
    " ",
  );
const allowedAttributes = (
  "alt aria-hidden aria-label aria-valuemax aria-valuemin aria-valuenow class colspan datetime height high href low " +
  "max min open optimum role rowspan scope src start style title value width"
).split(" ");
// Layout only: colours and fonts are the page's, which knows light from dark.
const layout =
  "text-align vertical-align white-space font-weight font-style width max-width min-width height".split(" ");
const addresses: Record<string, RegExp> = {
  src: /^data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=\s]*$/,
  href: /^(?:https?:\/\/|#|[\w./-]+\.html(?:#|$))/i,
};

const options: sanitize.IOptions = {
  allowedTags,
  nonTextTags,
  allowedAttributes: { "*": allowedAttributes },
  allowedSchemes: ["http", "https"],
  allowedSchemesByTag: { img: ["data"] },
  allowProtocolRelative: false,
  allowedStyles: { "*": Object.fromEntries(layout.map((name) => [name, [/^[\w\s.%+-]+$/]])) },
  transformTags: {
    "*": (tagName, attributes) => ({
      tagName,
      attribs: Object.fromEntries(
        Object.entries(attributes).filter(([name, value]) => addresses[name]?.test(value) ?? true),
      ),
    }),
  },
};

const emptyTags = new Set(["br", "hr", "img", "col"]);
/** The parser's time grows with the square of the depth: HTML with more tags open at once is shown as text. */
const mostOpen = 10_000;

/** The most tags that can be open at once: an upper bound, for a tag may close others. */
function depthOf(html: string): number {
  const open = new Map<string, number>();
  let [depth, deepest] = [0, 0];
  for (const [, slash, tag] of html.matchAll(/<(\/?)([a-z][^\s/>]*)/gi)) {
    const name = tag.toLowerCase();
    const count = open.get(name) ?? 0;
    if (emptyTags.has(name) || (slash && count === 0)) continue;
    const change = slash ? -1 : 1;
    open.set(name, count + change);
    deepest = Math.max(deepest, (depth += change));
  }
  return deepest;
}

/**
 * HTML from a notebook's output made harmless: an allow-list of tags, attributes and layout styles; no script, no
 * style sheet, no address that a page would fetch. Tags left open are closed.
 */
export const sanitiseHtml = (html: string): string =>
  depthOf(html) > mostOpen ? escapeHtml(html) : sanitize(html, options);
