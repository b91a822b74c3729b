import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";

const { fromBlocks } = network;

/** Multiples of 1/8 up to 2 in size: sums and products of a few are exact, so results must be equal, not close. */
const dyadic = (g: random.Generator) => () => (g.integer(33) - 16) / 8;
const numbers = (length: number, next: () => number) => Array.from({ length }, next);

function convolve(
  image: number[],
  [h, w, c]: number[],
  kernel: number[],
  [kh, kw]: number[],
  b: number[],
  stride: number,
  same: boolean,
) {
  const f = b.length;
  const out = (n: number, k: number) => (same ? Math.ceil(n / stride) : Math.floor((n - k) / stride) + 1);
  const [oh, ow] = [out(h, kh), out(w, kw)];
  const pad = (n: number, k: number, o: number) =>
    same ? Math.floor(Math.max((o - 1) * stride + k - n, 0) / 2) : 0;
  const result: number[] = [];
  for (let y = 0; y < oh; y++)
    for (let x = 0; x < ow; x++)
      for (let k = 0; k < f; k++) {
        let z = b[k];
        for (let i = 0; i < kh; i++)
          for (let j = 0; j < kw; j++)
            for (let q = 0; q < c; q++) {
              const [py, px] = [y * stride + i - pad(h, kh, oh), x * stride + j - pad(w, kw, ow)];
              if (py >= 0 && px >= 0 && py < h && px < w)
                z += image[(py * w + px) * c + q] * kernel[((i * kw + j) * c + q) * f + k];
            }
        result.push(z);
      }
  return { values: result, shape: [oh, ow, f] };
}

const relu = (values: number[]) => values.map((z) => Math.max(0, z));

test("the specification's convolution and pool", () => {
  const image = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const convolution = {
    type: "convolution",
    kernel: [-1, 0, 0, 1],
    size: [2, 2],
    b: [0],
    activation: "relu",
  } as const;
  assert.equal([...fromBlocks([convolution], [3, 3, 1]).forward(image)], [4, 4, 4, 4]);
  assert.equal([...fromBlocks([convolution, { type: "max-pool", size: 2 }], [3, 3, 1]).forward(image)], [4]);
});

test("leaky ReLU is exact, and shares its boundary with its negative half", () => {
  const g = random.generator(1);
  const next = dyadic(g);
  for (const slope of [0.01, 0.5, 1 / 3, -0.25]) {
    const W = [numbers(2, next), numbers(2, next), numbers(2, next)];
    const b = numbers(3, next);
    const net = fromBlocks([{ type: "dense", W, b, activation: { leaky: slope } }], 2);
    for (let trial = 0; trial < 20; trial++) {
      const x = numbers(2, next);
      const z = W.map((row, i) => row[0] * x[0] + row[1] * x[1] + b[i]);
      assert.equal(
        [...net.forward(x)],
        z.map((v) => (v > 0 ? v : v === 0 ? 0 : slope * v)),
      );
    }
  }
});

test("convolutions with strides and paddings, then pools, equal the direct computation", () => {
  const g = random.generator(2);
  const next = dyadic(g);
  for (const [stride, padding] of [
    [1, "valid"],
    [2, "valid"],
    [1, "same"],
    [2, "same"],
  ] as const) {
    const shape = [6, 7, 2] as const;
    const kernel = numbers(3 * 2 * 2 * 3, next);
    const b = numbers(3, next);
    const convolution = {
      type: "convolution",
      kernel,
      size: [3, 2],
      b,
      stride,
      padding,
      activation: "relu",
    } as const;
    const image = numbers(84, next);
    const direct = convolve(image, [...shape], kernel, [3, 2], b, stride, padding === "same");
    const values = relu(direct.values);
    assert.equal([...fromBlocks([convolution], shape).forward(image)], values);
    const [h, w, c] = direct.shape;
    for (const size of [2, 3]) {
      if (h < size || w < size) continue;
      const max = fromBlocks([convolution, { type: "max-pool", size, stride: 1 }], shape).forward(image);
      const expected: number[] = [];
      for (let y = 0; y + size <= h; y++)
        for (let x = 0; x + size <= w; x++)
          for (let k = 0; k < c; k++) {
            let most = 0;
            for (let i = 0; i < size; i++)
              for (let j = 0; j < size; j++) most = Math.max(most, values[((y + i) * w + x + j) * c + k]);
            expected.push(most);
          }
      assert.equal([...max], expected, `max-pool ${size}, stride ${stride}, ${padding}`);
    }
    const mean = fromBlocks([convolution, { type: "average-pool", size: 2 }], shape).forward(image);
    assert.is(mean[0], (values[0] + values[c] + values[w * c] + values[(w + 1) * c]) / 4);
  }
});

