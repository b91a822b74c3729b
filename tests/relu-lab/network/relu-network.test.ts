import { test } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import { network, random } from "relu-lab";
import { transposed } from "../../../packages/relu-lab/src/network/transposed";

const { ReluNetwork, compose, heNetwork, networkFromJson, networkToJson } = network;

const specVector = ReluNetwork.of([
  {
    W: [
      [1, -1],
      [2, 0],
    ],
    b: [0, -1],
    activation: "relu",
  },
  { W: [[1, 3]], b: [0.5], activation: "linear" },
]);

test("forward gives the specification's vector", () => {
  assert.equal([...specVector.forward([1, 2])], [3.5]);
});

test("sizes, neurons and parameters are counted", () => {
  assert.equal(specVector.sizes, [2, 2, 1]);
  assert.is(specVector.neurons, 2);
  assert.is(specVector.parameters, 9);
  assert.is(heNetwork([784, 128, 10], random.generator(0)).parameters, 101_770);
});

test("a batch gives what its points give one by one", () => {
  const net = heNetwork([3, 7, 5, 2], random.generator(1), 0.3);
  const points = Float64Array.from(
    { length: 30 },
    (
      (r) => () =>
        r.normal()
    )(random.generator(2)),
  );
  const batch = net.forwardBatch(points);
  for (let p = 0; p < 10; p++) {
    assert.equal([...net.forward(points.subarray(3 * p, 3 * p + 3))], [...batch.subarray(2 * p, 2 * p + 2)]);
  }
});

test("composition is the composition of functions", () => {
  const g = random.generator(3);
  const [first, second] = [heNetwork([2, 4, 3], g, 0.1), heNetwork([3, 5, 1], g, 0.1)];
  const x = [0.3, -0.7];
  assert.equal([...compose(first, second).forward(x)], [...second.forward(first.forward(x))]);
  assert.throws(() => compose(second, first), /network 1 gives 1 numbers, but network 2 takes 2/);
});

test("bad weights are refused at the door, by place", () => {
  const layer = (W: number[][], b: number[]) => () => ReluNetwork.of([{ W, b, activation: "relu" }]);
  assert.throws(layer([[1, NaN]], [0]), /layer 1, W\[0\]\[1\] is NaN/);
  assert.throws(layer([[1, 2]], [Infinity]), /layer 1, b\[0\] is Infinity/);
  assert.throws(layer([[1, 2], [3]], [0, 0]), /row 1 of W has 1 entries, but row 0 has 2/);
  assert.throws(layer([[1, 2]], [0, 0]), /W has 1 rows but b has 2 entries/);
  assert.throws(() => ReluNetwork.of([]), /at least one layer/);
  assert.throws(() => specVector.forward([1]), /1 coordinates, the network takes 2/);
});

test("what does not fit is refused, by place and sizes", () => {
  const of = (...specs: [W: ArrayLike<ArrayLike<number>> | Float64Array, b: number[]][]) =>
    ReluNetwork.of(specs.map(([W, b]) => ({ W, b, activation: "relu" })));
  assert.throws(() => of([[[1]], []]), /layer 1 has no neurons/);
  assert.throws(() => of([[], []]), /layer 1 has no neurons/);
  assert.throws(() => of([Float64Array.of(1, 2, 3), [0, 0]]), /layer 1: 3 weights do not make 2 rows/);
  assert.throws(() => of([new Float64Array(0), [0]]), /layer 1: 0 weights do not make 1 rows/);
  assert.throws(() => of([[[]], [0]]), /layer 1: W has no columns/);
  assert.throws(() => of([[undefined as never], [0]]), /layer 1: W has no columns/);
  assert.throws(
    () => of([[[1]], [0]], [[[1, 2]], [0]]),
    /layer 2 takes 2 inputs, but what comes before it gives 1/,
  );
  assert.throws(
    () =>
      of([
        [
          [1, 2],
          [3, 4],
          [5, -Infinity],
        ],
        [0, 0, 0],
      ]),
    /layer 1, W\[2\]\[1\] is -Infinity/,
  );
  assert.throws(
    () =>
      of([
        [[1], [2]],
        [0, NaN],
      ]),
    /layer 1, b\[1\] is NaN/,
  );
  assert.throws(() => specVector.forwardBatch(new Float64Array(3)), /3 numbers do not make points of 2/);
  assert.throws(() => specVector.forward([1, 2, 3, 4]), /4 coordinates, the network takes 2/);
  assert.throws(() => compose(), /at least one layer/);
});

