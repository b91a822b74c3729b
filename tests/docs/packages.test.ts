// packages/README.md against the code: the files it names, and the imports it draws.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";

const packages = path.resolve(__dirname, "../../packages");
const text = fs.readFileSync(path.join(packages, "README.md"), "utf8");
const source = path.join(packages, "relu-lab/src");
type Graph = Map<string, Set<string>>;

/** The plain arrows of the diagram that has a node of this name at the left of an arrow. */
function drawn(node: string): Graph {
  const diagrams = [...text.matchAll(/```mermaid\n([\s\S]*?)```/g)].map((match) => match[1]);
  const diagram = diagrams.find((lines) => lines.includes(`\n  ${node} -->`));
  const arrows = [...diagram!.matchAll(/^ *([\w-]+)(?:\["[^"]*"\])? --> ([\w-]+)/gm)];
  const graph: Graph = new Map();
  for (const [, from, to] of arrows) graph.set(from, (graph.get(from) ?? new Set()).add(to));
  return graph;
}

/** What can be reached from a node. */
function reachable(graph: Graph, from: string, seen = new Set<string>()): Set<string> {
  for (const to of graph.get(from) ?? []) {
    if (!seen.has(to)) reachable(graph, to, seen.add(to));
  }
  return seen;
}

/** The files below a folder that hold TypeScript of ours. */
const sourcesBelow = (folder: string): string[] =>
  fs
    .readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((file) => /(?<!generated)\.ts$/.test(file));

/** Which folders of relu-lab import which. */
function foldersImported(): Graph {
  const graph: Graph = new Map();
  for (const file of sourcesBelow(source)) {
    const [from, ...inner] = path.relative(source, file).split(path.sep);
    if (inner.length === 0) continue; // the index of all
    for (const [, target] of fs.readFileSync(file, "utf8").matchAll(/from "(\.[^"]+)"/g)) {
      const [to] = path.relative(source, path.resolve(path.dirname(file), target)).split(path.sep);
      if (to !== from) graph.set(from, (graph.get(from) ?? new Set()).add(to));
    }
  }
  return graph;
}

test("every path that packages/README.md names exists", () => {
  const words = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]);
  const paths = words.filter((word) => /^[\w./@-]+$/.test(word) && /\/$|\.(ts|mjs|js|md)$/.test(word));
  assert.ok(paths.length > 50, `only ${paths.length} paths found`);
  const missing = paths.filter(
    (name) => ![packages, path.dirname(packages)].some((folder) => fs.existsSync(path.join(folder, name))),
  );
  assert.equal(missing, []);
});

test("each folder of relu-lab is drawn with the imports it has, or they follow from others", () => {
  const [picture, code] = [drawn("cli"), foldersImported()];
  for (const [from, targets] of picture)
    for (const to of targets) assert.ok(code.get(from)?.has(to), `${from} --> ${to} is drawn, not imported`);
  for (const [from, targets] of code)
    for (const to of targets)
      assert.ok(reachable(picture, from).has(to), `${from} imports ${to}, which is not drawn`);
});

test("each package is drawn with the packages of this repository that it imports", () => {
  const folders: Record<string, string> = {
    "relu-lab": "relu-lab/src",
    notebook: "notebook/src",
    report: "report/src",
    explorer: "report/explorer",
    "tfjs-wasm-training": "tfjs-wasm-training/src",
  };
  const picture = drawn("notebook");
  for (const [name, folder] of Object.entries(folders)) {
    const imported = new Set<string>();
    for (const file of sourcesBelow(path.join(packages, folder))) {
      const code = fs.readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      const loads = code.matchAll(
        /(?:from|require\(|import\() ?"(relu-lab|@relu-lab\/notebook|@relu-lab\/report|tfjs-wasm-training)[/"]/g,
      );
      for (const [, target] of loads) if (target !== name) imported.add(target.replace("@relu-lab/", ""));
      if (/from "(?:\.\.\/)+relu-lab\//.test(code)) imported.add("relu-lab");
    }
    assert.equal([...imported].sort(), [...(picture.get(name) ?? [])].sort(), name);
  }
});

test.run();
