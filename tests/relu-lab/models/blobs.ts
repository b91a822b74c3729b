import { random } from "relu-lab";

/** Small grey images of classes that can be told apart: each class has a bright square of its own, with noise. */
export function blobs(count: number, classes: number, rows: number, seed: number) {
  const g = random.generator(seed);
  const labels = Uint8Array.from({ length: count }, () => g.integer(classes));
  const images = new Uint8Array(count * rows * rows);
  for (let i = 0; i < count; i++) {
    const [top, left] = [(labels[i] * 3) % (rows - 3), (labels[i] * 5) % (rows - 3)];
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < rows; x++) {
        const lit = y >= top && y < top + 4 && x >= left && x < left + 4;
        images[(i * rows + y) * rows + x] = (lit ? 120 : 0) + g.integer(lit ? 135 : 60);
      }
    }
  }
  return { images, labels, count };
}
