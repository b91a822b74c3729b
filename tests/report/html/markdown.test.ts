import { test } from "uvu";
import * as assert from "uvu/assert";
import { renderMarkdown } from "@relu-lab/report";

test("formulas in a line and as a block are set", () => {
  assert.match(
    renderMarkdown("The map $f(x) = 2x$ folds."),
    /The map <span class="katex">[^]*<\/span> folds\./,
  );
  assert.match(renderMarkdown("$$\n\\begin{cases} 2x & x \\le 1 \\\\ 0 \\end{cases}\n$$"), 'class="formula"');
  assert.match(renderMarkdown("$$a$$"), "katex-display");
});

test("prices and code are no formulas", () => {
  assert.not.match(renderMarkdown("It costs $5 or $6."), "katex");
  assert.not.match(renderMarkdown("`$x$`"), "katex");
  assert.not.match(renderMarkdown("costs \\$5 and 6\\$"), "katex");
});

test("underscores and stars inside of a formula do not make emphasis", () => {
  const html = renderMarkdown("$a_1 * b_1$ and $a_2 * b_2$");
  assert.not.match(html, "<em>");
});

test("a formula that cannot be set is shown as it is", () => {
  assert.match(renderMarkdown("$\\nonsense{$"), "nonsense");
});

test("HTML in markdown is text", () => {
  assert.not.match(renderMarkdown("<script>alert(1)</script> <img src=x onerror=1>"), /<script|<img/);
});

test("a picture from elsewhere becomes a link: a page asks for nothing", () => {
  const html = renderMarkdown("![a chart](https://x.example/a.png)");
  assert.not.match(html, "<img");
  assert.match(html, '<a href="https://x.example/a.png">a chart</a>');
});

test("headings get ids, each its own", () => {
  const html = renderMarkdown("## The $2^n$ law\n\n## Check\n\n## Check");
  assert.match(html, 'id="the-2n-law"');
  assert.match(html, 'id="check"');
  assert.match(html, 'id="check-2"');
});

test("code can be scrolled by the keyboard", () => {
  for (const source of ["```python\na < b\n```", "```\na < b\n```", "    a < b"])
    assert.match(renderMarkdown(source), /^<pre tabindex="0"><code[^>]*>a &lt; b\n?<\/code><\/pre>/, source);
});

test("an empty corner of a table is no heading", () => {
  const html = renderMarkdown("| | b |\n| --- | ---: |\n| c | d |");
  assert.match(html, /<tr>\s*<td><\/td>\s*<th style="text-align:right">b<\/th>\s*<\/tr>/);
});

test.run();
