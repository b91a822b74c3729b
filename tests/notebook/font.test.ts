import { test } from "uvu";
import * as assert from "uvu/assert";
import { Resvg } from "@resvg/resvg-js";
import { fontFiles, textWidth } from "../../packages/notebook/dist/font";

/** What resvg draws: the right edge of a text that ends in a full block, whose ink fills its advance. */
function drawnWidth(text: string, size: number, weight: string): number {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="100">` +
    `<text x="0" y="60" font-family="DejaVu Sans" font-size="${size}" font-weight="${weight}">█${text}█</text></svg>`;
  const box = new Resvg(svg, { font: { loadSystemFonts: false, fontFiles: [...fontFiles] } }).getBBox();
  return box ? box.width : NaN;
}

for (const weight of ["normal", "bold"]) {
  test(`${weight} text is as wide as resvg draws it`, () => {
    for (const text of ["affine pieces", "regions (count)", "∂f/∂x ≤ 2ⁿ · αβγ", "0.0001, 16,384"]) {
      const expected = drawnWidth(text, 20, weight);
      const width = textWidth(`█${text}█`, 20, weight === "bold");
      // Kerning moves a pair or two, and the block's ink reaches a little beyond its advance.
      assert.ok(Math.abs(width - expected) < 0.02 * expected + 1, `${text}: ${width} against ${expected}`);
    }
  });
}

test("width grows with the size and adds up", () => {
  assert.is(textWidth("ab", 24), 2 * textWidth("ab", 12));
  assert.ok(Math.abs(textWidth("ab", 12) - textWidth("a", 12) - textWidth("b", 12)) < 1e-12);
  assert.is(textWidth("", 12), 0);
});

test.run();
