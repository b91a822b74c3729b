import { test } from "uvu";
import * as assert from "uvu/assert";
import { textParts } from "../../../packages/report/src/html/markdown-text";

test("a text is cut at its headings, marks are taken away", () => {
  const source =
    "Above.\n\n## The $2^n$ pieces\n\n*Each* [fold](https://x.example) `doubles`:\n\n$$\\left(1 - x\\right)$$";
  assert.equal(textParts(source), [
    { title: null, text: "Above." },
    { title: "The 2^n pieces", text: "Each fold doubles: (1 - x)" },
  ]);
});

test("formulas become words and signs", () => {
  const [{ text }] = textParts("On $x_1, \\dots, x_{n-1} \\in \\mathbb{R}^d$, $\\sigma(z) \\le 1$.");
  assert.is(text, "On x_1, …, x_n-1 ∈ R^d, σ(z) ≤ 1.");
});

test("a number sign inside of a fence is no heading; a heading without words below stays", () => {
  assert.equal(textParts("# One\n```sh\n# not a heading\n```\n## Two"), [
    { title: "One", text: "not a heading" },
    { title: "Two", text: "" },
  ]);
});

test.run();
