import type { Block, BlockActivation, ImageShape } from "./blocks";

/** A layer of a JSON document that is not a plain dense one with a ReLU or none. */
export type JsonBlock = Record<string, unknown>;

/** Refuses a field of the document: what it is, and what would be right. */
export function fail(where: string, what: string): never {
  throw new TypeError(`network JSON: ${where} ${what}`);
}

/** The value as finite numbers. */
export function numberArray(value: unknown, where: string): number[] {
  if (!Array.isArray(value)) fail(where, `must be an array of numbers, but is ${typeof value}`);
  for (const [i, v] of value.entries()) {
    if (typeof v !== "number" || !Number.isFinite(v))
      fail(
        `${where}[${i}]`,
        `must be a finite number, but is ${typeof v === "number" ? v : JSON.stringify(v)}`,
      );
  }
  return value as number[];
}

/** The value as rows of finite numbers. */
export function numberRows(value: unknown, where: string): number[][] {
  if (!Array.isArray(value)) fail(where, "must be an array of rows");
  return value.map((row, i) => numberArray(row, `${where}[${i}]`));
}

function wholes(value: unknown, where: string, length: number, least: number): number[] {
  const given = numberArray(value, where);
  if (given.length !== length || given.some((v) => !Number.isInteger(v) || v < least))
    fail(where, `must be ${length} whole numbers of ${least} or more, but is ${JSON.stringify(value)}`);
  return given;
}

function whole(value: unknown, where: string): number {
  return wholes([value], where, 1, 1)[0];
}

function activationOf(value: unknown, where: string): BlockActivation {
  if (value === "relu" || value === "linear") return value;
  const slope = (value as { leaky?: unknown } | null | undefined)?.leaky;
  if (typeof slope !== "number" || !Number.isFinite(slope))
    fail(where, `must be "relu", "linear" or { "leaky": slope }, but is ${JSON.stringify(value)}`);
  return { leaky: slope };
}

function paddingOf(value: unknown, where: string): Extract<Block, { type: "convolution" }>["padding"] {
  if (value === undefined || value === "valid" || value === "same") return value;
  return wholes(value, where, 4, 0) as [number, number, number, number];
}

/** Whether a layer is one that only blocks describe: a type of its own, or a leaky ReLU. */
export function isBlock(layer: Record<string, unknown>): boolean {
  const { type, activation } = layer;
  return (type !== undefined && type !== "dense") || (typeof activation === "object" && activation !== null);
}

/**
 * A layer of a JSON document as a block: `{ W, b, activation }`, or with a `type` of "convolution", "max-pool",
 * "average-pool", "activation" or "residual", the fields those of {@link Block}.
 *
 * @throws TypeError that names the field which is not right
 */
export function blockOf(layer: unknown, where: string): Block {
  if (typeof layer !== "object" || layer === null || Array.isArray(layer))
    fail(where, "must be an object with W and b");
  const { type = "dense", W, b, activation, kernel, size, stride, padding, blocks } = layer as JsonBlock;
  switch (type) {
    case "dense":
      return {
        type,
        W: numberRows(W, `${where}.W`),
        b: numberArray(b, `${where}.b`),
        activation: activationOf(activation, `${where}.activation`),
      };
    case "convolution":
      return {
        type,
        kernel: numberArray(kernel, `${where}.kernel`),
        size: wholes(size, `${where}.size`, 2, 1) as [number, number],
        b: numberArray(b, `${where}.b`),
        ...(stride === undefined
          ? {}
          : {
              stride: Array.isArray(stride)
                ? (wholes(stride, `${where}.stride`, 2, 1) as [number, number])
                : whole(stride, `${where}.stride`),
            }),
        padding: paddingOf(padding, `${where}.padding`),
        activation: activationOf(activation, `${where}.activation`),
      };
    case "max-pool":
    case "average-pool":
      return {
        type,
        size: whole(size, `${where}.size`),
        ...(stride === undefined ? {} : { stride: whole(stride, `${where}.stride`) }),
      };
    case "activation":
      return { type, activation: activationOf(activation, `${where}.activation`) };
    case "residual":
      if (!Array.isArray(blocks)) fail(`${where}.blocks`, "must be an array of layers");
      return { type, blocks: blocks.map((block, i) => blockOf(block, `${where}.blocks[${i}]`)) };
    default:
      return fail(
        `${where}.type`,
        `is ${JSON.stringify(type)}: "dense", "convolution", "max-pool", "average-pool", "activation" or "residual" is needed`,
      );
  }
}

/** What the first layer reads: `input` (a number, or [height, width, channels]), else `sizes[0]`, else W's columns. */
export function inputOf({ input, sizes, layers }: Record<string, unknown>): number | ImageShape {
  if (Array.isArray(input)) return wholes(input, "input", 3, 1) as unknown as ImageShape;
  if (input !== undefined) return whole(input, "input");
  if (Array.isArray(sizes)) return whole(sizes[0], "sizes[0]");
  const { W } = (layers as JsonBlock[])[0];
  return numberRows(W, "layers[0].W")[0]?.length ?? 0;
}
