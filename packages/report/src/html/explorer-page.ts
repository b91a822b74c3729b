import type { SectionState } from "../run/record";
import { asset, explorerScript } from "./assets";
import type { Page } from "./page";
import { explorerFile, topBar } from "./shell";
import type { Site } from "./site";

/** A link to a section that has no page yet becomes its words. */
function linked(html: string, shown: readonly SectionState[]): string {
  const there = new Set(shown.map(({ section }) => `${section.name}.html`));
  return html.replace(/<a href="([^"]+)">(.*?)<\/a>/gs, (link, file: string, words: string) =>
    there.has(file) ? link : words,
  );
}

/** The explorer: networks that are changed, trained and looked at in the page itself, their regions counted exactly. */
export function explorerPage(
  shown: readonly SectionState[],
  site: Site,
): Omit<Page, "index"> & { file: string; notes: string[] } {
  const body = `${topBar(shown, explorerFile, site)}
<div class="columns explorer"><main id="main">
${linked(asset("explorer/explorer.html"), shown)}
</main></div>
<script type="text/plain" id="explorer-worker">${explorerScript("worker")}</script>
<script type="application/json" id="explorer-digits">${asset("explorer/digits.json").trim()}</script>`;
  const program = { script: explorerScript("page"), style: asset("style/explorer.css") };
  return { file: explorerFile, title: `Explorer · ${site.title}`, body, program, notes: [] };
}
