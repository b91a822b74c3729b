// The kernels of assembly/ensemble for one trial, with the same order of every sum: the oracle they are compared with, bit by
// bit. `h` is the heap; places are indices.
import { exponential, logarithm, sinPi } from "./elementary";

export function unary(kind: number, x: number): number {
  switch (kind) {
    case 0:
      return x > 0 ? x : 0;
    case 1:
      return x > 0 ? 1 : 0;
    case 2:
      return Math.abs(x);
    case 3:
      return -x;
    case 4:
      return x * x;
    case 5:
      return Math.sqrt(x);
    case 6:
      return exponential(x);
    case 7:
      return logarithm(x);
    case 8:
      return sinPi(x);
    case 9:
      return x <= 0.5 ? 2 * x : 2 - 2 * x;
    default:
      return x > 0 ? 1 : x < 0 ? -1 : 0;
  }
}

/** g times the slope at x, where the value is y. */
export function unarySlope(kind: number, g: number, x: number, y: number): number {
  switch (kind) {
    case 0:
      return x > 0 ? g : 0;
    case 2:
      return x > 0 ? g : x < 0 ? -g : 0;
    case 3:
      return -g;
    case 4:
      return g * (x + x);
    case 5:
      return g / (y + y);
    case 6:
      return g * y;
    case 7:
      return g / x;
    case 8:
      return g * (sinPi(x + 0.5) * Math.PI);
    default:
      return x <= 0.5 ? g + g : -(g + g);
  }
}

export function binary(kind: number, a: number, b: number): number {
  switch (kind) {
    case 0:
      return a + b;
    case 1:
      return a - b;
    case 2:
      return a * b;
    case 3:
      return a / b;
    case 4:
      return a >= b ? a : b;
    default:
      return a <= b ? a : b;
  }
}

/** g times the slope in a (side 0) or in b (side 1). */
export function binarySlope(kind: number, side: number, g: number, a: number, b: number, y: number): number {
  switch (kind) {
    case 0:
      return g;
    case 1:
      return side === 0 ? g : -g;
    case 2:
      return side === 0 ? g * b : g * a;
    case 3:
      return side === 0 ? g / b : -((g / b) * y);
    case 4:
      return a >= b === (side === 0) ? g : 0;
    default:
      return a <= b === (side === 0) ? g : 0;
  }
}

/** Four interleaved partial sums, (0 + 1) + (2 + 3): adders need not wait for each other. */
export function sum(count: number, term: (i: number) => number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    s0 += term(i);
    s1 += term(i + 1);
    s2 += term(i + 2);
    s3 += term(i + 3);
  }
  for (; i < count; i++) s0 += term(i);
  return s0 + s1 + (s2 + s3);
}

type Heap = Float64Array;
/** The numbers after a record's code. */
type Operands = Iterable<number>;

export function dense(h: Heap, [to, W, X, b, outputs, inputs, columns, relu]: Operands): void {
  for (let o = 0; o < outputs; o++) {
    for (let s = 0; s < columns; s++) {
      let z = b < 0 ? 0 : h[b + o];
      for (let i = 0; i < inputs; i++) z += h[W + o * inputs + i] * h[X + i * columns + s];
      h[to + o * columns + s] = relu === 1 && !(z > 0) ? 0 : z;
    }
  }
}

export function denseInput(h: Heap, [gX, W, g, outputs, inputs, columns, first]: Operands): void {
  for (let i = 0; i < inputs; i++) {
    for (let s = 0; s < columns; s++) {
      const at = gX + i * columns + s;
      let sum = first === 1 ? 0 : h[at];
      for (let o = 0; o < outputs; o++) sum += h[W + o * inputs + i] * h[g + o * columns + s];
      h[at] = sum;
    }
  }
}

export function denseWeights(h: Heap, [gW, g, X, outputs, inputs, columns, first]: Operands): void {
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      const at = gW + o * inputs + i;
      let sum = first === 1 ? 0 : h[at];
      for (let s = 0; s < columns; s++) sum += h[g + o * columns + s] * h[X + i * columns + s];
      h[at] = sum;
    }
  }
}

