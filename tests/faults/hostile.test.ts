// Names and texts that hold HTML or script, in every place of a notebook: none becomes an element or an attribute.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { findSections, renderMarkdown, sanitiseHtml } from "@relu-lab/report";
import { renderOutput, type PageContext } from "../../packages/report/src/html/output";
import { newContext } from "../../packages/report/src/html/markdown";
import { PageIndex } from "../../packages/report/src/html/search-index";
import { claimsBundle } from "../../packages/notebook/src/claims";
import { tableBundle } from "../../packages/notebook/src/table";

const context = (): PageContext => ({
  ...newContext(),
  figures: 0,
  index: new PageIndex("a.html", "a"),
  name: "a",
});
const payloads = [
  "<script>x()</script>",
  "<img src=x onerror=x()>",
  '"><img/src=x/onerror=x()>',
  "'><svg/onload=x()>",
  "</script><script>x()</script>",
  "<!--<script>",
  "]]><b onclick=x()>",
  "javascript:x()",
  "[a](javascript:x())",
  "![a](https://x.example/a.png)",
  "<iframe srcdoc=x>",
  "`<b onclick=x()>`",
  "&lt;script&gt;",
  "&#60;script&#62;",
  "$\\href{javascript:x()}{a}$",
  "$\\htmlClass{a}{b}$",
  "<a href=jav&#x09;ascript:x()>a</a>",
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...payloads), fc.string({ unit: "grapheme-ascii", maxLength: 12 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(""));

/** The tags of a piece of HTML with their attributes, quotes respected as a browser does. */
function tagsOf(html: string): { name: string; attributes: Record<string, string> }[] {
  const withoutData = html.replace(/<script type="application\/json"[^>]*>[^<]*<\/script>/g, "");
  return [...withoutData.matchAll(/<([a-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/gi)].map(
    ([, name, rest]) => ({
      name: name.toLowerCase(),
      attributes: Object.fromEntries(
        [...rest.matchAll(/([^\s"'=/>]+)(?:=(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/g)].map((m) => [
          m[1].toLowerCase(),
          m[2] ?? m[3] ?? m[4] ?? "",
        ]),
      ),
    }),
  );
}

function harmless(html: string): void {
  for (const { name, attributes } of tagsOf(html)) {
    assert.not.ok(
      /^(script|iframe|object|embed|svg|style|link|form|input|base|meta)$/.test(name) &&
        !html.includes("katex"),
      `<${name}> in ${html}`,
    );
    for (const [attribute, value] of Object.entries(attributes)) {
      assert.not.match(attribute, /^on|srcdoc|formaction/, html);
      if (/^(href|src|action)$/.test(attribute)) {
        assert.not.match(value.replace(/&[^;]*;|\s/g, ""), /^(javascript|vbscript|data:text)/i, html);
        if (attribute === "src") assert.match(value, /^data:image\//, html);
      }
    }
  }
}

const runs = Number(process.env.RELU_LAB_FUZZ ?? 500);
const each = (check: (text: string) => void) =>
  fc.assert(fc.property(hostile, check), {
    numRuns: Math.min(runs, 5000),
    seed: 1,
    includeErrorInReport: true,
  });

test("markdown", () => each((text) => harmless(renderMarkdown(text))));
test("a cell's HTML", () => each((text) => harmless(sanitiseHtml(`<p class="${text}">${text}</p>`))));

for (const type of [
  "text/plain",
  "text/html",
  "text/markdown",
  "text/latex",
  "image/png",
  "image/svg+xml",
  "image/gif",
  "application/json",
]) {
  test(`an output of the type ${type}`, () =>
    each((text) =>
      harmless(
        renderOutput(
          { output_type: "display_data", data: { [type]: text, "text/plain": text }, metadata: {} },
          context(),
        ),
      ),
    ));
}

test("a chart: its title, description, data, pictures", () =>
  each((text) => {
    const spec = {
      title: { text, subtitle: [text] },
      description: text,
      data: { values: [{ [text]: text, url: `data:image/png;base64,${text}` }] },
    };
    const data = { "application/vnd.vegalite.v5+json": spec, "image/png": text, "text/plain": text };
    const html = renderOutput(
      { output_type: "display_data", data, metadata: { "image/png": { width: text } } },
      context(),
    );
    harmless(html);
    assert.is(html.match(/<\/script/g)?.length, 1, "the specification ends where it should");
  }));

test("a chart whose title is no text is drawn without one", () => {
  for (const title of [null, 5, { text: 5 }, { text: { toString: 1 } }, [null]]) {
    const data = { "application/vnd.vegalite.v5+json": { title } };
    assert.match(renderOutput({ output_type: "display_data", data, metadata: {} }, context()), /<figure/);
  }
});

test("claims and tables that the notebook package makes, as JupyterLab and as the report show them", () =>
  each((text) => {
    const said = `x${text}`;
    const claim = {
      id: "a/b",
      statement: said,
      source: said,
      expected: said,
      measured: said,
      rule: said,
      holds: true,
    };
    const table = tableBundle([{ [said]: text, n: 1 }], { caption: text });
    for (const bundle of [claimsBundle([claim], { data: text }), table]) {
      harmless(String(bundle["text/html"]));
      harmless(renderOutput({ output_type: "display_data", data: bundle, metadata: {} }, context()));
    }
  }));

test("streams and errors", () =>
  each((text) => {
    harmless(renderOutput({ output_type: "stream", name: "stdout", text }, context()));
    harmless(renderOutput({ output_type: "error", ename: text, evalue: text, traceback: [] }, context()));
  }));

test("HTML made to be slow to clean is cleaned in its length's time", () => {
  for (const part of ["<a ", "<script", "<a '", "<!--", "<svg", "</p>", "&#", "<p><b>"])
    assert.type(sanitiseHtml(part.repeat(200_000)), "string");
});

test("a notebook whose name would be an address of its own is refused", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-names-"));
  fs.writeFileSync(path.join(folder, "javascript:alert(1).ipynb"), "{}");
  assert.throws(() => findSections(folder), /javascript:alert\(1\).*rename it/);
  fs.rmSync(folder, { recursive: true });
});

test.run();
