import * as fs from "node:fs";
import * as zlib from "node:zlib";
import { UserError } from "./user-error";
import { parseExpressions, type Expression } from "./vnnlib-expressions";

/** Bounds of every input. */
export interface InputBox {
  readonly lo: number[];
  readonly hi: number[];
}

/** Boxes that the alternatives of one file may make, and bounds in them. */
const mostBoxes = 10_000;
const mostSides = 1_000_000;
const mostUnpacked = 2 ** 28;

const words = (e: Expression): string => {
  const text = typeof e === "string" ? e : `(${e.map(words).join(" ")})`;
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
};

/** The number that an expression is; undefined for a variable or a sum. */
function constant(e: Expression): number | undefined {
  if (typeof e === "string") return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(e) ? Number(e) : undefined;
  const value = e.length === 2 && (e[0] === "-" || e[0] === "+") ? constant(e[1]) : undefined;
  return value === undefined || e[0] === "+" ? value : -value;
}

const mentions = (e: Expression, kind: RegExp): boolean =>
  typeof e === "string" ? kind.test(e) : e.some((part) => mentions(part, kind));

const input = /^X_\d+$/;
const output = /^Y_\d+$/;

/** Lower and upper bounds of those inputs that have any. */
type Sides = Map<number, readonly [lo: number, hi: number]>;

function narrow(sides: Sides, by: Sides): Sides {
  for (const [index, [lo, hi]] of by) {
    const [l, h] = sides.get(index) ?? [-Infinity, Infinity];
    sides.set(index, [Math.max(l, lo), Math.min(h, hi)]);
  }
  return sides;
}

/** Each box once, without those that are empty. */
function distinct(boxes: readonly Sides[]): Sides[] {
  const full = boxes.filter((sides) => [...sides.values()].every(([lo, hi]) => lo <= hi));
  return [...new Map(full.map((sides) => [[...sides].sort(([i], [j]) => i - j).join(), sides])).values()];
}

/** Reads assertions as unions of boxes; what they say of outputs is the property and no part of the domain. */
class Domain {
  constructor(
    private readonly inputs: number,
    private readonly fail: (what: string) => never,
  ) {}

  private checkSize(boxes: number, sides: number): void {
    if (boxes > mostBoxes || sides > mostSides)
      this.fail(`its alternatives make ${boxes} boxes: more than can be held`);
  }

  /** The boxes of all of these. */
  all(assertions: readonly Expression[]): Sides[] {
    const bounds: Sides = new Map();
    const unions: Sides[][] = [];
    for (const assertion of assertions) {
      const boxes = this.of(assertion);
      if (boxes.length === 1) narrow(bounds, boxes[0]);
      else unions.push(boxes);
    }
    return unions.reduce(
      (found, union) => {
        const sides = (boxes: readonly Sides[]) => boxes.reduce((sum, { size }) => sum + size, 0);
        this.checkSize(
          found.length * union.length,
          found.length * sides(union) + union.length * sides(found),
        );
        return distinct(found.flatMap((a) => union.map((b) => narrow(new Map(a), b))));
      },
      distinct([bounds]),
    );
  }

  private of(e: Expression): Sides[] {
    if (typeof e === "string") return this.fail(`${e} is no assertion on an input`);
    const [head, ...rest] = e;
    if (head === "and") return this.all(rest);
    if (head === "or") {
      const boxes = rest.flatMap((one) => this.of(one));
      this.checkSize(boxes.length, 0);
      return distinct(boxes);
    }
    if (typeof head !== "string" || !["<=", ">=", "<", ">", "="].includes(head) || rest.length < 2)
      return this.fail(`${words(e)}: only and, or, <=, >=, <, > and = are read`);
    const sides: Sides = new Map();
    if (mentions(e, output)) return [sides];
    for (let i = 1; i < rest.length; i++) narrow(sides, this.bound(head, rest[i - 1], rest[i], e));
    return [sides];
  }

  /** `left relation right`, one of them an input and the other one a number. */
  private bound(relation: string, left: Expression, right: Expression, e: Expression): Sides {
    const [a, b] = [constant(left), constant(right)];
    const [name, value, above] =
      b !== undefined ? [left, b, relation.includes(">")] : [right, a, relation.includes("<")];
    if (typeof name !== "string" || !input.test(name) || value === undefined || !Number.isFinite(value))
      return this.fail(`${words(e)} bounds no single input by a number, so the domain is no box`);
    const index = Number(name.slice(2));
    if (index >= this.inputs) this.fail(`${name} is not declared`);
    const equal = relation === "=";
    return new Map([[index, [above || equal ? value : -Infinity, above && !equal ? Infinity : value]]]);
  }
}

