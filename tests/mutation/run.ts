// npm run test:mutants: installs Stryker, runs it over the named folders or files (all four folders when none is named), and
// tells the figures.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { installedParts } from "../parts";

const FOLDERS = ["regions", "network", "sawtooth", "losses"];
const root = path.join(__dirname, "../..");
const sources = path.join(root, "packages/relu-lab/src");
const cache = path.join(root, "data/cache/mutation");

interface Mutant {
  status: string;
  mutatorName: string;
  replacement: string;
  location: { start: { line: number; column: number }; end: { line: number; column: number } };
}

interface Report {
  files: Record<string, { source: string; mutants: Mutant[] }>;
}

/** A mutant on one line: where, by which of Stryker's mutators, what became what. */
function described(file: string, source: string, { location, mutatorName, replacement }: Mutant): string {
  const { start, end } = location;
  const line = source.split("\n")[start.line - 1];
  const from = line.slice(start.column - 1, start.line === end.line ? end.column - 1 : undefined);
  const short = (text: string) => (text.length > 70 ? `${text.slice(0, 67)}...` : text).replaceAll("\n", " ");
  return `${file}:${start.line}:${start.column} ${mutatorName}: ${short(from)} => ${short(replacement)}`;
}

/** The 95 % interval of a share of which so many were drawn (Wilson 1927). */
function interval(hits: number, n: number): [number, number] {
  const z = 1.96;
  const middle = (hits + (z * z) / 2) / (n + z * z);
  const half = (z * Math.sqrt((hits * (n - hits)) / n + (z * z) / 4)) / (n + z * z);
  return [middle - half, middle + half];
}

/** One row a folder or file: how many mutants there are, ran, and came to which end. */
function table(report: Report, folders: string[]) {
  return folders.map((folder) => {
    const mutants = Object.entries(report.files)
      .filter(([file]) => `${file}/`.includes(`/src/${folder}/`))
      .flatMap(([, file]) => file.mutants)
      .filter(({ status }) => status !== "Ignored"); // the wording of errors
    const count = (...kinds: string[]) => mutants.filter(({ status }) => kinds.includes(status)).length;
    const [killed, timedOut] = [count("Killed"), count("Timeout")];
    const survived = count("Survived", "NoCoverage");
    const ran = killed + timedOut + survived;
    const percent = (share: number) => (100 * share).toFixed(1);
    return {
      folder,
      mutants: mutants.length,
      ran,
      killed,
      "timed out": timedOut,
      survived,
      errors: count("RuntimeError"),
      score: percent((killed + timedOut) / ran),
      "95 %":
        ran < mutants.length
          ? interval(killed + timedOut, ran)
              .map(percent)
              .join(" to ")
          : "all ran",
    };
  });
}

const folders = process.argv.slice(2).map((name) => name.replace(/\/$/, ""));
const unknown = folders.find(
  (name) => !FOLDERS.includes(name.split("/")[0]) || !fs.existsSync(path.join(sources, name)),
);
if (unknown)
  throw new Error(`no mutants for "${unknown}": there are ${FOLDERS.join(", ")}, and what is in them`);
const parts = installedParts(path.join(__dirname, "parts"), "Stryker");
if (parts) {
  fs.mkdirSync(cache, { recursive: true });
  const chosen = folders.map(
    (name) => `packages/relu-lab/src/${name}${name.endsWith(".ts") ? "" : "/**/*.ts"}`,
  );
  // A sample of its own for each share and seed: Stryker would take a mutant that was not drawn before for one that ran.
  const { RELU_LAB_MUTANTS: share = "0.15", RELU_LAB_MUTANTS_SEED: seed = "1" } = process.env;
  const words = folders.join("-").replaceAll("/", ".").slice(0, 200) || "all"; // file systems allow 255 bytes
  const name = [words, share, seed].join("-");
  const { status } = spawnSync(
    process.execPath,
    [
      path.join(parts.folder, "node_modules/@stryker-mutator/core/bin/stryker.js"),
      ...["run", "tests/mutation/stryker.config.json"],
      // What ran before is not run again, unless its source or its tests have changed.
      ...["--incrementalFile", path.join(cache, `${name}.json`)],
      ...(chosen.length > 0 ? ["--mutate", [...chosen, "!**/*.generated.ts"].join()] : []),
    ],
    { cwd: root, stdio: "inherit" },
  );
  process.exitCode = status ?? 1;
  if (status === 0) {
    const report = JSON.parse(fs.readFileSync(path.join(cache, `${name}.json`), "utf8")) as Report;
    const survivors = Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
      mutants
        .filter(({ status: end }) => end === "Survived" || end === "NoCoverage")
        .map((mutant) => described(file.replace("packages/relu-lab/src/", ""), source, mutant)),
    );
    fs.writeFileSync(path.join(cache, "survivors.txt"), survivors.join("\n") + "\n");
    console.table(table(report, folders.length > 0 ? folders : FOLDERS));
    console.log(`survivors: ${path.relative(root, cache)}/survivors.txt`);
  }
}
