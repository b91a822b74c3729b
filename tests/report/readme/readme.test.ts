// `npm run readme`: tables and pictures of the README from saved notebooks, on a repository made for the purpose; and
// whether this repository's own README is as its sources have it.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import * as prettier from "prettier";
import { readmeCommand, type Draw, type Notebook } from "@relu-lab/report";
import { drawSvg } from "../../../packages/notebook/dist/svg";
import { captured, notebookOf, repositoryWith } from "../fixtures";

const chartType = "application/vnd.vegalite.v5+json";
const claimsType = "application/vnd.relu-lab.claims+json";
const grey = "#000000";
const draw: Draw = (spec) => ({
  svg: `<svg><rect fill="white"/><path stroke="${grey}"/><path stroke="#0072b2"/>${JSON.stringify(spec).length}</svg>`,
  width: 300.4,
  height: 100,
});
const format = (markdown: string) => prettier.format(markdown, { parser: "markdown" });

const claim = (id: string, over: object = {}) => ({
  ...{ id, statement: `${id} holds`, source: "Somebody 2020", expected: 64, measured: 63.5, spread: 0.25 },
  ...{ trials: 10, rule: "equal", verdict: "reproduced", ...over },
});

/** A notebook as `--save` leaves it: a chart in c2, a bare picture in c3, claims in c4. */
function saved(claims: object[]): Notebook {
  const notebook = notebookOf(["# One", "chart()", "picture()", "claims()"], {
    relu_lab: { saved: { profile: "full" } },
  });
  const output = (data: Record<string, unknown>, metadata = {}) => [{ output_type: "display_data" as const, data, metadata }];
  const png = Buffer.from("a picture").toString("base64");
  notebook.cells[1].outputs = output({ [chartType]: { mark: "line", description: "Two <lines>" }, "image/png": png });
  notebook.cells[2].outputs = output({ "image/png": png }, { "image/png": { width: 480, alt: "A mosaic" } });
  notebook.cells[3].outputs = output({ [claimsType]: { claims, provenance: {} } });
  return notebook;
} // prettier-ignore

const readme = (blocks: string[]) =>
  `# Example\n\n[one](notebooks/01-one.ipynb) [two](notebooks/02-two.ipynb)\n\n${blocks
    .map((name) => `<!-- made: ${name} -->\n<!-- end: ${name} -->\n`)
    .join("\nBy hand.\n\n")}`;

function repository({ claims = [claim("a/one")], blocks = ["claims"], contents = {} } = {}): string {
  const root = repositoryWith({ "01-one": saved(claims), "02-two": notebookOf(["# Two", 'id: "b/later"']) });
  fs.writeFileSync(path.join(root, "README.md"), readme(blocks));
  const all = { texts: {}, claims: claims.map(({ id }) => id), rates: [], ...contents };
  fs.writeFileSync(path.join(root, "notebooks/readme.json"), JSON.stringify(all));
  return root;
}
const run = (root: string, ...words: string[]) =>
  captured(() => readmeCommand(words, root, { draw, format }));
const text = (root: string) => fs.readFileSync(path.join(root, "README.md"), "utf8");

test("the table shows section, claim, measurement with spread and verdict; a second run changes nothing", async () => {
  const root = repository({ claims: [claim("a/one"), claim("a/two", { spread: "a | b", measured: "2 of 2" }), claim("a/three", { spread: "none: counts" })] });
  assert.is((await run(root)).result, 0);
  const made = text(root);
  const rows = made.split("\n").filter((line) => line.startsWith("| [")).map((line) => line.replace(/ +/g, " "));
  assert.equal(rows, [
    "| [1](notebooks/01-one.ipynb) | a/one holds (Somebody 2020) | 64 | 63.5 ± 0.25 | ✓ reproduced |",
    "| [1](notebooks/01-one.ipynb) | a/two holds (Somebody 2020) | 64 | 2 of 2 (a \\| b) | ✓ reproduced |",
    "| [1](notebooks/01-one.ipynb) | a/three holds (Somebody 2020) | 64 | 63.5 | ✓ reproduced |",
  ]);
  assert.match(made, "All 3 claims of the notebooks: 3 reproduced, 0 in part, 0 not reproduced");
  assert.match(made, "their outputs are not saved: 02.");
  await run(root);
  assert.is(text(root), made);
}); // prettier-ignore

test("a claim that was not reproduced in full is in the table, chosen or not", async () => {
  const claims = [claim("a/one"), claim("a/two", { verdict: "reproduced in part" }), claim("a/three")];
  const root = repository({ claims, contents: { claims: ["a/one"] } });
  await run(root);
  assert.match(text(root), "a/one holds");
  assert.match(text(root), "◐ reproduced in part");
  assert.not.match(text(root), "a/three holds");
});

test("--check tells a README that drifted from its sources, and writes nothing", async () => {
  const root = repository();
  const before = text(root);
  assert.is((await run(root, "--check")).result, 1);
  assert.is(text(root), before);
  await run(root);
  const file = path.join(root, "notebooks/02-two.ipynb");
  fs.writeFileSync(file, JSON.stringify(saved([claim("b/later")])));
  assert.match((await run(root, "--check")).text, "stale: README.md");
  await run(root);
  assert.equal(await run(root, "--check"), { result: 0, text: "the READMEs and their pictures are as their sources have them\n" }); // prettier-ignore
  fs.writeFileSync(path.join(root, "README.md"), text(root).replace("63.5", "64.0"));
  assert.is((await run(root, "--check")).result, 1);
});

