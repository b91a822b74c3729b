/** out[i] = factor * bytes[i] for n bytes. */
export function scaleBytes(bytes: usize, out: usize, n: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const wide = v128.load_ext<u8>(bytes + i); // eight 16-bit numbers
    const at = out + ((<usize>i) << 2);
    v128.store(at, f32x4.mul(f, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(wide))));
    v128.store(at, f32x4.mul(f, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(wide))), 16);
  }
  for (; i < n; i++) store<f32>(out + ((<usize>i) << 2), factor * <f32>load<u8>(bytes + i));
}