export function denseBiases(h: Heap, [gb, g, outputs, columns, first]: Operands): void {
  for (let o = 0; o < outputs; o++) {
    let sum = first === 1 ? 0 : h[gb + o];
    for (let s = 0; s < columns; s++) sum += h[g + o * columns + s];
    h[gb + o] = sum;
  }
}

export function block(h: Heap, [to, u, w, b, v, d, width, columns, relu]: Operands): void {
  for (let s = 0; s < columns; s++) {
    let y = h[d];
    for (let k = 0; k < width; k++) {
      const z = h[b + k] + h[w + k] * h[u + s];
      y += h[v + k] * (z > 0 ? z : 0);
    }
    h[to + s] = relu === 1 && !(y > 0) ? 0 : y;
  }
}

export function blockGradient(h: Heap, [g, y, u, w, b, v, width, columns, relu, ...into]: Operands): void {
  const [gu, firstU, gw, firstW, gb, firstB, gv, firstV, gd, firstD] = into;
  if (relu === 1) for (let s = 0; s < columns; s++) if (!(h[y + s] > 0)) h[g + s] = 0;
  let sum = firstD === 1 ? 0 : h[gd];
  for (let s = 0; s < columns; s++) sum += h[g + s];
  h[gd] = sum;
  if (gu >= 0 && firstU === 1) h.fill(0, gu, gu + columns);
  for (let k = 0; k < width; k++) {
    let sumW = firstW === 1 ? 0 : h[gw + k];
    let sumB = firstB === 1 ? 0 : h[gb + k];
    let sumV = firstV === 1 ? 0 : h[gv + k];
    for (let s = 0; s < columns; s++) {
      const z = h[b + k] + h[w + k] * h[u + s];
      const on = z > 0;
      sumV += h[g + s] * (on ? z : 0);
      const gz = on ? h[v + k] * h[g + s] : 0;
      sumW += gz * h[u + s];
      sumB += gz;
      if (gu >= 0) h[gu + s] += h[w + k] * gz;
    }
    h[gw + k] = sumW;
    h[gb + k] = sumB;
    h[gv + k] = sumV;
  }
}

export function crossings(h: Heap, [to, a, b, rows, columns]: Operands): void {
  for (let s = 0; s < columns; s++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const p = i * columns + s;
      let own = 0;
      for (let j = i + 1; j < rows; j++) {
        const q = j * columns + s;
        own += Math.abs(h[a + p] * h[b + q] - h[b + p] * h[a + q]);
      }
      sum += own;
    }
    h[to + s] = sum;
  }
}

export function crossingsGradient(h: Heap, [g, a, b, rows, columns, ga, firstA, gb, firstB]: Operands): void {
  const count = rows * columns;
  if (ga >= 0 && firstA === 1) h.fill(0, ga, ga + count);
  if (gb >= 0 && firstB === 1) h.fill(0, gb, gb + count);
  // Every neuron against all others, each pair from both sides: no sum waits for another neuron's.
  for (let s = 0; s < columns; s++) {
    for (let i = 0; i < rows; i++) {
      const p = i * columns + s;
      let [sumA, sumB] = [0, 0];
      for (let j = 0; j < rows; j++) {
        if (j === i) continue;
        const q = j * columns + s;
        const sine = h[a + p] * h[b + q] - h[b + p] * h[a + q];
        const negative = j < i ? sine <= 0 : sine < 0; // the two sides of a pair are opposite, at 0 too
        sumA += negative ? -h[b + q] : h[b + q];
        sumB += negative ? -h[a + q] : h[a + q];
      }
      if (ga >= 0) h[ga + p] += h[g + s] * sumA;
      if (gb >= 0) h[gb + p] -= h[g + s] * sumB;
    }
  }
}

const inverseLength = (x: number, y: number, least: number) => 1 / Math.sqrt(x * x + y * y + least);

export function boundaries(h: Heap, [to, z, x, y, factor, scale, least, count]: Operands): void {
  for (let i = 0; i < count; i++) {
    const r = inverseLength(h[x + i], h[y + i], h[least]);
    const d = h[z + i] * r;
    const k = h[scale] * exponential(h[factor] * (d * d));
    h[to + i] = k;
    h[to + count + i] = k * (h[x + i] * r);
    h[to + 2 * count + i] = k * (h[y + i] * r);
  }
}

