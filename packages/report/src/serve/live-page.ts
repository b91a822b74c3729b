import { asset, scriptDigest } from "../html/assets";

/**
 * A page of the report with the script that tells of runs and reloads it. Only what is served has it: the page on
 * disk asks nothing of anybody.
 */
export function livePage(html: string): string {
  const script = asset("live.js").trim();
  return html
    .replace("default-src 'none'", "default-src 'none'; connect-src 'self'")
    .replace("script-src ", `script-src ${scriptDigest(script)} `)
    .replace("</body>", () => `<script>${script}</script>\n</body>`);
}
