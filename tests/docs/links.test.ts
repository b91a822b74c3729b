// Every relative link in the repository's markdown files leads to a file, and to a heading of it where it names one; every
// command `npm run NAME` that they mention exists.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

const root = path.resolve(__dirname, "../..");
const listed = spawnSync("git", ["ls-files", "-co", "--exclude-standard", "*.md"], {
  cwd: root,
  encoding: "utf8",
});
const files =
  listed.status === 0
    ? listed.stdout.trim().split("\n")
    : ["README.md", "CONTRIBUTING.md", "packages/README.md"];
const textOf = (file: string) => fs.readFileSync(path.join(root, file), "utf8");
const withoutCode = (text: string) => text.replace(/```[\s\S]*?```/g, "").replace(/`[^`\n]*`/g, "");

/** The names under which GitHub lets a page's headings be linked to. */
const anchors = (text: string) =>
  new Set(
    [...text.replace(/```[\s\S]*?```/g, "").matchAll(/^#+ +(.+)$/gm)].map(([, words]) =>
      words
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replace(/ /g, "-"),
    ),
  );

test("relative links lead somewhere", () => {
  assert.ok(files.length > 2);
  const broken = files.flatMap((file) =>
    [...withoutCode(textOf(file)).matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)].flatMap(([, link]) => {
      const [name, anchor] = decodeURI(link).split("#");
      const target = name ? path.join(path.dirname(file), name) : file;
      if (!fs.existsSync(path.join(root, target))) return [`${file}: ${link}`];
      return anchor && !anchors(textOf(target)).has(anchor) ? [`${file}: ${link}`] : [];
    }),
  );
  assert.equal(broken, []);
});

test("scripts that are mentioned exist", () => {
  const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
  const unknown = files.flatMap((file) =>
    [...textOf(file).matchAll(/npm run ([a-z:]+)/g)].flatMap(([, name]) =>
      name in scripts ? [] : [`${file}: ${name}`],
    ),
  );
  assert.equal(unknown, []);
});

test.run();
