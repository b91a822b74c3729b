import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random } from "relu-lab";

const { fromBlocks } = network;
type Block = network.Block;
type Convolution = Extract<Block, { type: "convolution" }>;

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

const layers = (blocks: Block[], input: number | network.ImageShape) =>
  fromBlocks(blocks, input).layers.map(({ inputs, outputs, activation, weights }) => ({
    shape: [inputs, outputs],
    activation,
    nonZero: weights.filter((w) => w !== 0).length,
  }));

test("lone activations join the linear block before them; a linear end stays as it is", () => {
  const linear: Block = {
    type: "dense",
    W: [
      [1, 2],
      [3, 4],
    ],
    b: [0, 1],
    activation: "linear",
  };
  const joined = layers([linear, { type: "activation", activation: "relu" }], 2);
  assert.equal(joined, layers([{ ...linear, activation: "relu" }], 2));
  assert.equal(
    joined.map(({ activation }) => activation),
    ["relu", "linear"],
  );
  const kernel: Block = { type: "convolution", kernel: [1, -1], size: [1, 2], b: [0], activation: "linear" };
  assert.equal(layers([kernel, { type: "activation", activation: "relu" }], [2, 2, 1]).length, 2);
  assert.equal(layers([linear], 2), [{ shape: [2, 2], activation: "linear", nonZero: 4 }]);
  const relu: Block = { ...linear, activation: "relu" };
  assert.equal(layers([relu, { type: "activation", activation: "relu" }], 2).length, 3);
  assert.equal(
    [...fromBlocks([relu, { type: "activation", activation: { leaky: 0.5 } }], 2).forward([1, -1])],
    [0, 0],
  );
  assert.equal(
    [...fromBlocks([{ type: "activation", activation: { leaky: 0.5 } }], 2).forward([1, -1])],
    [1, -0.5],
  );
  const skip: Block = { type: "residual", blocks: [linear, { type: "activation", activation: "relu" }] };
  assert.equal([...fromBlocks([relu, skip], 2).forward([1, 0])], [1 + 9, 4 + 20]);
});

test("flat rows are rows, no block is the identity, and shared values pass a pool once", () => {
  const W = Float64Array.of(1, 2, 3, 4);
  const flat = fromBlocks([{ type: "dense", W, b: [0, 1], activation: "linear" }], 2);
  assert.equal([...flat.forward([1, -2])], [-3, -4]);
  assert.equal([...fromBlocks([], 2).forward([1, -2])], [1, -2]);
  const pooled = [
    { type: "activation", activation: "relu" },
    { type: "max-pool", size: 2, stride: 1 },
  ] as Block[];
  assert.equal(
    layers(pooled, [3, 2, 1]).map(({ shape }) => shape[1]),
    [6, 7, 4, 2],
  );
});

test("strides and paddings of their own for each direction", () => {
  const image = Array.from({ length: 12 }, (_, i) => i + 1); // 3 x 4
  const of = (stride: 1 | 2 | [number, number], padding?: Convolution["padding"]) => [
    ...fromBlocks(
      [{ type: "convolution", kernel: [1], size: [1, 1], b: [0.5], stride, padding, activation: "linear" }],
      [3, 4, 1],
    ).forward(image),
  ];
  assert.equal(of([1, 2]), [1.5, 3.5, 5.5, 7.5, 9.5, 11.5]);
  assert.equal(of([2, 1]), [1.5, 2.5, 3.5, 4.5, 9.5, 10.5, 11.5, 12.5]);
  assert.equal(of([2, 2], [1, 0, 0, 1]), [0.5, 0.5, 0.5, 5.5, 7.5, 0.5]);
  assert.equal(of(2, [0, 1, 1, 0]), [0.5, 2.5, 4.5, 0.5, 10.5, 12.5]);
  const pooled = fromBlocks(
    [
      { type: "activation", activation: "relu" },
      { type: "max-pool", size: 2 },
    ],
    [3, 4, 1],
  );
  assert.equal([...pooled.forward(image)], [6, 8]);
  const same: Block = {
    type: "convolution",
    kernel: [1, 0, 0, 0],
    size: [1, 4],
    b: [0],
    padding: "same",
    activation: "linear",
  };
  assert.equal([...fromBlocks([same], [1, 4, 1]).forward([1, 2, 3, 4])], [0, 1, 2, 3]);
  const mean = fromBlocks([{ type: "average-pool", size: 2, stride: 1 }], [3, 4, 1]);
  assert.equal([...mean.forward(image)], [3.5, 4.5, 5.5, 7.5, 8.5, 9.5]);
});