test("weights are copied, flat or in rows, and given back", () => {
  const W = Float64Array.of(1, 2, 3, 4, 5, 6);
  const b = [0.5, -0.5];
  const net = ReluNetwork.of([{ W, b, activation: "linear" }]);
  W[0] = 9;
  b[0] = 9;
  assert.equal([net.inputs, net.outputs, net.neurons], [3, 2, 0]);
  assert.equal([...net.forward([1, 0, 0])], [1.5, 3.5]);
  assert.equal(net.specs(), [
    { W: Float64Array.of(1, 2, 3, 4, 5, 6), b: Float64Array.of(0.5, -0.5), activation: "linear" },
  ]);
  assert.throws(() => (net.layers as unknown[]).push(0), TypeError);
  assert.throws(() => (net.sizes as number[]).push(0), TypeError);
});

test("He's initialisation: deviation sqrt(2 / inputs), biases of their own, and a linear output", () => {
  const [net, again] = [heNetwork([8, 3, 2], random.generator(4), 0.5), random.generator(4)];
  for (const { inputs, weights, biases } of net.layers) {
    assert.equal(
      weights,
      weights.map(() => Math.sqrt(2 / inputs) * again.normal()),
    );
    assert.equal(
      biases,
      biases.map(() => 0.5 * again.normal()),
    );
  }
  assert.equal(
    net.layers.map(({ activation }) => activation),
    ["relu", "linear"],
  );
  assert.equal([...heNetwork([2, 2], random.generator(5)).layers[0].biases].map(Math.abs), [0, 0]);
  assert.throws(() => heNetwork([2], random.generator(0)), /sizes \[2\]: an input and an output/);
  assert.throws(() => heNetwork([2, 0], random.generator(0)), /sizes \[2,0\]: 0 is not/);
  assert.throws(() => heNetwork([2.5, 1], random.generator(0)), /2\.5 is not a number of neurons/);
});

test("a kernel of inputs by outputs, transposed, has a row an output", () => {
  assert.equal([...transposed([1, 2, 3, 4, 5, 6], 2, 3)], [1, 4, 2, 5, 3, 6]);
});

test("JSON round trip keeps every double, bit for bit", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => (Object.is(v, -0) ? 0 : v));
  const shape = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }));
  const anyNetwork = shape.chain(([inputs, outputs]) =>
    fc
      .tuple(
        fc.array(fc.array(finite, { minLength: inputs, maxLength: inputs }), {
          minLength: outputs,
          maxLength: outputs,
        }),
        fc.array(finite, { minLength: outputs, maxLength: outputs }),
      )
      .map(([W, b]) => ReluNetwork.of([{ W, b, activation: "relu" }])),
  );
  fc.assert(
    fc.property(anyNetwork, (net) => {
      const back = networkFromJson(JSON.stringify(networkToJson(net)));
      assert.equal(
        back.layers.map((layer) => [...layer.weights, ...layer.biases]),
        net.layers.map((layer) => [...layer.weights, ...layer.biases]),
      );
    }),
    { seed: 1 },
  );
});

