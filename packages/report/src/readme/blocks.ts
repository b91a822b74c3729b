// What a command writes into a README stands between two markers, comments that a reader of the page does not see.
const marker = /<!-- made: ([\w-]+) -->\n?([\s\S]*?)<!-- end: \1 -->/g;

/** The names of a document's blocks, in order. Throws when a marker has no end, or an end no begin. */
export function blockNames(text: string, document: string): string[] {
  const names = [...text.matchAll(marker)].map((match) => match[1]);
  for (const [, kind, name] of text.matchAll(/<!-- (made|end): ([\w-]+) -->/g)) {
    if (!names.includes(name))
      throw new Error(`${document}: the marker "${kind}: ${name}" has no counterpart`);
  }
  return names;
}

/**
 * A text with new contents in its blocks; what stands around them stays.
 * @param contents the contents of a block, by its name
 */
export const fillBlocks = (text: string, contents: (name: string) => string): string =>
  text.replace(
    marker,
    (_all, name: string) => `<!-- made: ${name} -->\n\n${contents(name)}\n\n<!-- end: ${name} -->`,
  );
