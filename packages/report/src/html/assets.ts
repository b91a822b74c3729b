import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import * as ts from "@tslab/typescript-for-tslab";
import { packageFolder } from "../package-folder";
import { scriptText } from "./escape";

const read = (file: string) => fs.readFileSync(file, "utf8");

/** A file of this package's own `assets` folder. */
export const asset = (name: string): string => read(path.join(__dirname, "..", "..", "assets", name));

const styles = ["ground", "bar", "text", "figures", "claims", "first-page", "frame", "phone", "print"];

/** The pages' style sheet: `assets/style`, the later files over the earlier ones. */
export const styleSheet = (): string => styles.map((name) => asset(`style/${name}.css`)).join("");

/** A script of the explorer, as the build has bundled it. */
export const explorerScript = (name: "page" | "worker"): string =>
  scriptText(read(path.join(__dirname, "..", "explorer", `${name}.js`)).trim());

/** A file below the folder of an installed package. */
const packaged = (name: string, file: string): string => path.join(packageFolder(name), file);

/** A long text as it stands in a page, for `assets/unpack.js`: packed with gzip, in base64. */
export const packed = (text: string): string => gzipSync(text, { level: 9 }).toString("base64");

/** A script that stands packed in a page: its text there, and the digest by which it may run once it is unpacked. */
interface PackedScript {
  readonly text: string;
  readonly digest: string;
}

let library: PackedScript | undefined;

/** vega, vega-lite and vega-embed as their makers built them for a page. */
export function chartLibrary(): PackedScript {
  if (library) return library;
  const files = [
    packaged("vega", "build/vega.min.js"),
    packaged("vega-lite", "build/vega-lite.min.js"),
    packaged("vega-embed", "build/vega-embed.min.js"),
  ];
  const texts = files.map((file) =>
    read(file)
      .replace(/^\/\/# sourceMappingURL=.*$/gm, "")
      .trim(),
  );
  const text = texts.join("\n;");
  library = { text: packed(text), digest: scriptDigest(text) };
  return library;
}

let searchLibrary: string | undefined;

/** minisearch as its maker built it for a page, without its comments, which are half of it. */
export function searchScript(): string {
  searchLibrary ??= scriptText(
    ts
      .transpile(read(packaged("minisearch", "dist/umd/index.js")), {
        target: ts.ScriptTarget.ESNext,
        module: ts.ModuleKind.None,
        removeComments: true,
      })
      .trim(),
  );
  return searchLibrary;
}

/** The digest by which a page's content security policy lets exactly this script run. */
export const scriptDigest = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

interface Face {
  family: string;
  style: string;
  weight: string;
  file: string;
}

const normalWeight = (weight: string) => weight.replace("bold", "700").replace("normal", "400") || "400";

/**
 * KaTeX's style sheet with those of its fonts inside that a page's formulas use. A font is used when the page has an
 * element of a class for which a rule asks for it.
 * @param html the page's HTML
 */
export function katexStyle(html: string): string {
  if (!html.includes('class="katex')) return "";
  const css = read(packaged("katex", "dist/katex.min.css"));
  const folder = packaged("katex", "dist");
  const faces: Face[] = [];
  const rules = css.replace(/@font-face\{([^}]*)\}/g, (_all, body: string) => {
    const get = (name: string) =>
      new RegExp(`(?:^|;)${name}:([^;]+)`).exec(body)?.[1].replace(/["']/g, "") ?? "";
    const file = /url\(([^)]*\.woff2)\)/.exec(body)?.[1] ?? "";
    faces.push({
      family: get("font-family"),
      style: get("font-style") || "normal",
      weight: normalWeight(get("font-weight")),
      file: path.join(folder, file),
    });
    return "";
  });

  const classes = new Set([...html.matchAll(/class="([^"]*)"/g)].flatMap((match) => match[1].split(/\s+/)));
  const used = new Set<string>();
  for (const [, selectors, body] of rules.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const family = /KaTeX_\w+/.exec(body)?.[0];
    if (!family) continue;
    const present = selectors
      .split(",")
      .some((selector) => [...selector.matchAll(/\.([\w-]+)/g)].every((match) => classes.has(match[1])));
    if (!present) continue;
    const bold = /font-weight:(?:700|bold)/.test(body) ? "700" : "400";
    used.add(`${family} ${/italic/.test(body) ? "italic" : "normal"} ${bold}`);
  }
  const fonts = faces
    .filter((face) => used.has(`${face.family} ${face.style} ${face.weight}`))
    .map((face) => {
      const data = fs.readFileSync(face.file).toString("base64");
      return `@font-face{font-family:${face.family};font-style:${face.style};font-weight:${face.weight};src:url(data:font/woff2;base64,${data}) format("woff2")}`;
    });
  return fonts.join("") + rules;
}
