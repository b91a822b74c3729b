// A small report with everything in it that a visitor can use: two sections, a chart, a chart of pictures, claims.
import * as fs from "node:fs";
import * as path from "node:path";
import { reportCommand } from "@relu-lab/report";
import { captured, notebookOf, repositoryWith, type Source } from "../fixtures";

/** A picture of one pixel. */
export const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** The source of a cell that shows a chart as the notebook package does. */
export function chartCell(spec: object): string {
  return `
const insideOf = Object.keys(require.cache).find((name) => name.endsWith("jupyter.js")) as string;
(require.cache[insideOf] as any).exports.lastWriteDisplayData({ data: {
  "application/vnd.vegalite.v5+json": ${JSON.stringify(spec)}, "image/png": "${pixel}", "text/plain": "chart",
}, metadata: { "image/png": { width: 300, height: 150 } }, transient: {} } as any, false);`;
}

export const doubling = {
  title: { text: "Doubling", subtitle: 'Twice, "exactly"' },
  description: "A rising line",
  width: 500,
  height: 200,
  data: {
    values: [
      { n: 1, pieces: 2, name: 'a "b", c' },
      { n: 2, pieces: 4, name: "d" },
    ],
  },
  mark: { type: "line", point: true, color: "black" },
  encoding: {
    x: { field: "n", type: "quantitative", title: "maps" },
    y: { field: "pieces", type: "quantitative", title: "pieces" },
  },
};
export const digits = {
  title: "Digits",
  description: "One picture",
  width: 200,
  height: 100,
  data: { values: [{ url: `data:image/png;base64,${pixel}`, x: 1, y: 2 }] },
  mark: { type: "image", width: 50, height: 50 },
  encoding: {
    url: { field: "url", type: "nominal" },
    x: { field: "x", type: "quantitative", title: "x" },
    y: { field: "y", type: "quantitative", title: "y" },
  },
};

/** The source of a cell with one claim. */
export const claimCell = (id: string, statement: string) => `
require("tslab").display.raw("application/vnd.relu-lab.claims+json", {
  claims: [{ id: "${id}", statement: "${statement}", source: "Telgarsky 2015", expected: 1024, measured: 1023.5,
    spread: 0.25, trials: 7, rule: "equal within one", verdict: "reproduced" }],
  provenance: { seed: 11, data: "toy data", backend: "doubles", versions: { lab: "1.2.3" } },
} as any);`;

const filler = Array.from(
  { length: 30 },
  (_, i) => `Paragraph ${i + 1} fills the page so that it can be scrolled.`,
);
export const folding = notebookOf([
  "# 1. Folding the interval\\n\\nA paper is folded.".replace(/\\n/g, "\n"),
  { source: "const seed = 11;", tags: ["parameters"] },
  "## The mirror map\n\nIt folds $x \\mapsto 1 - |2x - 1|$, a *kaleidoscope*.",
  chartCell(doubling),
  `## Details\n\n${filler.join("\n\n")}`,
  chartCell(digits).replace(/insideOf/g, "insideOf2"),
  "## What was found",
  claimCell("folding/pieces", "Each fold doubles the pieces"),
] as Source[]);
folding.cells[3].metadata.relu_lab = { figure: "first-page" };
export const learning = notebookOf([
  "# 2. Learning\n\nTraining goes downhill.",
  "## Momentum\n\nThe zephyr of optimisation.",
  claimCell("learning/none", "Nothing is learnt"),
]);

/** Runs the example's notebooks in a new folder; the folder of the report, and that of the repository. */
export async function exampleReport(): Promise<{ root: string; file: (name: string) => string }> {
  const root = repositoryWith({ "01-folding": folding, "02-learning": learning });
  fs.writeFileSync(
    path.join(root, "notebooks", "site.json"),
    JSON.stringify({ title: "Example", question: "What is found?", introduction: "A small report." }),
  );
  const { result, text } = await captured(() => reportCommand(["--jobs", "1"], root));
  if (result !== 0) throw new Error(text);
  return { root, file: (name) => path.join(root, "report", name) };
}
