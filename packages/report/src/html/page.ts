import { asset, katexStyle, scriptDigest, vegaScript } from "./assets";
import { escapeHtml } from "./escape";

/** The parts of a page. */
export interface Page {
  title: string;
  /** HTML of the whole body. */
  body: string;
}

/**
 * A whole page in one file. Its content security policy names the digests of its own scripts and no address at all:
 * nothing else runs, and nothing is fetched. ('unsafe-eval' is for vega, which compiles its expressions.)
 */
export function renderPage({ title, body }: Page): string {
  const charts = body.includes('class="spec"');
  const scripts = charts ? [vegaScript(), asset("charts.js").trim()] : [];
  const allowed = scripts.map(scriptDigest).join(" ");
  const policy = [
    "default-src 'none'",
    "img-src data:",
    "font-src data:",
    "style-src 'unsafe-inline'",
    `script-src ${charts ? `${allowed} 'unsafe-eval'` : "'none'"}`,
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
<style>${katexStyle(body)}${asset("page.css")}</style>
</head>
<body>
${body}
${scripts.map((text) => `<script>${text}</script>`).join("\n")}
</body>
</html>
`;
}
