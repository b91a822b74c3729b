import type { Compiled } from "../graph/compile";
export async function networkFromHdf5(bytes: Uint8Array, options: object = {}): Promise<Compiled> {
  throw new TypeError(`later ${bytes.length} ${options}`);
}
export const networkFromKeras = networkFromHdf5;