test("a skip around pools of ReLU values, and values that are no longer positive", () => {
  const kernel: Block = { type: "convolution", kernel: [1], size: [1, 1], b: [0], activation: "relu" };
  const average: Block = { type: "average-pool", size: 1 };
  assert.equal(
    [...fromBlocks([kernel, { type: "residual", blocks: [average] }], [2, 1, 1]).forward([3, -1])],
    [6, 0],
  );
  const pooled = [kernel, average, { type: "max-pool", size: 2 }] as Block[];
  assert.equal([...fromBlocks(pooled, [2, 2, 1]).forward([1, 5, -9, 2])], [5]);
  const linear: Block = { ...kernel, activation: "linear" };
  const twice: Block[] = [
    kernel,
    { type: "residual", blocks: [linear] },
    { type: "residual", blocks: [kernel] },
  ];
  assert.throws(() => fromBlocks(twice, [1, 1, 1]), /out of a ReLU only/);
  const negative = [
    kernel,
    { type: "residual", blocks: [kernel] },
    { type: "residual", blocks: [kernel] },
  ] as Block[];
  assert.equal([...fromBlocks(negative, [1, 1, 1]).forward([1])], [4]);
});

test("what cannot be lowered exactly is refused", () => {
  const refused = (blocks: unknown[], input: unknown, message: RegExp) =>
    assert.throws(() => fromBlocks(blocks as Block[], input as number), message);
  const row = { type: "dense", W: [[1]], b: [0], activation: "relu" };
  const kernel = { type: "convolution", kernel: [1], size: [1, 1], b: [0], activation: "relu" };
  refused([row], 0, /an extent of the input is 0: a whole number of 1 or more/);
  refused([row], 1.5, /an extent of the input is 1\.5/);
  refused([kernel], [2, 0, 1], /an extent of the input is 0/);
  refused([{ ...row, W: [], b: [] }], 1, /a layer would have 0 values/);
  refused([row], 2 ** 20 + 1, /the input would have 1048577 values/);
  refused([{ ...kernel, size: [0, 1] }], [2, 2, 1], /a kernel's height is 0/);
  refused([{ ...kernel, size: [1, 0] }], [2, 2, 1], /a kernel's width is 0/);
  refused([{ ...kernel, stride: 0 }], [2, 2, 1], /a convolution's stride is 0/);
  refused([{ ...kernel, stride: [1, 0] }], [2, 2, 1], /a convolution's stride is 0/);
  refused(
    [{ ...kernel, padding: [0, 0, 0, -1] }],
    [2, 2, 1],
    /a convolution's padding is -1: a whole number of 0 or more/,
  );
  refused(
    [{ ...kernel, kernel: [1, 2] }],
    [2, 2, 1],
    /a 1 x 1 kernel from 1 to 1 channels has 1 weights, not 2/,
  );
  refused(
    [{ ...kernel, kernel: [1, 1, 1], size: [1, 3] }],
    [3, 2, 1],
    /1 x 3 kernel does not fit into a 3 x 2/,
  );
  refused([kernel, { type: "max-pool", size: 3 }], [3, 2, 1], /a pool of 3 x 3 does not fit into a 3 x 2/);
  refused([kernel, { type: "max-pool", size: 3 }], [2, 3, 1], /a pool of 3 x 3 does not fit into a 2 x 3/);
  refused([kernel, { type: "max-pool", size: 0 }], [2, 2, 1], /a pool's size is 0/);
  refused([kernel, { type: "max-pool", size: 1, stride: 0.5 }], [2, 2, 1], /a pool's stride is 0\.5/);
  refused([kernel, row], [2, 1, 1], /row 0 of a dense layer has 1 weights for 2 inputs/);
  refused([{ ...row, W: [[1], [1]], b: [0, 0, 0] }], 1, /3 biases, but 2 rows for 1 inputs/);
  refused([{ ...row, activation: { leaky: NaN } }], 1, /leaky slope NaN is not a finite number/);
  refused([row, kernel], 1, /a convolution needs an image/);
  refused(
    [row, { type: "residual", blocks: [{ ...row, W: [[1], [1]], b: [0, 0] }] }],
    1,
    /1 values in x but 2 in F/,
  );
  const wide = { ...row, W: new Float64Array(2 ** 13), b: new Float64Array(2 ** 13) };
  refused(
    [wide, { type: "activation", activation: "relu" }],
    1,
    /a dense layer of 8192 x 8192 weights, 67117056 with those before it/,
  );
  const linear = { type: "dense", W: [[1]], b: [0], activation: "linear" } as const;
  assert.throws(() => fromBlocks([{ type: "max-pool", size: 2 }], [2, 2, 1]), /after a ReLU only/);
  assert.throws(() => fromBlocks([linear, { type: "residual", blocks: [linear] }], 1), /out of a ReLU only/);
  assert.throws(() => fromBlocks([linear, { type: "max-pool", size: 2 }], 1), /a pool needs an image/);
  assert.throws(() => fromBlocks([{ type: "dropout" } as never], 1), /"dropout" is not a known block/);
  const tall = { type: "convolution", kernel: [1, 1, 1], size: [3, 1], b: [0], activation: "relu" } as const;
  assert.throws(() => fromBlocks([tall], [2, 2, 1]), /3 x 1 kernel does not fit/);
});

test("pools of one value take every other value; a skip around one doubles", () => {
  const relu = { type: "activation", activation: "relu" } as const;
  const image = Array.from({ length: 16 }, (_, i) => i + 1);
  const picked = fromBlocks([relu, { type: "max-pool", size: 1, stride: 2 }], [4, 4, 1]);
  assert.equal([...picked.forward(image)], [1, 3, 9, 11]);
  const same = fromBlocks([relu, { type: "residual", blocks: [{ type: "max-pool", size: 1 }] }], [2, 2, 1]);
  assert.equal([...same.forward([1, 2, 3, 4])], [2, 4, 6, 8]);
});

test("paths that meet are added where the sum is exact, and refused where it would be rounded", () => {
  const thrice = (weight: number): Block[] => [
    { type: "activation", activation: "relu" },
    { type: "residual", blocks: [{ type: "residual", blocks: [] }] },
    { type: "dense", W: [[weight]], b: [0], activation: "linear" },
  ];
  assert.equal([...fromBlocks(thrice(0.5), 1).forward([3])], [4.5]);
  assert.throws(
    () => fromBlocks(thrice(0.1), 1),
    /two weights on one path, 0\.2 and 0\.1, have no exact sum/,
  );
});

test("a dense layer with more weights than its biases need is refused", () => {
  const dense = (W: Float64Array | number[][]) => () =>
    fromBlocks([{ type: "dense", W, b: [0], activation: "linear" }], 2);
  assert.throws(dense(Float64Array.of(1, 2, 3, 4)), /1 biases, but 4 weights for 2 inputs/);
  assert.throws(
    dense([
      [1, 2],
      [3, 4],
    ]),
    /1 biases, but 2 rows for 2 inputs/,
  );
});

test.run();
