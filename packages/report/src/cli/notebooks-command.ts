import * as fs from "node:fs";
import * as path from "node:path";
import { formatNotebook, readNotebook } from "../notebook/nbformat";
import { writeWhole } from "../notebook/write-whole";
import { findSections, selectSections, type Section } from "../run/sections";
import { withoutOutputs } from "../saved/saved-notebook";
import { staleness } from "../saved/staleness";
import { byWords, exitCodeOf, readWords, UsageError } from "./command-line";

const help = `npm run notebooks -- --check [SECTION ...] [--profile NAME]
npm run notebooks -- --clear [SECTION ...]
npm run notebooks -- --new NN-SUBJECT

  --check          says which outputs committed in notebooks/ are stale: of another profile,
                   made from other cells, by other code or package versions, or not written
                   by \`npm run report -- --save\`. Runs nothing and writes nothing.
  --profile NAME   the profile of which the outputs shall be; default full
  --clear          takes the outputs away
  --new NN-SUBJECT makes notebooks/NN-SUBJECT.ipynb from notebooks/_template.ipynb
  --help           this text

Ends with code 0, or 1 when an output is stale, or 2 for a wrong command line.
\`npm run report -- SECTION --profile full --save\` makes a notebook's outputs anew.`;

function check(sections: readonly Section[], profile: string): number {
  const found = sections.map((section) => staleness(section, profile));
  for (const { section, reasons } of found)
    console.log(
      `${reasons.length ? "stale" : "fresh"}  ${section.name}${reasons.length ? `: ${reasons.join("; ")}` : ""}`,
    );
  const stale = found.filter(({ reasons }) => reasons.length > 0);
  console.log(`${stale.length} of ${found.length} notebooks have stale outputs`);
  if (stale.length > 0) {
    const names = stale.map(({ section }) => section.number || section.name).join(" ");
    console.log(`to make them anew: npm run report -- ${names} --profile ${profile} --save`);
  }
  return stale.length > 0 ? 1 : 0;
}

/** Makes a notebook of the template; its title is the subject's name in words. */
function makeNew(name: string, folder: string): number {
  const [, number, subject] = /^(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(name) ?? [];
  if (!subject) throw new UsageError(`--new wants two digits and a subject, as 12-my-subject, not "${name}"`);
  const taken = findSections(folder).find((section) => section.number === number);
  if (taken) throw new UsageError(`the number ${number} is taken by ${taken.name}`);
  const title = subject[0].toUpperCase() + subject.slice(1).replace(/-/g, " ");
  const words = fs
    .readFileSync(path.join(folder, "_template.ipynb"), "utf8")
    .replace("# Subject", `# ${Number(number)}. ${title}`);
  const text = words
    .replace('"title": "Subject"', `"title": "${title}"`)
    .replace('"subject/', `"${subject}/`);
  writeWhole(path.join(folder, `${name}.ipynb`), text);
  console.log(`notebooks/${name}.ipynb is made of the template. To see it: npm run report -- ${number}`);
  console.log(`Give it a row in README.md's table of sections; npm run lint checks the notebook.`);
  return 0;
}

/**
 * The command behind `npm run notebooks`; returns the exit code.
 * @param words the command line after the command's name
 * @param root the repository with its `notebooks/`
 */
export function notebooksCommand(words: readonly string[], root: string): Promise<number> {
  return exitCodeOf(() => run(words, root));
}

function run(words: readonly string[], root: string): number {
  const { values, positionals } = readWords("npm run notebooks", words, {
    check: { type: "boolean" },
    clear: { type: "boolean" },
    new: { type: "string" },
    profile: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  if (values.new !== undefined && !values.check && !values.clear && positionals.length === 0)
    return makeNew(values.new, path.join(root, "notebooks"));
  if (values.new !== undefined || !values.check === !values.clear)
    throw new UsageError("say one of --check, --clear and --new");
  const sections = byWords(() => selectSections(findSections(path.join(root, "notebooks")), positionals));
  if (values.check) return check(sections, values.profile ?? "full");
  for (const { file } of sections) writeWhole(file, formatNotebook(withoutOutputs(readNotebook(file))));
  return 0;
}
