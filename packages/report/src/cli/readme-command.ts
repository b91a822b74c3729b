import * as fs from "node:fs";
import * as path from "node:path";
import { writeWhole } from "../notebook/write-whole";
import { differences, figuresFolder, leftOver, makeReadme, type ReadmeTools } from "../readme/make-readme";
import { exitCodeOf, readOptions } from "./command-line";

const help = `npm run readme [-- --check | --screenshots]

Makes what is made in README.md, notebooks/README.md and packages/relu-lab/README.md, and their
pictures in ${figuresFolder}, from the outputs saved in notebooks/*.ipynb (profile full) and from
data/bench.json (npm run bench -- SUITE --save).
notebooks/readme.json says which claims, figures and rates are shown.

  --check         writes nothing; ends with code 1 when a README or a picture is not as its
                  sources have it, or when a notebook's outputs are not saved
  --screenshots   also takes the pictures of the report's pages from report/, with chromium
  --help          this text`;

/**
 * The command behind `npm run readme`; returns the exit code.
 * @param words the command line after the command's name
 * @param root the repository
 * @param tools what draws charts and lays out markdown
 */
export function readmeCommand(words: readonly string[], root: string, tools: ReadmeTools): Promise<number> {
  return exitCodeOf(() => run(words, root, tools));
}

async function run(words: readonly string[], root: string, tools: ReadmeTools): Promise<number> {
  const values = readOptions("npm run readme", words, {
    check: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const readme = await makeReadme(root, tools);
  const stale = differences(root, readme);
  for (const name of readme.missing)
    console.log(`not saved: ${name}; npm run report -- ${name} --profile full --save`);
  if (values.check) {
    for (const file of stale) console.log(`stale: ${file}`);
    const fresh = "the READMEs and their pictures are as their sources have them";
    console.log(stale.length ? "npm run readme makes them anew" : fresh);
    return stale.length + readme.missing.length > 0 ? 1 : 0;
  }
  fs.mkdirSync(path.join(root, figuresFolder), { recursive: true });
  for (const [document, text] of readme.texts) writeWhole(path.join(root, document), text);
  for (const [name, content] of readme.figures)
    fs.writeFileSync(path.join(root, figuresFolder, name), content);
  for (const name of leftOver(root, readme.texts)) fs.rmSync(path.join(root, figuresFolder, name));
  console.log(
    `${readme.texts.size} READMEs and ${readme.figures.size} pictures written, ${stale.length} of them changed`,
  );
  return 0;
}
