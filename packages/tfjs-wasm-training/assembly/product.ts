import { ACCUMULATE, BIAS, RELU, padRow, tile, upTo8 } from "./tile";

const BLOCK_K: i32 = 256; // a panel of B is then 8 kB and stays in the first-level cache
const BLOCK_M: i32 = 64;

/** Bytes of scratch that `product` needs. */
export function productScratch(n: i32, k: i32): i32 {
  const depth = k < BLOCK_K ? k : BLOCK_K;
  return 128 + (upTo8(n) << 2) * (depth + 2);
}

/** `depth` rows of B from row k0 on as panels of 8 columns, [panel][row][8], the last one filled with zeros. */
export function packPanels(
  out: usize,
  b: usize,
  rowB: usize,
  columnB: usize,
  n: i32,
  k0: i32,
  depth: i32,
): void {
  for (let j = 0; j < n; j += 8) {
    let from = b + <usize>k0 * rowB + <usize>j * columnB;
    const columns = n - j < 8 ? n - j : 8;
    if (columns === 8 && columnB === 4) {
      for (let k = 0; k < depth; k++) {
        v128.store(out, v128.load(from));
        v128.store(out, v128.load(from, 16), 16);
        from += rowB;
        out += 32;
      }
    } else if (columns === 8 && rowB === 4) {
      out = packTransposed(out, from, columnB, depth);
    } else {
      for (let k = 0; k < depth; k++) {
        for (let i = 0; i < 8; i++) {
          store<f32>(out + (i << 2), i < columns ? load<f32>(from + <usize>i * columnB) : 0);
        }
        from += rowB;
        out += 32;
      }
    }
  }
}

/** Eight columns that lie as rows: turned four by four in registers. */
function packTransposed(out: usize, from: usize, column: usize, depth: i32): usize {
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    turn(out, from, column);
    turn(out + 16, from + 4 * column, column);
    from += 16;
    out += 128;
  }
  for (; k < depth; k++) {
    for (let i = 0; i < 8; i++) store<f32>(out + (i << 2), load<f32>(from + <usize>i * column));
    from += 4;
    out += 32;
  }
  return out;
}

// @ts-ignore: decorator
@inline
function turn(out: usize, from: usize, column: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + column);
  const r2 = v128.load(from + 2 * column);
  const r3 = v128.load(from + 3 * column);
  const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<i64>(low01, low23, 0, 2));
  v128.store(out, v128.shuffle<i64>(low01, low23, 1, 3), 32);
  v128.store(out, v128.shuffle<i64>(high01, high23, 0, 2), 64);
  v128.store(out, v128.shuffle<i64>(high01, high23, 1, 3), 96);
}

/**
 * C = A B, then a bias row (unless `bias` is 0) and max(0, .) (if `relu`).
 *
 * A(i, k) lies at a + i rowA + k columnA, B(k, j) at b + k rowB + j columnB, in bytes, so that any transposition is
 * only a pair of numbers; C is m x n, dense. K is cut into equal blocks of at most 256.
 */
export function product(
  a: usize,
  rowA: usize,
  columnA: usize,
  b: usize,
  rowB: usize,
  columnB: usize,
  c: usize,
  m: i32,
  n: i32,
  k: i32,
  bias: usize,
  relu: i32,
  scratch: usize,
): void {
  const edge = scratch; // one tile
  const biasRow = scratch + 128;
  const panels = biasRow + (upTo8(n) << 2);
  if (bias !== 0) padRow(biasRow, bias, n);
  const rowC = <usize>n << 2;
  const blocks = (k + BLOCK_K - 1) / BLOCK_K;
  const blockK = (k + blocks - 1) / blocks;
  for (let k0 = 0; k0 < k; k0 += blockK) {
    const depth = k - k0 < blockK ? k - k0 : blockK;
    packPanels(panels, b, rowB, columnB, n, k0, depth);
    let mode = k0 > 0 ? ACCUMULATE : 0;
    if (k0 + depth === k) mode |= (bias !== 0 ? BIAS : 0) | (relu ? RELU : 0);
    for (let i0 = 0; i0 < m; i0 += BLOCK_M) {
      const i1 = i0 + BLOCK_M < m ? i0 + BLOCK_M : m;
      for (let j = 0; j < n; j += 8) {
        const panel = panels + <usize>j * <usize>(depth << 2);
        for (let i = i0; i < i1; i += 4) {
          const p = a + <usize>i * rowA + <usize>k0 * columnA;
          const to = c + <usize>i * rowC + (<usize>j << 2);
          const rows = m - i < 4 ? m - i : 4;
          const columns = n - j < 8 ? n - j : 8;
          const p1 = rows > 1 ? p + rowA : p;
          const p2 = rows > 2 ? p + 2 * rowA : p;
          const p3 = rows > 3 ? p + 3 * rowA : p;
          const at = biasRow + (<usize>j << 2);
          if (rows === 4 && columns === 8) {
            tile(p, p1, p2, p3, 1, 0, depth, columnA, panel, 32, to, rowC, mode, at);
          } else {
            if (mode & ACCUMULATE) copyBlock(edge, 32, to, rowC, rows, columns);
            tile(p, p1, p2, p3, 1, 0, depth, columnA, panel, 32, edge, 32, mode, at);
            copyBlock(to, rowC, edge, 32, rows, columns);
          }
        }
      }
    }
  }
}

function copyBlock(to: usize, rowTo: usize, from: usize, rowFrom: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) store<f32>(to + (j << 2), load<f32>(from + (j << 2)));
    to += rowTo;
    from += rowFrom;
  }
}
