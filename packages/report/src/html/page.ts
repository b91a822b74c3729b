import { asset, chartLibrary, katexStyle, packed, scriptDigest, searchScript, styleSheet } from "./assets";
import { escapeHtml } from "./escape";
import type { SearchEntry } from "./search-index";

/** The parts of a page. */
export interface Page {
  title: string;
  /** HTML of the whole body. */
  body: string;
  /** What the search finds, on all pages of the report. */
  index: readonly SearchEntry[];
  /** For a page that computes: its own script, and styles after the others. It may start workers and WebAssembly. */
  program?: { readonly script: string; readonly style: string };
}

/**
 * A whole page in one file. Its content security policy names the digests of its own scripts and no address at all:
 * nothing else runs, nothing is compiled from text (vega interprets its expressions), and nothing is fetched.
 */
export function renderPage({ title, body, index, program }: Page): string {
  const charts = body.includes('class="spec"') ? chartLibrary() : undefined;
  const early = asset("bar.js").trim(); // before anything is drawn, so that nothing flashes
  const drawing = charts ? ["downloads.js", "charts.js"].map((name) => asset(name).trim()) : [];
  const library = charts
    ? `<script type="application/gzip" id="chart-library">${charts.text}</script>\n`
    : "";
  const scripts = [
    asset("unpack.js").trim(),
    ...drawing,
    searchScript(),
    ...["search.js", "scrollers.js"].map((name) => asset(name).trim()),
    ...(program ? [program.script] : []),
  ];
  const allowed = [...[early, ...scripts].map(scriptDigest), ...(charts ? [charts.digest] : [])].join(" ");
  const policy = [
    "default-src 'none'",
    "img-src data: blob:",
    "font-src data:",
    "style-src 'unsafe-inline'",
    `script-src ${allowed}${program ? " 'wasm-unsafe-eval'" : ""}`,
    ...(program ? ["worker-src blob:"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<script>${early}</script>
<style>${katexStyle(body)}${styleSheet()}${program?.style ?? ""}</style>
</head>
<body>
${body}
<script type="application/gzip" id="search-index">${packed(JSON.stringify(index))}</script>
${library}${scripts.map((text) => `<script>${text}</script>`).join("\n")}
</body>
</html>
`;
}
