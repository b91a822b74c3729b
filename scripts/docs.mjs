// npm run docs [-- --check] [--out DIR]: the API documentation of all public packages from their docstrings, in report/api.
//   --check: writes nothing; ends with code 1 when an export has no docstring or a link leads nowhere
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { root, run, setup } from "./setup.mjs";

const packages = {
  "relu-lab": "relu-lab",
  notebook: "@relu-lab/notebook",
  report: "@relu-lab/report",
  "tfjs-wasm-training": "tfjs-wasm-training",
};
/** Every folder of relu-lab but its command line is imported under its own name, and is documented so. */
const entryPoints = [
  ...fs
    .readdirSync(path.join(root, "packages/relu-lab/src"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "cli")
    .map((entry) => `packages/relu-lab/src/${entry.name}/index.ts`),
  ...["notebook", "report", "tfjs-wasm-training"].map((name) => `packages/${name}/src/index.ts`),
].sort();

/** "relu-lab/src/regions" as it is imported: "relu-lab/regions". */
const importName = (name) => {
  const [folder, ...rest] = name.split("/").filter((part) => part !== "src");
  return [packages[folder] ?? folder, ...rest].join("/");
};

/** A digest of all that the documentation is made from. */
function sourcesDigest() {
  const hash = createHash("sha256");
  const files = Object.keys(packages).flatMap((name) => {
    const folder = path.join(root, "packages", name);
    return fs
      .readdirSync(folder, { recursive: true })
      .map((file) => path.join(folder, String(file)))
      .filter(
        (file) =>
          !/[\\/](dist|node_modules|assembly)[\\/]/.test(file) && /(?<!generated)\.(ts|md)$/.test(file),
      );
  });
  for (const file of [fileURLToPath(import.meta.url), ...files.sort()]) {
    hash.update(path.relative(root, file)).update(fs.readFileSync(file));
  }
  return hash.digest("hex");
}

/**
 * Makes the documentation.
 * @param {string | null} out the folder, or null to check only
 * @returns {Promise<{ made: boolean, complete: boolean }>} whether the folder was written, and whether nothing is
 *   undocumented and no link leads nowhere
 */
export async function makeDocs(out) {
  const { Application, OptionDefaults, PageEvent } = await import("typedoc");
  const app = await Application.bootstrapWithPlugins({
    name: "relu-lab: API",
    entryPoints: entryPoints.map((file) => path.join(root, file)),
    tsconfig: path.join(root, "scripts/docs.tsconfig.json"),
    readme: path.join(root, "packages/relu-lab/README.md"),
    projectDocuments: [path.join(root, "packages/relu-lab/docs/*.md")],
    basePath: path.join(root, "packages"),
    disableSources: true,
    excludePrivate: true,
    hideGenerator: true, // its link would be the site's only one to the outside
    markdownItOptions: { html: true, linkify: false }, // exactness.md is no address
    validation: {
      invalidLink: true,
      invalidPath: true,
      notDocumented: true,
      notExported: true,
      rewrittenLink: false,
    },
    requiredToBeDocumented: [
      "Enum",
      "Variable",
      "Function",
      "Class",
      "Interface",
      "TypeAlias",
      "Method",
      "Accessor",
    ],
    packagesRequiringDocumentation: Object.values(packages),
    highlightLanguages: [...OptionDefaults.highlightLanguages, "python"],
    logLevel: "Warn",
  });
  const project = await app.convert();
  if (!project) return { made: false, complete: false };
  for (const module of project.children ?? []) module.name = importName(module.name);
  app.validate(project);
  // Opened from the disk a browser refuses a file of icons with a complaint; each page holds them anyway (icons.js).
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = page.contents?.replace(/href="[^"]*assets\/icons\.svg#/g, 'href="#');
  });
  const made = out !== null && !app.logger.hasErrors();
  if (made) await app.generateDocs(project, out);
  const complete = !app.logger.hasErrors() && !app.logger.hasWarnings();
  return { made: made && !app.logger.hasErrors(), complete };
}

/** Makes `api` below the report's folder anew where the packages have changed since. */
export async function freshDocs(report) {
  const out = path.join(report, "api");
  const stamp = path.join(out, "sources.sha256");
  const digest = sourcesDigest();
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === digest) return;
  process.stderr.write("relu-lab: API documentation ...\n");
  const { made } = await makeDocs(out);
  if (made) fs.writeFileSync(stamp, digest); // what could not be made is tried again
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await run(async (args) => {
    const check = args.includes("--check");
    const at = args.indexOf("--out");
    const unknown = args.find((arg, i) => !["--check", "--out"].includes(arg) && i !== at + 1);
    if (unknown !== undefined) throw new Error(`unknown argument ${unknown}: --check or --out DIR`);
    await setup();
    const out = at < 0 ? path.join(root, "report/api") : path.resolve(args[at + 1] ?? "");
    return (await makeDocs(check ? null : out)).complete ? 0 : 1;
  });
}
