// Compiles what has changed: AssemblyScript modules first (each becomes a TypeScript file that holds its bytes, so that
// Node, a worker and a page load it alike), then TypeScript project references, incrementally.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { root, run, setup } from "./setup.mjs";

/** Runs one of the installed command line tools; throws when it fails. */
function tool(script, args) {
  const result = spawnSync(process.execPath, [path.join(root, "node_modules", script), ...args], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (result.status !== 0) throw new Error(`${script} failed; see its lines above`);
}

/**
 * The AssemblyScript modules: the entry, the TypeScript file made from it, and what asc is told beside -O3 and SIMD.
 * @type {{ entry: string, output: string, options?: string[] }[]}
 */
const wasmModules = [
  {
    entry: "packages/relu-lab/assembly/space/index.ts",
    output: "packages/relu-lab/src/regions/space/space-wasm.generated.ts",
  },
  // One for each number of inputs: a dimension known to the compiler is a third faster than one known to the walk.
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((dimension) => ({
    entry: "packages/relu-lab/assembly/cells/index.ts",
    output: `packages/relu-lab/src/regions/cells/cells-${dimension}-wasm.generated.ts`,
    options: ["--use", `DIMENSION=${dimension}`],
  })),
  {
    entry: "packages/relu-lab/assembly/regions/engine.ts",
    output: "packages/relu-lab/src/regions/plane/engine-wasm.generated.ts",
  },
  {
    entry: "packages/tfjs-wasm-training/assembly/index.ts",
    output: "packages/tfjs-wasm-training/src/training.generated.ts",
    options: ["--importMemory", "--use", "abort="],
  },
  {
    entry: "packages/relu-lab/assembly/ensemble/index.ts",
    output: "packages/relu-lab/src/ensemble/ensemble-wasm.generated.ts",
    options: ["--disableWarning", "112"], // vectors pass between functions of the module only
  },
  {
    entry: "packages/relu-lab/assembly/segment/march.ts",
    output: "packages/relu-lab/src/regions/segment/march.generated.ts",
  },
];

function sourceDigest({ entry, options = [] }) {
  const hash = createHash("sha256")
    .update(fs.readFileSync(fileURLToPath(import.meta.url)))
    .update(options.join(" "));
  const folder = path.dirname(path.join(root, entry));
  for (const file of fs.readdirSync(folder).sort())
    hash.update(file).update(fs.readFileSync(path.join(folder, file)));
  return hash.digest("hex");
}

function buildWasm(module) {
  const output = path.join(root, module.output);
  const head = `// Made by scripts/build.mjs from ${module.entry}; sources ${sourceDigest(module)}\n`;
  if (fs.existsSync(output) && fs.readFileSync(output, "utf8").startsWith(head)) return;
  const wasm = path.join(
    root,
    "node_modules/.cache",
    `${path.basename(module.output, ".generated.ts")}.wasm`,
  );
  fs.mkdirSync(path.dirname(wasm), { recursive: true });
  const options = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", ...(module.options ?? [])];
  tool("assemblyscript/bin/asc.js", [module.entry, "--outFile", wasm, ...options]);
  const text = `${head}export const wasmBase64 =\n  "${fs.readFileSync(wasm).toString("base64")}";\n`;
  fs.writeFileSync(`${output}.${process.pid}`, text);
  fs.renameSync(`${output}.${process.pid}`, output);
}

/**
 * The report's explorer: its page and its worker, one script each, from the packages' own TypeScript. What only Node has
 * stays outside: a page never comes there.
 */
function bundleExplorer() {
  const { buildSync } = createRequire(import.meta.url)("esbuild"); // installed by now
  const folder = path.join(root, "packages/report/explorer");
  const { outputFiles } = buildSync({
    entryPoints: ["page", "worker"].map((name) => path.join(folder, `${name}.ts`)),
    outdir: path.join(root, "packages/report/dist/explorer"),
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    write: false,
    external: ["node:*"],
    tsconfig: path.join(folder, "tsconfig.json"),
    logLevel: "warning",
  });
  for (const { path: file, text } of outputFiles) {
    if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) continue;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

/**
 * Removes what was compiled from a source that is gone: an old `blocks.js` would hide a new `blocks/index.js`. What is
 * bundled has its sources elsewhere.
 */
function removeStale(name) {
  const [dist, src] = ["dist", "src"].map((folder) => path.join(root, "packages", name, folder));
  if (!fs.existsSync(dist)) return;
  for (const entry of fs.readdirSync(dist, { withFileTypes: true, recursive: true })) {
    const compiled = path.join(entry.parentPath ?? entry.path, entry.name);
    const [, stem] = /^(.*)\.(?:d\.ts|js|js\.map|d\.ts\.map)$/.exec(path.relative(dist, compiled)) ?? [];
    if (stem?.startsWith(`explorer${path.sep}`)) continue;
    if (entry.isFile() && stem && !fs.existsSync(path.join(src, `${stem}.ts`))) fs.rmSync(compiled);
  }
}

/** Builds the packages (not the tests, which tsx runs from source). */
export function build() {
  for (const module of wasmModules) buildWasm(module);
  for (const name of ["tfjs-wasm-training", "relu-lab", "notebook", "report"]) removeStale(name);
  const projects = ["relu-lab", "notebook", "report", "report/explorer"].map((name) => `packages/${name}`);
  tool("typescript/bin/tsc", ["--build", ...projects]);
  bundleExplorer();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) void run(() => setup());
