/** dz = dy where y > 0 (everywhere, if not `relu`), and its column sums: the gradient of the bias. m x n, dense. */
export function activationGradient(
  dy: usize,
  y: usize,
  relu: i32,
  dz: usize,
  dBias: usize,
  m: i32,
  n: i32,
): void {
  memory.fill(dBias, 0, n << 2);
  for (let i = 0; i < m; i++) {
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      const at = (<usize>j) << 2;
      let d = v128.load(dy + at);
      if (relu) d = v128.and(d, f32x4.gt(v128.load(y + at), f32x4.splat(0)));
      v128.store(dz + at, d);
      v128.store(dBias + at, f32x4.add(v128.load(dBias + at), d));
    }
    for (; j < n; j++) {
      const at = (<usize>j) << 2;
      let d = load<f32>(dy + at);
      if (relu && !(load<f32>(y + at) > 0)) d = 0;
      store<f32>(dz + at, d);
      store<f32>(dBias + at, load<f32>(dBias + at) + d);
    }
    dy += (<usize>n) << 2;
    y += (<usize>n) << 2;
    dz += (<usize>n) << 2;
  }
}

/** out = factor[0] * values. */
export function scale(values: usize, factor: usize, out: usize, n: i32): void {
  const f = load<f32>(factor);
  const ff = f32x4.splat(f);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(out + (i << 2), f32x4.mul(ff, v128.load(values + (i << 2))));
  }
  for (; i < n; i++) store<f32>(out + (i << 2), f * load<f32>(values + (i << 2)));
}

/** out[j] = sum over i of x[i][j], m x n. Sums of 128 rows are added up, so that long ones lose few digits. */
export function columnSums(x: usize, out: usize, m: i32, n: i32): void {
  const row = (<usize>n) << 2;
  memory.fill(out, 0, row);
  for (let i0 = 0; i0 < m; i0 += 128) {
    const rows = m - i0 < 128 ? m - i0 : 128;
    let j = 0;
    for (; j + 4 <= n; j += 4) {
      let at = x + ((<usize>j) << 2);
      let sum = f32x4.splat(0);
      for (let i = 0; i < rows; i++) {
        sum = f32x4.add(sum, v128.load(at));
        at += row;
      }
      const to = out + ((<usize>j) << 2);
      v128.store(to, f32x4.add(v128.load(to), sum));
    }
    for (; j < n; j++) {
      let at = x + ((<usize>j) << 2);
      let sum: f32 = 0;
      for (let i = 0; i < rows; i++) {
        sum += load<f32>(at);
        at += row;
      }
      const to = out + ((<usize>j) << 2);
      store<f32>(to, load<f32>(to) + sum);
    }
    x += <usize>rows * row;
  }
}
