/** Rows of `rowBytes` bytes copied by their indices; false, with nothing copied, when an index is not a row. */
export function copyRows(x: usize, rows: i32, rowBytes: i32, indices: usize, count: i32, out: usize): bool {
  for (let i = 0; i < count; i++) {
    if (load<u32>(indices + ((<usize>i) << 2)) >= <u32>rows) return false;
  }
  for (let i = 0; i < count; i++) {
    const index = load<u32>(indices + ((<usize>i) << 2));
    memory.copy(out, x + <usize>index * <usize>rowBytes, rowBytes);
    out += rowBytes;
  }
  return true;
}

/**
 * out = x + row, m x n, the row added to each row of x. `scratch` takes the row four times (16 n bytes): then every
 * vector of the tensor meets a whole vector, whatever n is.
 */
export function addRow(x: usize, row: usize, out: usize, m: i32, n: i32, scratch: usize): void {
  const rowBytes = (<usize>n) << 2;
  for (let i: usize = 0; i < 4; i++) memory.copy(scratch + i * rowBytes, row, rowBytes);
  const period = rowBytes << 2;
  let left = <usize>m * rowBytes;
  while (left >= period) {
    for (let at: usize = 0; at < period; at += 16) {
      v128.store(out + at, f32x4.add(v128.load(x + at), v128.load(scratch + at)));
    }
    x += period;
    out += period;
    left -= period;
  }
  for (let at: usize = 0; at < left; at += 4) {
    store<f32>(out + at, load<f32>(x + at) + load<f32>(scratch + at));
  }
}