export function boundariesGradient(
  h: Heap,
  [g, to, z, x, y, factor, least, count, gz, firstZ, gx, firstX, gy, firstY]: Operands,
): void {
  const add = (place: number, first: number, value: number) => {
    if (place >= 0) h[place] = (first === 1 ? 0 : h[place]) + value;
  };
  for (let i = 0; i < count; i++) {
    const [xi, yi, zi, k] = [h[x + i], h[y + i], h[z + i], h[to + i]];
    const [g1, g2] = [h[g + count + i], h[g + 2 * count + i]];
    const r = inverseLength(xi, yi, h[least]);
    const gk = h[g + i] + g1 * (xi * r) + g2 * (yi * r);
    const gd = gk * (k * ((h[factor] + h[factor]) * (zi * r)));
    const [k1, k2] = [g1 * k, g2 * k];
    const slope = (k1 * xi + k2 * yi + gd * zi) * (r * (r * r));
    add(gz < 0 ? gz : gz + i, firstZ, gd * r);
    add(gx < 0 ? gx : gx + i, firstX, k1 * r - slope * xi);
    add(gy < 0 ? gy : gy + i, firstY, k2 * r - slope * yi);
  }
}

export function outsideRegion(
  h: Heap,
  [to, points, lines, signs, rows, lineCount, columns, margin, parallel]: Operands,
): void {
  const count = rows * columns;
  h.fill(0, to, to + count);
  for (let k = 0; k < lineCount; k++) {
    const [a, b, c] = [h[lines + k], h[lines + lineCount + k], h[lines + 2 * lineCount + k]];
    for (let i = 0; i < count; i++) {
      const w = h[points + 2 * count + i];
      const sign = h[signs + k * columns + (i % columns)];
      const side = w > h[parallel] ? sign : w < -h[parallel] ? -sign : 0;
      const at = a * h[points + i] + b * h[points + count + i] + c * w;
      const hinge = h[margin] * Math.abs(w) - side * at;
      h[to + i] += sign !== 0 && hinge > 0 ? hinge : 0;
    }
  }
}

export function outsideRegionGradient(
  h: Heap,
  [g, points, lines, signs, rows, lineCount, columns, margin, parallel, ...into]: Operands,
): void {
  const [gPoints, firstP, gLines, firstL] = into;
  const count = rows * columns;
  if (gPoints >= 0 && firstP === 1) h.fill(0, gPoints, gPoints + 3 * count);
  for (let k = 0; k < lineCount; k++) {
    const [a, b, c] = [h[lines + k], h[lines + lineCount + k], h[lines + 2 * lineCount + k]];
    const start = (d: number) => (gLines < 0 || firstL === 1 ? 0 : h[gLines + d * lineCount + k]);
    let [sumA, sumB, sumC] = [start(0), start(1), start(2)];
    for (let i = 0; i < count; i++) {
      const [x, y, w] = [h[points + i], h[points + count + i], h[points + 2 * count + i]];
      const sign = h[signs + k * columns + (i % columns)];
      const side = w > h[parallel] ? sign : w < -h[parallel] ? -sign : 0;
      const hinge = h[margin] * Math.abs(w) - side * (a * x + b * y + c * w);
      const own = sign !== 0 && hinge > 0 ? h[g + i] : 0;
      const turned = own * side;
      sumA -= turned * x;
      sumB -= turned * y;
      sumC -= turned * w;
      if (gPoints < 0) continue;
      h[gPoints + i] -= turned * a;
      h[gPoints + count + i] -= turned * b;
      const open = own * h[margin];
      h[gPoints + 2 * count + i] += (w > 0 ? open : w < 0 ? -open : 0) - turned * c;
    }
    if (gLines < 0) continue;
    h[gLines + k] = sumA;
    h[gLines + lineCount + k] = sumB;
    h[gLines + 2 * lineCount + k] = sumC;
  }
}
