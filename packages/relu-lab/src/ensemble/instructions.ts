/**
 * What an engine executes. A program is a list of records of {@link recordLength} numbers: a code, then operands. Operands
 * called "at" are places in the engine's heap, counted in numbers; every place holds one double of each trial.
 *
 * The kernels in `assembly/ensemble` know these codes by the same numbers.
 */
export const recordLength = 20;

/** Codes of the records; the comments name the operands that follow. */
export const codes = {
  /** to, rows, columns, low, lowStride, span, spanStride */
  uniform: 0,
  /** to, data, rows, dataColumns, columns */
  draw: 1,
  /** kind, to, a, count */
  unary: 2,
  /** kind, ga, g, a, y, count, first */
  unaryGradient: 3,
  /** kind, to, rows, columns, a, aRow, aColumn, b, bRow, bColumn */
  binary: 4,
  /** kind, side, first, rows, columns, g, y, a, aRow, aColumn, b, bRow, bColumn, target */
  binaryGradient: 5,
  /** to, a, rows, columns */
  sumColumns: 6,
  /** to, a, rows, columns */
  sumRows: 7,
  /** ga, first, rows, columns, g, gRow, gColumn */
  spread: 8,
  /** to, a, table, count, width */
  gather: 9,
  /** ga, size, g, table, count, width, first */
  scatter: 10,
  /** to, toStride, a, aStride, rows, columns */
  copy: 11,
  /** ga, first, g, gStride, rows, columns */
  accumulate: 12,
  /** to, W, X, b or -1, outputs, inputs, columns, relu */
  dense: 13,
  /** g, y, count */
  mask: 14,
  /** gX, W, g, outputs, inputs, columns, first */
  denseInput: 15,
  /** gW, g, X, outputs, inputs, columns, first */
  denseWeights: 16,
  /** gb, g, outputs, columns, first */
  denseBiases: 17,
  /** to, u, w, b, v, d, width, columns, relu */
  block: 18,
  /** g, y, u, w, b, v, width, columns, relu, gu or -1, firstU, gw, firstW, gb, firstB, gv, firstV, gd, firstD */
  blockGradient: 19,
  /** to, a, b, count, scale */
  meanSquare: 20,
  /** g, a, b, count, scale, ga or -1, firstA, gb or -1, firstB */
  meanSquareGradient: 21,
  /** to, a, b, rows, columns, scratch */
  crossings: 22,
  /** g, a, b, rows, columns, ga, firstA, gb, firstB, scratch */
  crossingsGradient: 23,
  /** to, a, rows, columns */
  smallest: 24,
  /** to, z, x, y, factor, scale, least, count */
  boundaries: 25,
  /** g, to, z, x, y, factor, least, count, gz or -1, firstZ, gx or -1, firstX, gy or -1, firstY */
  boundariesGradient: 26,
  /** to, points, lines, signs, rows, lineCount, columns, margin, parallel */
  outsideRegion: 27,
  /** g, points, lines, signs, rows, lineCount, columns, margin, parallel, gPoints or -1, firstP, gLines or -1, firstL */
  outsideRegionGradient: 28,
} as const;

/** Functions of one number. */
export const unaryKinds = {
  relu: 0,
  step: 1,
  abs: 2,
  neg: 3,
  square: 4,
  sqrt: 5,
  exp: 6,
  log: 7,
  sinPi: 8,
  tent: 9,
  sign: 10,
} as const;
/** An operation of one value. */
export type UnaryKind = keyof typeof unaryKinds;

/** Functions of two numbers. */
export const binaryKinds = { add: 0, sub: 1, mul: 2, div: 3, max: 4, min: 5 } as const;
/** An operation of two values. */
export type BinaryKind = keyof typeof binaryKinds;

/** Functions without a slope: they are constants of differentiation. */
export const flatKinds: ReadonlySet<UnaryKind> = new Set<UnaryKind>(["step", "sign"]);
