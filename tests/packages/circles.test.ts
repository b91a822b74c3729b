// Nothing imports what imports it: neither a file, by whatever way, nor a folder. Imports of types count too.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as path from "node:path";
import ts from "typescript";

type Graph = Map<string, Set<string>>;
const packages = path.resolve(__dirname, "../../packages");

/** TypeScript sources below a folder, those that are compiled to WebAssembly too. */
const sourcesBelow = (folder: string): string[] =>
  fs
    .readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter(
      (file) => file.endsWith(".ts") && !file.endsWith(".d.ts") && !/\/(dist|node_modules)\//.test(file),
    );

/** For each file the files of `files` that it imports. */
function importsOf(files: readonly string[]): Graph {
  const known = new Set(files);
  const target = (from: string, name: string) =>
    ["", ".ts", "/index.ts"]
      .map((end) => path.resolve(path.dirname(from), name) + end)
      .find((file) => known.has(file));
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(fs.readFileSync(file, "utf8"), true, true);
      const named = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith("."));
      return [file, new Set(named.flatMap((name) => target(file, name) ?? []))];
    }),
  );
}

/** One path from a node back to itself for each node that has one, the shortest. */
function circles(graph: Graph): string[] {
  const found: string[] = [];
  for (const start of graph.keys()) {
    const cameFrom = new Map<string, string>();
    const queue = [start];
    for (const node of queue)
      for (const next of graph.get(node) ?? [])
        if (!cameFrom.has(next)) {
          cameFrom.set(next, node);
          queue.push(next);
        }
    if (!cameFrom.has(start)) continue;
    const way = [start];
    for (let at = cameFrom.get(start)!; at !== start; at = cameFrom.get(at)!) way.unshift(at);
    found.push([start, ...way].join(" -> "));
  }
  return found;
}

/** The folders below `root` that import each other, down to folders of `depth` names; files of `root` itself have none. */
function foldersOf(files: Graph, root: string, depth: number): Graph {
  const graph: Graph = new Map();
  const folder = (file: string) =>
    path.relative(root, path.dirname(file)).split(path.sep).slice(0, depth).join("/");
  for (const [file, targets] of files)
    for (const to of targets) {
      const [from, into] = [folder(file), folder(to)];
      if ([from, into].some((name) => name === "" || name.startsWith("..")) || from === into) continue;
      if (from.startsWith(`${into}/`) || into.startsWith(`${from}/`)) continue; // a folder's index knows what is in it
      graph.set(from, (graph.get(from) ?? new Set()).add(into));
    }
  return graph;
}

const files = importsOf(sourcesBelow(packages));

test("a circle is found, whatever its length", () => {
  const graph: Graph = new Map(
    Object.entries({ a: "bc", b: "c", c: "d", d: "b", e: "e", f: "a" }).map(([from, to]) => [
      from,
      new Set(to),
    ]),
  );
  assert.equal(circles(graph), ["b -> c -> d -> b", "c -> d -> b -> c", "d -> b -> c -> d", "e -> e"]);
});

test("no file imports itself by way of others", () => {
  const imports = [...files.values()].reduce((sum, { size }) => sum + size, 0);
  assert.ok(files.size > 400 && imports > 1000, `${files.size} files, ${imports} imports`);
  const short = new Map([...files].map(([file, to]) => [path.relative(packages, file), new Set([...to].map((name) => path.relative(packages, name)))])); // prettier-ignore
  assert.equal(circles(short), []);
});

test("no folder of relu-lab imports itself by way of others, nor does a floor of regions", () => {
  const source = path.join(packages, "relu-lab/src");
  const folders = foldersOf(files, source, 1);
  assert.ok(folders.get("regions")?.has("network"));
  assert.equal(circles(folders), []);
  const floors = foldersOf(files, path.join(source, "regions"), 1);
  assert.ok(floors.get("plane")?.has("maps") && floors.get("maps")?.has("arithmetic"));
  assert.equal(circles(floors), []);
});

test.run();
