import type { SectionState } from "../run/record";
import { asset, explorerScript } from "./assets";
import type { Page } from "./page";
import type { SearchEntry } from "./search-index";
import { explorerFile, topBar } from "./shell";
import type { Site } from "./site";

/** A link to a section that has no page yet becomes its words. */
function linked(html: string, shown: readonly SectionState[]): string {
  const there = new Set(shown.map(({ section }) => `${section.name}.html`));
  return html.replace(/<a href="([^"]+)">(.*?)<\/a>/gs, (link, file: string, words: string) =>
    there.has(file) ? link : words,
  );
}

/** What the search finds of the explorer: its parts, each with its first words. */
function searchEntries(html: string): SearchEntry[] {
  const words = (text: string) =>
    text
      .replace(/<sup>/g, "^")
      .replace(/<[^>]*>/g, "")
      .replace(/\s+/g, " ")
      .trim();
  return [...html.matchAll(/<h2 id="([^"]+)">(.*?)<\/h2>\s*<p>(.*?)<\/p>/gs)].map(([, id, title, text]) => ({
    href: `${explorerFile}#${id}`,
    kind: "text",
    section: "Explorer",
    title: words(title),
    text: words(text),
    code: "",
  }));
}

/** The explorer: networks that are changed, trained and looked at in the page itself, their regions counted exactly. */
export function explorerPage(
  shown: readonly SectionState[],
  site: Site,
): Page & { file: string; notes: string[] } {
  const parts = asset("explorer/explorer.html");
  const body = `${topBar(shown, explorerFile, site)}
<div class="columns explorer"><main id="main">
${linked(parts, shown)}
</main></div>
<script type="text/plain" id="explorer-worker">${explorerScript("worker")}</script>
<script type="application/json" id="explorer-digits">${asset("explorer/digits.json").trim()}</script>`;
  const program = { script: explorerScript("page"), style: asset("style/explorer.css") };
  const index = searchEntries(parts);
  return { file: explorerFile, index, title: `Explorer · ${site.title}`, body, program, notes: [] };
}