test("--check ends with 1 and says so when a notebook's outputs are not saved", async () => {
  const root = repository({ contents: { claims: ["a/one", "b/later"] } });
  await run(root);
  const { result, text: said } = await run(root, "--check");
  assert.is(result, 1);
  assert.match(said, "not saved: 02-two; npm run report -- 02-two --profile full --save");
});

test("names that exist nowhere are errors that say which", async () => {
  const fails = async (contents: object, blocks: string[], message: RegExp) => {
    try {
      await readmeCommand([], repository({ contents, blocks }), { draw, format });
    } catch (error) {
      return assert.match((error as Error).message, message);
    }
    assert.unreachable(String(message));
  };
  await fails({ claims: ["a/none"] }, ["claims"], /no notebook makes the claim "a\/none"/);
  await fails({ texts: { story: ["{a/none}"] } }, ["story"], /no notebook makes the claim "a\/none"/);
  await fails({ texts: { story: [{ figures: ["01-one/c9"] }] } }, ["story"], /01-one has no cell c9/);
  await fails({ texts: { story: [{ figures: ["01-one/c2#1"] }] } }, ["story"], /the cell has 1 pictures/);
  await fails({ texts: { story: ["x"] } }, ["claims"], /no markers for the text "story"/);
  await fails({}, ["story"], /readme\.json has no text "story"/);
  await fails(
    { rates: [{ what: "w", suite: "regions", row: "r" }] },
    ["rates"],
    /npm run bench -- regions --save/,
  );
});

test("a figure is drawn for light and dark pages; one without a specification is the saved picture", async () => {
  const texts = { story: ["Laps: {a/one}.", { figures: ["01-one/c2"] }, { figures: ["01-one/c2", "01-one/c3"] }] };
  const root = repository({ blocks: ["story"], contents: { texts } });
  fs.mkdirSync(path.join(root, "data/figures"), { recursive: true });
  fs.writeFileSync(path.join(root, "data/figures/old.svg"), "");
  await run(root);
  const file = (name: string) => fs.readFileSync(path.join(root, "data/figures", name), "utf8");
  assert.equal(fs.readdirSync(path.join(root, "data/figures")).sort(), ["01-one-c2-dark.svg", "01-one-c2.svg", "01-one-c3.png"]);
  assert.match(file("01-one-c2.svg"), 'stroke="#000000"');
  assert.match(file("01-one-c2-dark.svg"), '<rect fill="#0d1117"/><path stroke="#e6edf3"/><path stroke="#0072b2"/>');
  assert.is(file("01-one-c3.png"), "a picture");
  assert.match(text(root), 'Laps: 63.5.');
  assert.match(text(root), '<picture><source media="(prefers-color-scheme: dark)" srcset="data/figures/01-one-c2-dark.svg"><img src="data/figures/01-one-c2.svg" alt="Two &lt;lines&gt;" width="300"></picture>');
  assert.match(text(root), '<img src="data/figures/01-one-c3.png" alt="A mosaic" width="49%">');
}); // prettier-ignore

test("rates come from the kept benchmarks, with the row behind another one and a figure in the words", async () => {
  const root = repository({
    blocks: ["rates"],
    contents: {
      rates: [
        { what: "count ({net: regions} regions)", suite: "regions", row: "net: count" },
        { what: "both", suite: "regions", row: "second > over", over: "the other" },
      ],
    },
  });
  fs.mkdirSync(path.join(root, "data"), { recursive: true });
  const row = (name: string, value: number, unit: string, ratio: number | null = null) => ({ name, value, unit, ratio });
  const rows = [row("net: regions", 16192, "regions"), row("net: count", 3_823_456.7, "regions/s"), row("first", 1, "s"), row("  over", 1.5, "s", 2), row("second", 3, "s"), row("  over", 12.345, "s", 0.1234)];
  const suite = { machine: { cpu: "Chip", cores: 2, node: "v20.1.0" }, load: 3.14, date: "2026-11-28", commit: "abc", rows };
  fs.writeFileSync(path.join(root, "data/bench.json"), JSON.stringify({ regions: suite }));
  await run(root);
  const shown = text(root).split("\n").filter((line) => line.startsWith("| ")).map((line) => line.replace(/ +/g, " "));
  assert.equal(shown.slice(2), [
    "| count (16,192 regions) | 3.8 million regions a second | |",
    "| both | 12.3 s | 0.12 times the other |",
  ]);
  assert.match(text(root), "Measured: `regions`: 2026-11-28, commit abc, 2 cores of Chip, Node 20.1.0, load 3.1.");
}); // prettier-ignore

test("this repository's READMEs are as their sources have them", async () => {
  const root = path.resolve(__dirname, "../../..");
  const options = await prettier.resolveConfig(path.join(root, "README.md"));
  const own = { draw: drawSvg, format: (markdown: string) => prettier.format(markdown, { ...options, parser: "markdown" }) };
  const { text: said } = await captured(() => readmeCommand(["--check"], root, own));
  assert.not.match(said, "stale: ", said);
  for (const [line] of said.matchAll(/^not saved: .*$/gm)) console.log(`note: ${line}`);
}); // prettier-ignore

test.run();
