// Widths of text in the shipped font, read from its own tables: Vega must lay out by the font that resvg draws with,
// and without a canvas it would guess. Format: OpenType specification 1.9, tables cmap (formats 4 and 12), hmtx.
import * as fs from "node:fs";
import path from "node:path";

/** The family that every PNG is drawn with. */
export const fontFamily = "DejaVu Sans";
const folder = path.join(__dirname, "..", "fonts");
/** The font's files, regular and bold. */
export const fontFiles: readonly string[] = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((name) =>
  path.join(folder, name),
);

/** Advance width of a character, in em. */
type Advance = (codePoint: number) => number;

function tables(data: DataView): { [tag: string]: number } {
  const offsets: { [tag: string]: number } = {};
  for (let i = 0; i < data.getUint16(4); i++) {
    const at = 12 + 16 * i;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((k) => data.getUint8(at + k)));
    offsets[tag] = data.getUint32(at + 8);
  }
  return offsets;
}

/** Offset of the Unicode subtable of `cmap` with the widest range. */
function unicodeSubtable(data: DataView, cmap: number): number {
  let best = 0;
  for (let i = 0; i < data.getUint16(cmap + 2); i++) {
    const at = cmap + data.getUint32(cmap + 4 + 8 * i + 4);
    const format = data.getUint16(at);
    if (format === 12) return at;
    if (format === 4) best = at;
  }
  return best;
}

function glyphOf(data: DataView, at: number, codePoint: number): number {
  if (data.getUint16(at) === 12) {
    for (let i = 0, group = at + 16; i < data.getUint32(at + 12); i++, group += 12) {
      if (codePoint < data.getUint32(group)) break;
      if (codePoint <= data.getUint32(group + 4)) {
        return data.getUint32(group + 8) + codePoint - data.getUint32(group);
      }
    }
    return 0;
  }
  const segments = data.getUint16(at + 6) / 2;
  for (let i = 0; i < segments; i++) {
    if (codePoint > data.getUint16(at + 14 + 2 * i)) continue;
    const start = data.getUint16(at + 16 + 2 * (segments + i));
    if (codePoint < start) return 0;
    const delta = data.getUint16(at + 16 + 2 * (2 * segments + i));
    const rangeAt = at + 16 + 2 * (3 * segments + i);
    const range = data.getUint16(rangeAt);
    const glyph = range === 0 ? codePoint : data.getUint16(rangeAt + range + 2 * (codePoint - start));
    return range !== 0 && glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}

function load(file: string): Advance {
  const bytes = fs.readFileSync(file);
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = tables(data);
  const unitsPerEm = data.getUint16(at.head + 18);
  const metrics = data.getUint16(at.hhea + 34);
  const cmap = unicodeSubtable(data, at.cmap);
  const known = new Map<number, number>();
  return (codePoint) => {
    let width = known.get(codePoint);
    if (width === undefined) {
      const glyph = Math.min(glyphOf(data, cmap, codePoint), metrics - 1);
      width = data.getUint16(at.hmtx + 4 * glyph) / unitsPerEm;
      known.set(codePoint, width);
    }
    return width;
  };
}

const advances: { regular?: Advance; bold?: Advance } = {};

/**
 * Width of a line of text in the shipped font.
 *
 * @param text one line
 * @param fontSize in pixels
 * @param bold whether the bold cut is meant
 * @returns pixels; kerning is not counted
 */
export function textWidth(text: string, fontSize: number, bold = false): number {
  const advance = bold ? (advances.bold ??= load(fontFiles[1])) : (advances.regular ??= load(fontFiles[0]));
  let sum = 0;
  for (const character of text) sum += advance(character.codePointAt(0)!);
  return sum * fontSize;
}
