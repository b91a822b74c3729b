import { test } from "uvu";
import * as assert from "uvu/assert";
import fc from "fast-check";
import { network, random } from "relu-lab";

const { ReluNetwork, compose, heNetwork, networkFromJson, networkToJson } = network;

const specVector = ReluNetwork.of([
  { W: [[1, -1], [2, 0]], b: [0, -1], activation: "relu" },
  { W: [[1, 3]], b: [0.5], activation: "linear" },
]); // prettier-ignore

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

test("JSON that is no network is refused by field", () => {
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
