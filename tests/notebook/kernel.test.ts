import { test } from "uvu";
import * as assert from "uvu/assert";
import { execFileSync, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

const root = path.resolve(__dirname, "../..");
const load = createRequire(path.join(root, "notebooks/a.ipynb"));

/** What a script prints that imports the package as a cell does, with tslab's own module beside it. */
function run(script: string): string {
  return execFileSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" });
}

test("outside a kernel the text goes to stdout", () => {
  const out = run(
    `const { table, inKernel } = require("@relu-lab/notebook"); console.log(inKernel()); table([{ n: 1 }]);`,
  );
  assert.is(out, "false\nn\n-\n1\n");
});

test("progress goes to stderr outside a kernel, so that output can be piped", () => {
  const script = `const bar = require("@relu-lab/notebook").progress(2, { label: "work" }); bar.update(2); bar.done();`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" });
  assert.is(stdout, "");
  assert.match(stderr, /^work: 2 in 0\.0 s/m);
});

test("in a kernel a chart is one display message and progress replaces its own display", () => {
  const out = run(`
    const jupyter = require("tslab/dist/jupyter");
    const sent = [];
    jupyter.lastWriteDisplayData = (message, update) => sent.push([message, update]);
    const { chart, progress, inKernel } = require("@relu-lab/notebook");
    chart({ data: { values: [{ n: 1 }] }, mark: "tick", encoding: { x: { field: "n", type: "quantitative", title: "n" } } });
    const bar = progress(1, { label: "work" });
    bar.update(1);
    bar.done();
    console.log(JSON.stringify([inKernel(), sent.map(([message, update]) => [Object.keys(message.data), message.transient, update])]));
  `);
  const [inKernel, [chart, first, last]] = JSON.parse(out);
  assert.is(inKernel, true);
  assert.equal(chart, [["application/vnd.vegalite.v5+json", "image/png", "text/plain"], {}, false]);
  assert.is(first[2], false);
  assert.is(last[2], true);
  assert.equal(last[1], first[1]);
  assert.ok(first[1].display_id);
});

test("importing loads neither Vega nor resvg nor danfojs nor TensorFlow.js", () => {
  const out = run(`
    require("@relu-lab/notebook");
    const heavy = /node_modules.(vega|vega-lite|danfojs-node|@resvg|@tensorflow)./;
    console.log(JSON.stringify(Object.keys(require.cache).filter((file) => heavy.test(file))));
  `);
  assert.equal(JSON.parse(out), []);
});

test("a cell that imports the package type-checks under tslab's TypeScript, and drags in no heavy types", () => {
  const ts = load(
    load.resolve("@tslab/typescript-for-tslab", {
      paths: [path.dirname(load.resolve("tslab/package.json"))],
    }),
  );
  const cell = path.join(root, "notebooks/cell-under-test.ts");
  const source = `
    import { chart, table, progress, claims, dataFrame, display } from "@relu-lab/notebook";
    const rows = [{ n: 1, pieces: 2 }];
    chart({ data: { values: rows }, mark: "line" }, { title: "t", caption: "c", alt: "a", width: 300 });
    table(dataFrame(rows).groupby(["n"]).col(["pieces"]).mean(), { digits: 3, columns: { n: "layers" } });
    const bar = progress(3, { label: "x" });
    rows.forEach((_, i) => bar.update(i, "note"));
    claims([{ id: "a/b", statement: "s", source: "q", expected: 1, measured: 1, rule: "eq", holds: "in part" }], { seed: 1 });
    display({ "text/markdown": "x" });
    const wrong: number = table(rows);
  `;
  const options = {
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10 ?? ts.ModuleResolutionKind.NodeJs,
    target: ts.ScriptTarget.ES2020,
    esModuleInterop: true,
    noEmit: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name: string, ...rest: unknown[]) =>
    name === cell
      ? ts.createSourceFile(name, source, options.target)
      : getSourceFile.call(host, name, ...rest);
  host.fileExists = (name: string) => name === cell || fileExists.call(host, name);
  const program = ts.createProgram([cell], options, host);
  interface Found {
    file?: { fileName: string };
    messageText: unknown;
  }
  const found = (ts.getPreEmitDiagnostics(program) as Found[]).map((d) =>
    ts.flattenDiagnosticMessageText(d.messageText, "\n"),
  );
  // The last line of the cell is wrong on purpose: types must be there, not `any`.
  assert.equal(found, ["Type 'void' is not assignable to type 'number'."]);
  const files = (program.getSourceFiles() as { fileName: string }[]).map((file) => file.fileName);
  assert.equal(
    files.filter((file) => /node_modules\/(vega|danfojs|@tensorflow|@resvg)/.test(file)),
    [],
  );
});

test.run();