test("JSON keeps further fields, and is nested 200 levels deep at most", () => {
  const document = networkToJson(specVector, { name: "vector", domain: { type: "box", lo: [0], hi: [1] } });
  assert.equal(document, {
    name: "vector",
    domain: { type: "box", lo: [0], hi: [1] },
    sizes: [2, 2, 1],
    layers: [
      {
        W: [
          [1, -1],
          [2, 0],
        ],
        b: [0, -1],
        activation: "relu",
      },
      { W: [[1, 3]], b: [0.5], activation: "linear" },
    ],
  });
  const nested = (levels: number): unknown =>
    levels === 0 ? 1 : levels % 2 ? [nested(levels - 1)] : { in: nested(levels - 1) };
  assert.is(networkFromJson({ ...document, more: nested(199) }).outputs, 1);
  assert.throws(
    () => networkFromJson({ ...document, more: nested(200) }),
    /network JSON: the document is nested deeper than 200 levels/,
  );
  assert.is(networkFromJson({ ...document, more: null }).outputs, 1);
});

test("JSON that is no network is refused by field", () => {
  const refused = (document: unknown, message: RegExp) =>
    assert.throws(() => networkFromJson(document as never), message);
  const plain = { W: [[1]], b: [0], activation: "relu" };
  refused(null, /the document must be an object/);
  refused(7, /the document must be an object/);
  refused({ sizes: [1, 1] }, /layers must be an array/);
  refused({ layers: [] }, /at least one layer/);
  refused({ layers: [plain, null] }, /layers\[1\] must be an object/);
  refused({ layers: [plain, undefined] }, /layers\[1\] must be an object/);
  refused(
    { layers: [{ ...plain, activation: null }] },
    /the activation "null" is not one of "relu", "linear"/,
  );
  refused({ layers: [plain, 3] }, /layers\[1\] must be an object/);
  refused({ layers: [{ ...plain, W: 1 }] }, /layers\[0\]\.W must be an array of rows/);
  refused(
    { layers: [{ ...plain, W: [1] }] },
    /layers\[0\]\.W\[0\] must be an array of numbers, but is number/,
  );
  refused({ layers: [{ ...plain, b: [1, "0"] }] }, /layers\[0\]\.b\[1\] must be a finite number, but is "0"/);
  refused(
    { layers: [{ ...plain, b: [Infinity] }] },
    /layers\[0\]\.b\[0\] must be a finite number, but is Infinity/,
  );
  refused({ layers: [plain], sizes: [1] }, /sizes is \[1\], but the layers make \[1,1\]/);
  refused({ layers: [plain], sizes: [1, 1, 1] }, /sizes is \[1,1,1\]/);
  refused({ layers: [plain], sizes: 1 }, /sizes must be an array of numbers/);
  assert.equal(networkFromJson({ layers: [plain] } as never).sizes, [1, 1]);
  assert.throws(() => networkFromJson("[]"), /must be an object/);
  assert.throws(
    () => networkFromJson('{"layers":[{"W":[["a"]],"b":[0],"activation":"relu"}]}'),
    /layers\[0\]\.W\[0\]\[0\]/,
  );
  assert.throws(
    () => networkFromJson('{"layers":[{"W":[[1]],"b":[0],"activation":"gelu"}]}'),
    /"gelu" is not one of/,
  );
  assert.throws(
    () => networkFromJson('{"sizes":[2,1],"layers":[{"W":[[1]],"b":[0],"activation":"relu"}]}'),
    /sizes is \[2,1\], but the layers make \[1,1\]/,
  );
});

test("a NaN is passed on by ReLUs, whether given or made by an overflow", () => {
  const one = ReluNetwork.of([{ W: [[1]], b: [0], activation: "relu" }]);
  assert.ok(Number.isNaN(one.forward([NaN])[0]));
  const large = ReluNetwork.of([{ W: [[1e300, -1e300]], b: [0], activation: "relu" }]);
  assert.ok(Number.isNaN(large.forward([1e300, 1e300])[0]));
  assert.ok(Object.is(one.forward([-0])[0], 0));
});

test.run();
