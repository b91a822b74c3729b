import * as fs from "node:fs";
import type { NetworkDocument } from "./document";
import { blame, UserError } from "./user-error";

/** A number in words; NaN for none, which `Number` takes for 0. */
export const toNumber = (text: string): number => (text.trim() === "" ? NaN : Number(text));

/** How points are written, for complaints. */
export const pointSyntax = "a list such as [0,1], a JSON file of numbers, or mnist:I";

/** Splits at commas outside of brackets. */
function parts(text: string): string[] {
  const found = [""];
  let depth = 0;
  for (const letter of text) {
    if (letter === "[") depth++;
    if (letter === "]") depth--;
    if (letter === "," && depth === 0) found.push("");
    else found[found.length - 1] += letter;
  }
  return found.map((part) => part.trim());
}

const isNumber = (text: string) => Number.isFinite(toNumber(text));

/** Training images, each pixel from 0 to 1. */
async function digits(indices: readonly string[], option: string, document: NetworkDocument) {
  const { network, file, notes } = document;
  // Loaded when asked for: nothing else on the command line needs a data set.
  const { loadMnist } = await import("../datasets/index.js");
  const { train } = await loadMnist({
    log: (line) => {
      if (!notes.includes(line)) notes.push(line); // not on the answer's own stream
    },
  });
  const wrong = indices.find((text) => !(/^\d+$/.test(text) && Number(text) < train.count));
  if (wrong !== undefined) {
    throw new UserError(
      `${option}: "${wrong}" is not the number of a training image, 0 to ${train.count - 1}`,
    );
  }
  const size = train.images.length / train.count;
  if (network.inputs !== size) {
    throw new UserError(`${file}: takes ${network.inputs} inputs, but a digit has ${size} pixels`);
  }
  return indices.map((text) => {
    const start = Number(text) * size;
    return Array.from(train.images.subarray(start, start + size), (pixel) => pixel / 255);
  });
}

/** Numbers of nested lists, such as an image's rows, in their order. */
function flat(value: unknown, place: string): number[] {
  const list = Array.isArray(value) ? (value.flat(16) as unknown[]) : [value];
  const wrong = list.findIndex((v) => typeof v !== "number" || !Number.isFinite(v));
  if (wrong >= 0) {
    throw new UserError(
      `${place}: number ${wrong} is ${JSON.stringify(list[wrong])}: a finite number is needed`,
    );
  }
  return list as number[];
}

function checked(point: number[], place: string, { file, network }: NetworkDocument): number[] {
  if (point.length === network.inputs) return point;
  const numbers = `${point.length} number${point.length === 1 ? "" : "s"}`;
  throw new UserError(`${place} has ${numbers}, but ${file} takes ${network.inputs} inputs`);
}

/** The points in a JSON file: one, a list of them, or { "x" } and { "points" }. */
function pointsInFile(name: string, option: string, document: NetworkDocument): number[][] {
  let text: string;
  try {
    text = fs.readFileSync(name, "utf8");
  } catch {
    throw new UserError(`${option}: "${name}" is no readable file: ${pointSyntax} is needed`);
  }
  const parsed = blame(`${name}: not JSON`, () => JSON.parse(text) as unknown);
  const fields = (typeof parsed === "object" && !Array.isArray(parsed) ? parsed : {}) as Record<
    string,
    unknown
  >;
  const value = fields.points ?? fields.x ?? parsed;
  if (!Array.isArray(value)) throw new UserError(`${name}: a list of numbers is needed, or "points" or "x"`);
  const { inputs } = document.network;
  const one = value.flat(16).length === inputs || (inputs > 1 && !value.some(Array.isArray));
  if (one) return [checked(flat(value, name), name, document)]; // nested, where it is an image
  return value.map((point, i) =>
    checked(flat(point, `${name}: point ${i}`), `${name}: point ${i}`, document),
  );
}

/**
 * The points of an option's value: lists `[0,0],[1,1]`, JSON files, `mnist:I,J`; a single point may lack its brackets.
 *
 * @param text what stands after the option
 * @param option how complaints begin, such as "--line"
 * @param document the network that takes the points, and where notes of the data set go
 * @returns points of as many numbers as the network has inputs
 */
export async function readPoints(
  text: string,
  option: string,
  document: NetworkDocument,
): Promise<number[][]> {
  const { inputs } = document.network;
  const place = `${option} ${text}`;
  const words = parts(text);
  if (words.every(isNumber) && (inputs > 1 || words.length === 1)) {
    if (words.length !== inputs && words.length % inputs === 0)
      throw new UserError(
        `${place}: write each point in brackets, such as [${words.slice(0, inputs).join(",")}]`,
      );
    return [checked(words.map(toNumber), place, document)];
  }
  const points: number[][] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word.startsWith("mnist:")) {
      const indices = [word.slice("mnist:".length)];
      while (i + 1 < words.length && /^\d+$/.test(words[i + 1])) indices.push(words[++i]);
      points.push(...(await digits(indices, place, document)));
    } else if (word.startsWith("[")) {
      const list = blame(`${place}: "${word}" is no list`, () => JSON.parse(word) as unknown);
      points.push(checked(flat(list, place), `${option}: ${word}`, document));
    } else if (isNumber(word) && inputs === 1) points.push([toNumber(word)]);
    else if (word === "" || isNumber(word)) {
      throw new UserError(`${place}: points separated by commas are needed, each ${pointSyntax}`);
    } else points.push(...pointsInFile(word, option, document));
  }
  return points;
}
