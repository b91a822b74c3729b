// .npz and .nnet, and the archives that hold the first.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { networkFromNnet, networkFromNpz } from "relu-lab/formats";
import { zipFile, type ZipOptions } from "./archive-writers";
import { array, counting, npyFile, type Written } from "./tensor-writers";

const npz = (arrays: Record<string, Written | Buffer>, options: ZipOptions = {}) =>
  zipFile(
    Object.fromEntries(
      Object.entries(arrays).map(([name, one]) => [`${name}.npy`, Buffer.isBuffer(one) ? one : npyFile(one)]),
    ),
    options,
  );

test(".npz: W and b by layer, with names or without, packed or not", () => {
  const [W0, b0, W1, b1] = [counting(2, 3), counting(3), counting(3, 1), counting(1)];
  for (const [arrays, options] of [
    [{ W0, b0, W1, b1 }, {}],
    [{ W0, b0, W1, b1 }, { deflated: true }],
    [{ arr_0: W0, arr_1: b0, arr_2: W1, arr_3: b1 }, {}],
    [{ coefs_0: W0, coefs_1: W1, intercepts_0: b0, intercepts_1: b1 }, {}],
    [{ "layer10.W": W1, "layer2.W": W0, "layer2.b": b0, "layer10.b": b1, points: counting(4, 2) }, {}],
  ] as [Record<string, Written>, ZipOptions][]) {
    const { network } = networkFromNpz(npz(arrays, options));
    assert.equal(network.sizes, [2, 3, 1]);
    assert.is(network.layers[0].weights[1], W0.values[3]); // transposed
    assert.equal([...network.layers[0].biases], b0.values);
  }
});

test("types, orders of bytes and of axes", () => {
  const values = [1, -2, 0.5, 4, 8, -0.25];
  const { network } = networkFromNpz(
    npz({ W: npyFile(array([3, 2], ...values), ">f8"), b: npyFile(array([3], 1, 2, 3), "<i8") }),
  );
  assert.equal([...network.layers[0].weights], values);
  assert.equal([...network.layers[0].biases], [1, 2, 3]);
  for (const dtype of ["<f4", ">f4", "<f2", ">f2"]) {
    const columns = npyFile(array([3, 2], 1, 0.5, 8, -2, 4, -0.25), dtype, true);
    assert.equal(
      [...networkFromNpz(npz({ W: columns, b: npyFile(counting(3), "<f8") })).network.layers[0].weights],
      values,
      dtype,
    );
  }
});

test("what is no array of numbers, and archives that are damaged or lie, are named", () => {
  const good = { W: counting(3, 2), b: counting(3) };
  const object = npyFile(counting(2, 2));
  object.write("'|O' ", object.indexOf("'<f4'"), "latin1");
  for (const [bytes, message] of [
    [npz({ W: object }), /"W\.npy" holds objects of Python \(a pickle\), which is not run/],
    [
      npz({ W: npyFile(counting(2, 2)).subarray(0, -1) }),
      /"W\.npy" of shape \[2,2\] needs 16 bytes, but has 15/,
    ],
    [zipFile({ "W.npy": "not an array" }), /"W\.npy" is no NumPy array/],
    [zipFile({ "W.txt": "1" }), /"W\.txt" is no array/],
    [npz({ arr_0: counting(2, 2), arr_1: counting(2, 2, 2) }), /"arr_1" of shape \[2,2,2\] is neither/],
    [npz(good, { claim: (e) => (e.crc = (e.crc ^ 1) >>> 0) }), /the check sum of "W\.npy" is wrong/],
    [
      npz(good, { deflated: true, claim: (e) => (e.size = 2 ** 28) }),
      /"W\.npy" 268435456 bytes, which its \d+ packed ones cannot be|unpacks to more than/,
    ],
    [npz(good, { deflated: true, claim: (e) => (e.size += 1) }), /unpacks to \d+ bytes, not to the \d+/],
    [npz(good, { deflated: true, claim: (e) => (e.size -= 1) }), /unpacks to more than the \d+ bytes/],
    [npz(good).subarray(0, -30), /has no directory: is it cut off/],
  ] as [Buffer, RegExp][])
    assert.throws(() => networkFromNpz(bytes), message);
});

test("an archive of zeros may not fill the memory", () => {
  const zeros = npyFile({ shape: [2048, 2048], values: new Array<number>(2 ** 22).fill(0) });
  const bomb = zipFile(Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`W${i}.npy`, zeros])), {
    deflated: true,
  });
  assert.ok(bomb.length < 2 ** 18);
  assert.throws(() => networkFromNpz(bomb), /unpacks to more than 67108864 bytes/);
});

const nnet = (means: string, ranges: string) => `// a comment
// another
2,2,1,3,
2,3,1,
0,
-10,-20,
10,20,
${means}
${ranges}
1,2,
-1,0.5,
0,1,
0.5,
-1,
0,
1,-1,2,
0.25,
`;

test(".nnet: layers, and the normalisation that the header says", () => {
  const plain = networkFromNnet(nnet("0,0,0,", "1,1,1,"));
  const at = (x: number, y: number) =>
    Math.max(0, x + 2 * y + 0.5) - Math.max(0, -x + 0.5 * y - 1) + 2 * Math.max(0, y) + 0.25;
  assert.equal(plain.notes, []);
  assert.equal(
    [plain.lo, plain.hi],
    [
      [-10, -20],
      [10, 20],
    ],
  );
  const text = nnet("1,-2,5,", "4,0.5,8,");
  const [folded, raw] = [networkFromNnet(text), networkFromNnet(text, { raw: true })];
  for (const [x, y] of [
    [0.5, 0.25],
    [-3, 1],
    [2, -7],
  ]) {
    assert.is(plain.network.forward([x, y])[0], at(x, y));
    assert.is(raw.network.forward([x, y])[0], at(x, y));
    assert.is(folded.network.forward([x, y])[0], 8 * at((x - 1) / 4, (y + 2) / 0.5) + 5);
  }
  assert.match(folded.notes[0], /normalisation of inputs and outputs is folded in/);
  assert.match(raw.notes[0], /is left out/);
  assert.equal(
    [folded.lo, raw.lo],
    [
      [-10, -20],
      [-11 / 4, -36],
    ],
  );
});

test(".nnet: what does not fit is named by its line", () => {
  const text = nnet("0,0,0,", "1,1,1,");
  for (const [bad, message] of [
    [text.replace("1,-1,2,", "1,x,2,"), /line 16 has "x" among the weights of layer 2/],
    [text.replace("0.25,\n", ""), /the file ends where the biases of layer 2 should stand/],
    [text.replace("1,1,1,", "1,0,1,"), /the range of input 2 is 0/],
    [
      text.replace("2,3,1,\n", "2,3,2,\n"),
      /sizes of layers are 2,3,2, but the header says 2 inputs and 1 outputs/,
    ],
    [`${text}7,\n`, /goes on behind its last layer/],
    [
      text.replace("2,3,1,\n", "2,99999999,1,\n"),
      /have 299999997 weights, but the file has room for \d\d numbers/,
    ],
    [text.replace("-1,0.5,", "-1,"), /has 1 numbers for the weights of layer 1: 2 are needed/],
  ] as [string, RegExp][])
    assert.throws(() => networkFromNnet(bad), message);
});

test.run();
