import * as fs from "node:fs";
import * as path from "node:path";

/** A notebook of the report. */
export interface Section {
  /** The file's name without its ending, such as `07-sawtooth`. */
  name: string;
  /** The number in front, such as `07`; "" when there is none. */
  number: string;
  file: string;
}

/** The notebooks of a folder in order of their names; a name with a leading dot or underscore is left out. */
export function findSections(folder: string): Section[] {
  if (!fs.existsSync(folder)) throw new Error(`there is no folder ${folder}`);
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith(".ipynb") && !/^[._]/.test(file))
    .sort()
    .map((file) => {
      if (/[<>:"|?*#%\\]|\p{Cc}/u.test(file)) {
        throw new Error(
          `${folder}: the notebook ${JSON.stringify(file)} cannot have a page of its name: rename it without < > : " | ? * # % and \\`,
        );
      }
      const name = file.slice(0, -".ipynb".length);
      return { name, number: /^(\d+)[-_ ]/.exec(name)?.[1] ?? "", file: path.join(folder, file) };
    });
}

function globPattern(glob: string): RegExp {
  const body = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${body}$`);
}

function matches(section: Section, wanted: string): boolean {
  const pattern = path.basename(wanted).replace(/\.ipynb$/, "");
  const subject = section.name.slice(section.number ? section.number.length + 1 : 0);
  if (/^\d+$/.test(pattern)) return section.number !== "" && Number(section.number) === Number(pattern);
  if (/[*?]/.test(pattern))
    return globPattern(pattern).test(section.name) || globPattern(pattern).test(subject);
  return pattern === section.name || pattern === subject;
}

/**
 * The sections named by numbers (`7`, `07`), names (`07-sawtooth`, `sawtooth`) or globs (`0*`, `*-mnist-*`);
 * all of them when none is named. Throws, with the list, when one of them names nothing.
 */
export function selectSections(sections: readonly Section[], wanted: readonly string[]): Section[] {
  if (wanted.length === 0) return [...sections];
  for (const name of wanted) {
    if (!sections.some((section) => matches(section, name))) {
      const known = sections.map((section) => `  ${section.name}`).join("\n") || "  (none)";
      throw new Error(`no section is called "${name}". There are:\n${known}`);
    }
  }
  return sections.filter((section) => wanted.some((name) => matches(section, name)));
}
