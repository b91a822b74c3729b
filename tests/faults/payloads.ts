/// <reference lib="dom" />
// Texts that run, load or lead somewhere wherever they are taken for HTML, a script, a link or a style; all do the same:
// set `ran` in the page and ask for an address outside.
import * as assert from "uvu/assert";
import type { Page } from "playwright-core";
import type { Visit } from "../report/browser";

const outside = "http://evil.example/";
const script = `top.ran=1;fetch('${outside}script')`;

export const payloads: readonly string[] = [
  `<script>${script}</script>`,
  `</script><script>${script}</script>`,
  `<img src="${outside}image" onerror="${script}">`,
  `"><svg onload="${script}"></svg>`,
  `'><svg/onload=${script}>`,
  `<iframe srcdoc="<script>${script}</script>"></iframe>`,
  `<iframe src="javascript:${script}"></iframe>`,
  `<style>@import url(${outside}style); * { background: url(${outside}ground) }</style>`,
  `<link rel="stylesheet" href="${outside}link">`,
  `<meta http-equiv="refresh" content="0;url=${outside}refresh">`,
  `<base href="${outside}">`,
  `<object data="${outside}object"></object>`,
  `<embed src="${outside}embed">`,
  `<form action="${outside}form"><button class="bait">press</button></form>`,
  `<a class="bait" href="javascript:${script}">press</a>`,
  `[press](javascript:top.ran=1)`,
  `![a](${outside}markdown)`,
  `<details open ontoggle="${script}">a</details>`,
  `<input autofocus onfocus="${script}">`,
  `<b onmouseover="${script}">touch</b>`,
  `$\\href{javascript:top.ran=1}{press}$`,
  `<math><mtext><table><mglyph><style><img src=x onerror="${script}">`,
  `<noscript><p title="</noscript><img src=x onerror=${script}>">`,
  `javascript:${script}`,
  `\${top.ran=1}`,
  `{{top.ran=1}}`,
  `&lt;script&gt;${script}&lt;/script&gt;`,
];

/** One text with all of them. */
export const everything = payloads.join(" ");

/** Goes over the page with the pointer and presses what asks to be pressed; asserts that nothing ran and nothing left. */
export async function harmlessPage(
  { page, complaints, requests }: Visit,
  expected: RegExp = /^$/,
): Promise<void> {
  await page.evaluate(() => {
    for (const element of document.querySelectorAll("body *")) {
      for (const kind of ["mouseover", "mousemove", "focus"])
        element.dispatchEvent(new MouseEvent(kind, { bubbles: true }));
      const link = element.closest("a, button.bait");
      if (link?.matches("a[href^='javascript' i], .bait")) (link as HTMLElement).click();
    }
  });
  await page.waitForTimeout(300);
  assert.is(await ran(page), undefined, "a script of the text ran");
  assert.equal(
    requests.filter((url) => !expected.test(url)),
    [],
  );
  assert.equal(complaints, []);
}

export const ran = (page: Page): Promise<unknown> =>
  page.evaluate(() => (window as unknown as { ran: unknown }).ran);