/**
 * The input boxes of a VNN-LIB property: inputs X_0, X_1, ..., outputs Y_0, ..., assertions of bounds, `and` and `or`.
 *
 * @param text the file's text
 * @param fail refuses the text, saying why
 * @returns the boxes, each once, without those that are empty
 * @see Guidotti, Demarchi, Tacchella and Pulina, The Verification of Neural Networks Library (VNN-LIB), 2023
 */
export function inputBoxes(text: string, fail: (what: string) => never): InputBox[] {
  const declared = new Set<number>();
  const assertions: Expression[] = [];
  for (const expression of parseExpressions(text, fail)) {
    const [head, ...rest] = typeof expression === "string" ? [expression] : expression;
    if (head === "declare-const" || head === "declare-fun") {
      const name = String(rest[0]);
      if (input.test(name)) declared.add(Number(name.slice(2)));
      else if (!output.test(name))
        fail(`${words(expression)}: inputs are named X_0, X_1, ..., and outputs Y_0, ...`);
    } else if (head === "assert" && rest.length === 1) assertions.push(rest[0]);
    else if (
      !["set-logic", "set-info", "set-option", "check-sat", "get-model", "exit"].includes(String(head))
    )
      fail(`${words(expression)} is not understood: declare-const and assert are`);
  }
  if (declared.size === 0) fail("it declares no inputs X_0, X_1, ...");
  const n = declared.size;
  for (let i = 0; i < n; i++) if (!declared.has(i)) fail(`it declares ${n} inputs, but no X_${i}`);
  const found = new Domain(n, fail).all(assertions);
  if (found.length === 0) fail("no input fulfils its assertions");
  return found.map((sides) => {
    const bounds = Array.from({ length: n }, (_, i) => sides.get(i) ?? [-Infinity, Infinity]);
    const open = bounds.findIndex(([lo, hi]) => lo === -Infinity || hi === Infinity);
    if (open >= 0) fail(`X_${open} has no ${bounds[open][0] === -Infinity ? "lower" : "upper"} bound`);
    return { lo: bounds.map(([lo]) => lo), hi: bounds.map(([, hi]) => hi) };
  });
}

function textOf(file: string): string {
  try {
    const bytes = fs.readFileSync(file);
    return (/\.gz$/i.test(file) ? zlib.gunzipSync(bytes, { maxOutputLength: mostUnpacked }) : bytes).toString(
      "utf8",
    );
  } catch (error) {
    throw new UserError(`--vnnlib ${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** How a box is written in a list of several. */
function shown({ lo, hi }: InputBox): string {
  const sides = lo.slice(0, 5).map((v, i) => (v === hi[i] ? String(v) : `${v}..${hi[i]}`));
  return `[${sides.join(", ")}${lo.length > 5 ? ", ..." : ""}]`;
}

/**
 * The box of `--vnnlib FILE`, or of `FILE#k` where the file has several.
 *
 * @throws UserError when it cannot be read, is no box, has several of them or other inputs than the network
 */
export function vnnlibBox(option: string, inputs: number): InputBox {
  const [, file, number] = /^(.*?)(?:#(\d+))?$/s.exec(option)!;
  const boxes = inputBoxes(textOf(file), (what) => {
    throw new UserError(`--vnnlib ${file}: ${what}`);
  });
  const given = boxes[0].lo.length;
  if (given !== inputs) {
    throw new UserError(`--vnnlib ${file}: declares ${given} inputs, but the network takes ${inputs}`);
  }
  if (number !== undefined) {
    const box = boxes[Number(number) - 1] as InputBox | undefined;
    if (box) return box;
    throw new UserError(
      `--vnnlib ${option}: the file has ${boxes.length} box${boxes.length === 1 ? "" : "es"}, counted from 1`,
    );
  }
  if (boxes.length === 1) return boxes[0];
  const list = boxes.slice(0, 4).map((box, k) => `#${k + 1} ${shown(box)}`);
  const more = boxes.length > 4 ? `; ... to #${boxes.length}` : "";
  throw new UserError(
    `--vnnlib ${file}: has ${boxes.length} boxes, say which one, as in --vnnlib ${file}#1: ${list.join("; ")}${more}`,
  );
}