test("an identity skip adds what went in, also around several layers, pools and skips", () => {
  const g = random.generator(3);
  const next = dyadic(g);
  const layer = (n: number, activation: "relu" | "linear") =>
    ({
      type: "dense",
      W: Array.from({ length: n }, () => numbers(n, next)),
      b: numbers(n, next),
      activation,
    }) as const;
  const [first, second, third] = [layer(3, "relu"), layer(3, "relu"), layer(3, "linear")];
  const net = fromBlocks([first, { type: "residual", blocks: [second, third] }], 3);
  const apply = (l: ReturnType<typeof layer>, x: number[]) => {
    const z = l.W.map((row, i) => row.reduce((sum, w, j) => sum + w * x[j], l.b[i]));
    return l.activation === "relu" ? relu(z) : z;
  };
  for (let trial = 0; trial < 20; trial++) {
    const x = numbers(3, next);
    const h = apply(first, x);
    const f = apply(third, apply(second, h));
    assert.equal(
      [...net.forward(x)],
      h.map((v, i) => v + f[i]),
    );
  }
  const nested = fromBlocks(
    [first, { type: "residual", blocks: [second, { type: "residual", blocks: [first] }] }],
    3,
  );
  const x = numbers(3, next);
  const h = apply(first, x);
  const inner = apply(second, h);
  const twice = inner.map((v, i) => v + apply(first, inner)[i]);
  assert.equal(
    [...nested.forward(x)],
    h.map((v, i) => v + twice[i]),
  );
});

test("what cannot be lowered exactly is refused", () => {
  const linear = { type: "dense", W: [[1]], b: [0], activation: "linear" } as const;
  assert.throws(() => fromBlocks([{ type: "max-pool", size: 2 }], [2, 2, 1]), /after a ReLU only/);
  assert.throws(() => fromBlocks([linear, { type: "residual", blocks: [linear] }], 1), /out of a ReLU only/);
  assert.throws(() => fromBlocks([linear, { type: "max-pool", size: 2 }], 1), /needs an image/);
  assert.throws(() => fromBlocks([{ type: "dropout" } as never], 1), /"dropout" is not a known block/);
  const tall = { type: "convolution", kernel: [1, 1, 1], size: [3, 1], b: [0], activation: "relu" } as const;
  assert.throws(() => fromBlocks([tall], [2, 2, 1]), /3 x 1 kernel does not fit/);
});

test("pools of one value take every other value; a skip around no layer doubles", () => {
  const relu = { type: "activation", activation: "relu" } as const;
  const image = Array.from({ length: 16 }, (_, i) => i + 1);
  const picked = fromBlocks([relu, { type: "max-pool", size: 1, stride: 2 }], [4, 4, 1]);
  assert.equal([...picked.forward(image)], [1, 3, 9, 11]);
  assert.equal([...fromBlocks([relu, { type: "residual", blocks: [] }], 2).forward([1, 2])], [2, 4]);
  const same = fromBlocks([relu, { type: "residual", blocks: [{ type: "max-pool", size: 1 }] }], [2, 2, 1]);
  assert.equal([...same.forward([1, 2, 3, 4])], [2, 4, 6, 8]);
});

test("a dense layer with more weights than its biases need is refused", () => {
  const dense = (W: Float64Array | number[][]) => () =>
    fromBlocks([{ type: "dense", W, b: [0], activation: "linear" }], 2);
  assert.throws(dense(Float64Array.of(1, 2, 3, 4)), /1 biases, but 4 weights for 2 inputs/);
  assert.throws(dense([[1, 2], [3, 4]]), /1 biases, but 2 rows for 2 inputs/); // prettier-ignore
});

test.run();
