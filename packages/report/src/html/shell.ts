import type { SectionState } from "../run/record";
import { escapeHtml } from "./escape";
import { renderInline } from "./markdown";
import type { Site } from "./site";

/** The page of the explorer. */
export const explorerFile = "explorer.html";

/** A section's title as plain text, its number in front. */
export function plainTitle({ section, title }: SectionState): string {
  const words = title.replace(/[$*_`\\]/g, "");
  return section.number ? `${Number(section.number)}. ${words}` : words;
}

function menuItem(state: SectionState, current: string): string {
  const number = `<span class="number">${escapeHtml(state.section.number ? String(Number(state.section.number)) : "·")}</span>`;
  const here = state.section.name === current ? ' aria-current="page"' : "";
  return `<li><a href="${escapeHtml(state.section.name)}.html"${here}>${number} <span>${renderInline(state.title)}</span></a></li>`;
}

/**
 * What stands on top of every page: the way home, the menu of sections, the search and the choice of colours. The
 * last two need scripts and are hidden without them; the menu is a plain list that folds.
 * @param shown the sections that have a page
 * @param current the name of the section that the page is of; "" for the first page, {@link explorerFile} for the explorer
 */
export function topBar(shown: readonly SectionState[], current: string, site: Site): string {
  const explorer = site.explorer
    ? `<a class="explore" href="${explorerFile}"${current === explorerFile ? ' aria-current="page"' : ""}>Explorer</a>`
    : "";
  const home = `<a class="home" href="index.html"${current === "" ? ' aria-current="page"' : ""}>${escapeHtml(site.title)}</a>`;
  const menu = shown.length
    ? `<details class="menu"><summary>Sections</summary><nav aria-label="All sections"><ol>${shown.map((state) => menuItem(state, current)).join("")}</ol></nav></details>`
    : "";
  return `<a class="skip" href="#main">Skip to the text</a>
<header class="site"><div class="bar">${home}${menu}${explorer}<button type="button" class="open-search" hidden>Search</button><button type="button" class="theme" hidden>Colours</button></div></header>
<dialog class="search" aria-label="Search the report"><form method="dialog"><input type="search" aria-label="Search all sections" placeholder="Search all sections" autocomplete="off" spellcheck="false"><button type="submit" value="close">Close</button></form><p class="found" role="status"></p><ol class="results"></ol></dialog>`;
}
