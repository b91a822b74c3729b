// The nearest boundary of the activation region, whether it is certainly one of the output, and the walk to the next one.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, regions } from "relu-lab";
import { degenerateNetwork, randomNetwork } from "../../../oracle";
import { exactDistance } from "./exact-distance";
import { linear, relu } from "../layers";
import { inRows } from "../../../rows";

const { ReluNetwork } = network;
const { distance } = regions;

function checkDistance(net: network.ReluNetwork, x: number[], where: string, tolerance = 1e-9): void {
  const exact = exactDistance(net, x);
  const { distances, neurons } = distance(net, [x], { maximumRegions: 0 });
  if (exact.distance === Infinity) {
    assert.equal([distances[0], neurons[0]], [Infinity, -1], where);
    return;
  }
  const near = (d: number) => Math.abs(d - exact.distance) <= tolerance * exact.distance + 1e-14;
  assert.ok(near(distances[0]), `${where}: ${distances[0]} for ${exact.distance}`);
  assert.ok(near(exact.all[neurons[0]]), `${where}: neuron ${neurons[0]}`);
}

for (const dimension of [1, 2, 3, 7]) {
  test(`distances and nearest neurons are those of rational arithmetic, ${dimension} inputs`, () => {
    for (let i = 0; i < 20; i++) {
      const r = random.generator(`nearest ${dimension} ${i}`);
      const net = i % 2 ? randomNetwork(dimension, r, 6) : degenerateNetwork(dimension, r, i % 8);
      const x = Array.from({ length: dimension }, () => [r.normal(), 0, 1 / 3, -0.5][r.integer(4)]);
      checkDistance(net, x, `${i}`, 1e-7);
    }
  });
}

test("where doubles cancel to noise, signs and distances are still the true ones, and so is what lies above", () => {
  let different = 0; // signs that doubles get wrong
  for (let i = 0; i < 60; i++) {
    const r = random.generator(`noise ${i}`);
    // The second layer's first neuron is 2^-42 (0.1 x + 0.7) - 2^-42 c: noise in doubles. The third listens to it times 2^42.
    const e = 2 ** -42;
    const at = r.uniform();
    const value = 0.1 * at + 0.7;
    const c = value + (r.integer(5) - 2) * 2 ** -14;
    const net = ReluNetwork.of([
      relu(inRows(2, [0.1, 0, 0.1, 0, 0, 1]), [0.7, 0.7, 3]),
      relu(inRows(3, [1 + e, -1, 0, 0, 0, 1]), [-e * c, 0]),
      relu(inRows(2, [2 ** 42, 0.25, -(2 ** 42), 1]), [0.125, -4]),
      linear([[1, 1]], [0]),
    ]);
    const x = [at, r.normal()];
    checkDistance(net, x, `${i}`, 1e-6);
    const inDoubles = (1 + e) * (0.1 * at + 0.7) - (0.1 * at + 0.7) - e * c;
    if (inDoubles > 0 !== exactDistance(net, x).on[3]) different++;
  }
  assert.ok(different > 5, `${different}`);
});

test("what lies above a neuron of noise has the distance of its true state, on or off", () => {
  const e = 2 ** -48;
  let different = 0;
  for (let i = 0; i < 80; i++) {
    const r = random.generator(`states ${i}`);
    const x = [r.uniform(), 5 + 0.02 * r.uniform()];
    const a = 0.1 * x[0] + 0.7;
    const c = a + (r.uniform() - 0.5) * 0.04;
    const d = a + (r.uniform() - 0.5) * 0.004;
    // Three neurons a. Above: n = (1 + e) a - a - e c, noise that is about 0. Then (1 + e) a - a - e d + n, and y - 5 + n.
    const net = ReluNetwork.of([
      relu(inRows(2, [0.1, 0, 0.1, 0, 0, 1]), [0.7, 0.7, 0]),
      relu(inRows(3, [1 + e, -1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]), [-e * c, 0, 0, 0]),
      relu(inRows(4, [1, 1 + e, -1, 0, 1, 0, 0, 1]), [-e * d, -5]),
      linear([[1, 1]], [0]),
    ]);
    checkDistance(net, x, `${i}`, 1e-6);
    const inDoubles = (1 + e) * a - a - e * c;
    if (inDoubles > 0 !== exactDistance(net, x).on[3]) different++;
  }
  assert.ok(different > 5, `${different}`);
});

test("what lies above a constant of noise, beside other neurons of its layer, is right in two dimensions", () => {
  for (const bias of [2 ** -70, -(2 ** -70), 0.25, -0.25]) {
    const net = ReluNetwork.of([
      relu(inRows(2, [0.1, 0, 0.1, 0, 0.1, 0, 0.1, 0, 0.3, 0.4]), [0.05, 0.05, 0.05, 0.05, 1]),
      relu(inRows(5, [0, 0, 0, 0, 1, 3, -1, -1, -1, 0, 1, 0, 0, 0, 1]), [3, bias, 2]),
      relu(inRows(3, [1, 1, 0, 0, 1, 1, 1, -8, 1]), [-4.2, -3.2, -7]),
      linear([[1, 1, 1]], [0]),
    ]);
    for (let i = 0; i < 8; i++) checkDistance(net, [0.123 + 0.21 * i, 0.3 * i - 0.5], `${bias}, ${i}`, 1e-7);
  }
});

test("a neuron that cancels to a constant makes no boundary, on or off by the sign of its bias", () => {
  for (const bias of [2 ** -70, -(2 ** -70), 0, 0.25, -0.25]) {
    const net = ReluNetwork.of([
      relu([[0.1], [0.1], [0.1], [0.1]], [0.05, 0.05, 0.05, 0.05]),
      relu(
        [
          [3, -1, -1, -1],
          [1, 0, 0, 0],
        ],
        [bias, -0.3],
      ),
      linear([[1, 1]], [0]),
    ]);
    for (let i = 0; i < 20; i++) {
      const x = 0.123 + 0.01 * i;
      const { distances, neurons } = distance(net, [[x]], { maximumRegions: 0 });
      const far = Math.min(x + 0.5, 2.5 - x); // 0.1 x = -0.05, or 0.25
      assert.ok(Math.abs(distances[0] - far) < 1e-12, `${bias}, ${x}`);
      assert.ok(neurons[0] === (far === x + 0.5 ? neurons[0] : 5) && neurons[0] !== 4);
    }
  }
});

test("points on a boundary: the distance is 0, also where only integers know", () => {
  const e = 2 ** -40;
  const net = ReluNetwork.of([
    relu([[1], [1]], [1, 1]),
    relu([[1 + e, -1]], [-e * 1.25]),
    linear([[1]], [0]),
  ]);
  const { distances, neurons } = distance(net, [[0.25], [0.25 + 2 ** -30], [-1]], { maximumRegions: 0 });
  assert.equal([...distances], [0, 2 ** -30, 0]);
  assert.equal([...neurons], [2, 2, 0]);
});

test("neurons are counted through the ReLU layers, linear ones left out; without any the distance is Infinity", () => {
  const net = ReluNetwork.of([
    linear(inRows(2, [1, 0, 0, 1, 1, 1]), [0, 0, 0]),
    relu(inRows(3, [1, 0, 0, 0, 1, 0]), [-5, -5]),
    linear(inRows(2, [1, 0, 0, 0, 0, 1]), [7, 2, 7]),
    relu(inRows(3, [1, 0, 0, 0, 0, 0]), [-6, 1]),
    relu(inRows(2, [1, 3, -1, 1]), [-1, 4]),
    linear([[1, 1]], [0]),
  ]);
  // On [5, inf)^2 the layers above see x: x + 2 - 6, then x + 1 and 8 - x ... at x = 6 the nearest is x = 5.
  const { distances, neurons } = distance(net, inRows(2, [6, 50, 8.75, 50, 50, 6, -3, 4]));
  assert.equal([...distances], [1, 0.25, 1, 1]);
  assert.equal([...neurons], [0, 5, 1, 1]);
  const flat = ReluNetwork.of([linear([[1, 2]], [0]), linear([[3]], [1])]);
  const none = distance(flat, inRows(2, [1, 1, 0, 0]));
  assert.equal(
    [[...none.distances], [...none.neurons], [...none.linearDistances], [...none.linearExact]],
    inRows(2, [Infinity, Infinity, -1, -1, Infinity, Infinity, 1, 1]),
  );
  const dead = distance(ReluNetwork.of([relu([[0, 0]], [1]), linear([[1]], [0])]), [[1, 1]], {
    maximumRegions: 0,
  });
  assert.equal(
    [dead.distances[0], dead.neurons[0], dead.linearDistances[0], dead.linearExact[0]],
    [Infinity, -1, Infinity, 1],
  );
});

test("of equally near neurons the first is told", () => {
  const net = ReluNetwork.of([relu(inRows(2, [0, 1, 1, 0, -2, 0]), [5, 0, 0]), linear([[1, 1, 1]], [0])]);
  assert.equal([...distance(net, [[0.5, 1]]).neurons], [1]);
});

/** Whether the output certainly changes at the nearest boundary: told without a look at any other region. */
const visible = (net: network.ReluNetwork, x: number[]): boolean => {
  const { distances, linearDistances, linearExact } = distance(net, [x], { maximumRegions: 0 });
  assert.is(linearDistances[0], distances[0]);
  return linearExact[0] === 1;
};

test("a boundary is visible when its neuron reaches an output by what is on above it", () => {
  const make = (second: number[][], bias: number[], out: number[][]) =>
    ReluNetwork.of([
      relu(inRows(2, [1, 0, 0, 1]), [0, 5]),
      relu(second, bias),
      linear(
        out,
        out.map(() => 0),
      ),
    ]);
  const x = [0.25, 1];
  assert.ok(visible(make(inRows(2, [1, 0, 0, 1]), [5, 5], [[1, 0]]), x));
  assert.not.ok(visible(make(inRows(2, [1, 0, 0, 1]), [5, 5], [[0, 1]]), x), "no weight leads on");
  assert.ok(
    visible(make(inRows(2, [1, 0, 0, 1]), [5, 5], inRows(2, [0, 1, 1, 0])), x),
    "the second output changes",
  );
  assert.not.ok(visible(make(inRows(2, [1, 0, 0, 1]), [-50, 5], [[1, 0]]), x), "what leads on is off");
  assert.not.ok(visible(make(inRows(2, [1, 0, 1, 1]), [5, 5], [[1, -1]]), x), "two ways cancel");
  assert.ok(visible(make(inRows(2, [1, 0, 1, 1]), [5, 5], [[1, -0.5]]), x));
  // The nearest boundary lies in the second layer.
  assert.ok(visible(make(inRows(2, [1, 0, 0, 1]), [-0.375, 5], [[1, 0]]), x));
  assert.not.ok(visible(make(inRows(2, [1, 0, 0, 1]), [-0.375, 5], [[0, 1]]), x));
});

test("another neuron that is zero at the same place, but for 1e-9 of its terms, makes the boundary doubtful", () => {
  // x - 1 and 3 x - 3 + d at x = 5/4: the second is d at the first's zero, its terms add up to 3 + 15/4 + 3/4 = 7.5.
  const first = (d: number, weights = [1, 1]) =>
    ReluNetwork.of([relu(inRows(2, [1, 0, 3, 0]), [-1, -3 + d]), linear([weights], [0])]);
  assert.not.ok(visible(first(0), [1.25, 9]));
  assert.not.ok(visible(first(7.2e-9), [1.25, 9]));
  assert.ok(visible(first(7.8e-9), [1.25, 9]));
  assert.not.ok(visible(first(7.2e-9, [1, 0]), [1.25, 9]), "though nobody listens");
  // The same with the second one above the first: w relu(x + 2) - 3 w + d, where relu(x - 1) is the nearest.
  const above = (d: number, w: number) =>
    ReluNetwork.of([
      relu(inRows(2, [1, 0, 1, 0]), [-1, 2]),
      relu([[0, w]], [-3 * w + d]),
      linear([[1]], [0]),
    ]);
  const layered = (d: number, w: number) => {
    const specs = above(d, w).specs();
    return ReluNetwork.of([specs[0], relu(inRows(2, [1, 0, 0, w]), [5, -3 * w + d]), linear([[1, 1]], [0])]);
  };
  const below = ReluNetwork.of([
    relu(inRows(2, [1, 0, 1, 0]), [-1, 2]),
    relu(inRows(2, [0, 1, 1, 0]), [-3, 5]),
    linear([[1, 1]], [0]),
  ]);
  assert.not.ok(visible(below, [1.25, 9]), "the first above the first");
  // Terms: 3 w + 3.25 w + 0.25 w.
  for (const w of [1, 4]) {
    assert.not.ok(visible(layered(6.3e-9 * w, w), [1.25, 9]), `${w}`);
    assert.ok(visible(layered(6.7e-9 * w, w), [1.25, 9]), `${w}`);
  }
});

test("with an oblique nearest boundary in two dimensions the others are looked at where it is met", () => {
  // 3 x + 4 y - 5 at (2, 1) is 5, its zero is met at (2, 1) - (3, 4) / 5 = (1.4, 0.2).
  const net = (n: number[], b: number) => ReluNetwork.of([relu([[3, 4], n], [-5, b]), linear([[1, 1]], [0])]);
  assert.ok(visible(net([6, 8], -9), [2, 1]));
  assert.not.ok(visible(net([6, 8], -10), [2, 1]));
  assert.not.ok(visible(net([-6, -8], 10), [2, 1]));
  assert.ok(visible(net([1, -1], 3), [2, 1]));
  assert.ok(visible(net([0, 0], -1), [2, 1]), "a constant neuron is nowhere zero");
  const swapped = (n: number[], b: number) =>
    ReluNetwork.of([relu([n, [3, 4]], [b, -5]), linear([[1, 1]], [0])]);
  assert.ok(visible(swapped([6, 8], -9), [2, 1]));
  assert.not.ok(visible(swapped([-6, -8], 10), [2, 1]));
  assert.ok(visible(swapped([1, -1], 3), [2, 1]));
  // 4e-9 further away, of terms that add up to 40: the second is nearest, and the first doubtful.
  const behind = swapped([6, 8], -10 + 4e-9);
  assert.is(distance(behind, [[2, 1]]).neurons[0], 1);
  assert.not.ok(visible(behind, [2, 1]));
  const far = distance(net([6, 8], -9), [[2, 1]]);
  assert.ok(Math.abs(far.distances[0] - 1) < 1e-15);
  const known = distance(net([6, 8], -9), [[2, 1]], { maximumRegions: 1 });
  assert.equal(
    [known.linearDistances[0], known.linearExact[0]],
    [known.distances[0], 1],
    "seen without a walk",
  );
});

test("points are taken flat or one by one, and what is none is refused by its place", () => {
  const net = ReluNetwork.of([relu(inRows(2, [1, 0, 0, 1]), [0, 0]), linear([[1, 1]], [0])]);
  const flat = Float64Array.of(1, 2, 3, 0.5);
  assert.equal([...distance(net, flat).distances], [1, 0.5]);
  assert.equal([...flat], [1, 2, 3, 0.5]);
  assert.equal([...distance(net, [Float32Array.of(1, 2), [3, 0.5]]).distances], [1, 0.5]);
  assert.is(distance(net, []).distances.length, 0);
  assert.throws(
    () => distance(net, Float64Array.of(1, 2, 3)),
    /3 numbers do not make points of 2 coordinates/,
  );
  assert.throws(() => distance(net, [[1, 2], [3]]), /point 1 has 1 coordinates, the network takes 2/);
  assert.throws(() => distance(net, Float64Array.of(1, 2, 3, NaN)), /point 1 has the coordinate NaN/);
  assert.throws(() => distance(net, [[NaN, 1]]), /point 0 has the coordinate NaN/);
  assert.throws(() => distance(net, Float64Array.of(1, -Infinity)), /point 0 has the coordinate -Infinity/);
  assert.throws(() => distance(net, flat, { maximumRegions: NaN }), /maximumRegions is NaN: give 0 or more/);
  assert.throws(() => distance(net, flat, { maximumRegions: -1 }), /maximumRegions is -1/);
});

/** relu(x - a) for each invisible line a, and relu(x - b) times a weight for each visible one. */
function fence(invisible: number[], visibleAt: [number, number][], inputs = 1): network.ReluNetwork {
  const unit = Array.from({ length: inputs }, (_, i) => (i === 0 ? 1 : 0));
  const at = [...invisible, ...visibleAt.map(([b]) => b)];
  return ReluNetwork.of([
    relu(
      at.map(() => unit),
      at.map((v) => -v),
    ),
    linear([[...invisible.map(() => 0), ...visibleAt.map(([, w]) => w)]], [0]),
  ]);
}

test("the walk passes invisible boundaries by distance; cut short it gives the distance that it has reached", () => {
  const near = (found: regions.DistanceResult[], expected: number[]) =>
    found.forEach(({ linearDistances: [d] }, i) =>
      assert.ok(d <= expected[i] && d >= expected[i] * (1 - 2e-12), `${i}: ${d}`),
    );
  for (const [from, sign] of [
    [0, 1],
    [0.5, -1],
  ] as const) {
    const net = fence(
      [1, 2, 3].map((v) => from + sign * v),
      [[from + sign * 4.5, 1]],
    );
    const limits = [1, 2, 3, 4, 5, 6].map((maximumRegions) => distance(net, [[from]], { maximumRegions }));
    assert.equal(
      limits.map(({ linearExact }) => linearExact[0]),
      [0, 0, 0, 0, 1, 1],
    );
    near(limits, [1, 2, 3, 4.5, 4.5, 4.5]);
    assert.ok(limits.every(({ distances }) => distances[0] === 1));
  }
  // To both sides: the regions come in the order 1, 1.5, 2, 2.5, 3.25.
  const net = fence([1, 2, -1.5, -2.5], inRows(2, [3.25, 1, -7, 1]));
  const limits = [1, 2, 3, 4, 5, 6].map((maximumRegions) => distance(net, [[0]], { maximumRegions }));
  // (branches without any region come in between, so that the bound may be the distance of an earlier region.)
  near([limits[0], limits[1], limits[2], limits[5]], [1, 1.5, 2, 3.25]);
  limits.forEach(({ linearDistances: [d] }, i) => assert.ok(d <= [1, 1.5, 2, 2.5, 3.25, 3.25][i]));
  assert.equal(
    limits.map(({ linearExact }) => linearExact[0]),
    [0, 0, 0, 0, 0, 1],
  );
  // Nothing but invisible ones: Infinity, exactly.
  const blind = distance(fence([1, -2, 3], []), [[0]]);
  assert.equal([blind.distances[0], blind.linearDistances[0], blind.linearExact[0]], [1, Infinity, 1]);
});

test("in the plane: behind invisible lines the nearest visible one, met beside or at a corner", () => {
  // Invisible: x = 1, x + y = 2, y = -1. Visible: 3 x + 4 y = 15 (3 away from the origin), and y = -4.
  const net = ReluNetwork.of([
    relu(inRows(2, [1, 0, 1, 1, 0, -1, 3, 4, 0, -1]), [-1, -2, -1, -15, -4]),
    linear([[0, 0, 0, 1, 1]], [0]),
  ]);
  const found = distance(net, inRows(2, [0, 0, 0, -3.5, 1, 0, 0.5, 0.5]));
  assert.ok(Math.abs(found.linearDistances[0] - 3) < 1e-12);
  assert.ok(Math.abs(found.linearDistances[1] - 0.5) < 1e-12);
  assert.ok(Math.abs(found.linearDistances[2] - 12 / 5) < 1e-12);
  assert.ok(Math.abs(found.linearDistances[3] - 11.5 / 5) < 1e-12);
  assert.equal([...found.linearExact], [1, 1, 1, 1]);
  assert.ok(Math.abs(found.distances[0] - 1) < 1e-12);
  // relu(x) + relu(y) above x + y = 1 only: from (-1, -1) the output is first seen behind both, at the corner of x >= 0 ...
  const corner = ReluNetwork.of([
    relu(inRows(2, [1, 0, 0, 1]), [0, 0]),
    relu([[1, 1]], [-1]),
    linear([[1]], [0]),
  ]);
  const far = distance(corner, inRows(2, [-1, -1, -3, 0.5, -0.1, -5]));
  // Points with relu(x) + relu(y) >= 1: nearest to (-1, -1) is (1/2, 1/2), or (1, -1) at 2.
  assert.ok(Math.abs(far.linearDistances[0] - 2) < 1e-12, `${far.linearDistances[0]}`);
  assert.ok(Math.abs(far.linearDistances[1] - 0.5) < 1e-12, "straight up, x stays negative");
  assert.ok(Math.abs(far.linearDistances[2] - 1.1) < 1e-12);
  assert.equal([...far.linearExact], [1, 1, 1]);
});

test("the corner of two invisible lines, where the visible region touches with its tip alone", () => {
  // relu(relu(x) + relu(y) - relu(-x) ...): on only where min(x, y) > 1: relu(2 - relu(1 - x) M - relu(1 - y) M - 1).
  const net = ReluNetwork.of([
    relu(
      [
        [-1, 0],
        [0, -1],
      ],
      [1, 1],
    ),
    relu([[-64, -64]], [2 ** -10]),
    linear([[1]], [0]),
  ]);
  const { distances, linearDistances, linearExact } = distance(net, [[-2, -3]]);
  // 64 (1 - x) + 64 (1 - y) < 2^-10: the nearest such point is not the foot of a line but the tip.
  assert.is(distances[0], 3);
  assert.is(linearExact[0], 1);
  assert.ok(Math.abs(linearDistances[0] - 5) < 1e-4, `${linearDistances[0]}`);
  assert.ok(linearDistances[0] < 5);
});

test("regions thinner than 1e-9 of their distance, or of the point, are passed over; wider ones are not", () => {
  /** A tent of width 2 w at 1, seen from x, and a visible line 3 away from it. */
  const tent = (at: number, w: number, x: number) => {
    const net = fence([at - 0.5], inRows(2, [at, 1, at + w, -2, at + 2 * w, 1, at + 3, 1]));
    const [first, out] = net.specs();
    // However long the rows are.
    const scaled = ([64, 1 / 64] as const).map((factor) => {
      const rows = {
        ...first,
        W: (first.W as Float64Array).map((v) => factor * v),
        b: Array.from(first.b, (v) => factor * v),
      };
      return distance(ReluNetwork.of([rows, out]), [[x]]).linearDistances[0];
    });
    const found = distance(net, [[x]]).linearDistances[0];
    for (const other of scaled) assert.ok(Math.abs(other - found) < 1e-9 * found);
    return found;
  };
  const near = (found: number, expected: number) =>
    assert.ok(Math.abs(found - expected) < 1e-5 * expected, `${found} for ${expected}`);
  const unit = 2 ** -32;
  const width = (part: number) => Math.round(part / unit) * unit;
  near(tent(1, width(2.4e-9), 0), 1);
  near(tent(1, width(1.6e-9), 0), 4);
  near(tent(4, width(9e-9), 0), 4);
  near(tent(4, width(7e-9), 0), 7);
  // Seen from 1,000: 1 away, but the numbers are as large as 1,000.
  near(tent(1001, width(2.2e-6), 1000), 1);
  near(tent(1001, width(1.8e-6), 1000), 4);
});

test("where the point itself lies on the boundary, the region on its side is taken", () => {
  const net = fence([0], [[0.75, 1]]);
  const { distances, linearDistances, linearExact } = distance(net, [[0], [0.75]]);
  assert.equal([...distances], [0, 0]);
  assert.equal([linearDistances[0], linearExact[0]], [0.75, 1]);
  assert.equal([linearDistances[1], linearExact[1]], [0, 1]);
});

test("copies that cancel, copies that are off and a layer that is linear on top, walked in 3 dimensions", () => {
  const net = ReluNetwork.of([
    relu(inRows(3, [1, 0, 0, 1, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1]), [-1, -1, -2, -2, -4]),
    linear(inRows(5, [1, -1, 0, 0, 0, 2, 0, -1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]), [0, 0, 0, 1]),
    relu(inRows(4, [1, 1, 1, 0, 0, 0, 0, 1]), [-1, 3]),
    linear([[1, 1]], [0]),
  ]);
  // The three copies at x = 1 cancel; y - 2 is seen once it exceeds 1: at y = 3.
  const found = distance(net, inRows(3, [0, 0, 0, 0, 0, 3.5, 1.5, 2.5, 0]));
  assert.ok(
    [3, 3, 0.5].every((d, i) => Math.abs(found.linearDistances[i] - d) < 1e-12),
    `${found.linearDistances}`,
  );
  assert.equal([...found.linearExact], [1, 1, 1]);
  assert.ok([1, 0.5, 0.5].every((d, i) => Math.abs(found.distances[i] - d) < 1e-12));
});

test("a second point asks anew: what was doubtful at one is exact at the next", () => {
  const e = 2 ** -40;
  // The second layer's first neuron is noise in doubles (2^-40 (x + 1) - 2^-38), on from x = 3; nobody listens to it.
  const net = ReluNetwork.of([
    relu([[1], [1], [-1], [1]], [1, 1, -2, 2.5]),
    relu(
      [
        [1 + e, -1, 0, 0],
        [0, 0, 1, 0],
      ],
      [-(2 ** -38), 1],
    ),
    linear([[0, 1]], [0]),
  ]);
  const found = distance(net, [[2.5], [-3]]);
  assert.is(found.distances[0], 0.5);
  assert.is(found.linearExact[0], 0);
  assert.equal([found.distances[1], found.linearDistances[1], found.linearExact[1]], [0.5, 1, 1]);
});

test("constants of noise make no border for the walk either", () => {
  for (const bias of [2 ** -70, -(2 ** -70), 0.25]) {
    // Invisible lines y = 1 and, above, x + y = 3; the constant stands second in its layer.
    const net = ReluNetwork.of([
      relu(inRows(2, [0.1, 0, 0.1, 0, 0.1, 0, 0.1, 0, 1, 1, 0, 1]), [0.5, 0.5, 0.5, 0.5, 0, -1]),
      relu(inRows(6, [0, 0, 0, 0, 1, 0, 3, -1, -1, -1, 0, 0, 0, 0, 0, 0, 1, 0]), [-3, bias, -4]),
      linear([[0, 1, 1]], [0]),
    ]);
    const found = distance(net, inRows(2, [0.3, 0.4, 1.1, 0.2, 0.7, 2.1]));
    for (const [i, sum] of [0.7, 1.3, 2.8].entries()) {
      assert.ok(Math.abs(found.linearDistances[i] - (4 - sum) * Math.SQRT1_2) < 1e-9, `${bias}, ${i}`);
      assert.is(found.linearExact[i], 1);
    }
  }
});

test("what lies beside and above a constant of noise has its boundaries in the walk", () => {
  for (const bias of [2 ** -70, 0.25]) {
    // Visible: x + y = 3 by the constant's neighbour, then x + y = 4 + bias by what reads the constant.
    const net = (out: number[]) =>
      ReluNetwork.of([
        relu(inRows(2, [0.1, 0, 0.1, 0, 0.1, 0, 0.1, 0, 1, 1, 0, 1]), [0.5, 0.5, 0.5, 0.5, 0, -1]),
        relu(inRows(6, [0, 0, 0, 0, 1, 0, 3, -1, -1, -1, 0, 0, 0, 0, 0, 0, 1, 0]), [-3, bias, 0]),
        relu(inRows(3, [1, 0, 0, 0, -1, 1]), [0, -4]),
        linear([out], [0]),
      ]);
    const far = (out: number[], border: number) => {
      const found = distance(net(out), inRows(2, [0.3, 0.4, 1.1, 0.2, 0.7, 0.9]));
      for (const [i, sum] of [0.7, 1.3, 1.6].entries()) {
        assert.ok(
          Math.abs(found.linearDistances[i] - (border - sum) * Math.SQRT1_2) < 1e-9,
          `${bias}, ${i}, ${border}: ${found.linearDistances[i]}`,
        );
        assert.is(found.linearExact[i], 1);
      }
    };
    far([1, 1], 3);
    far([0, 1], 4 + bias);
  }
});

test("wide inputs are walked in the span of the first layer's rows", () => {
  const r = random.generator("wide");
  for (let trial = 0; trial < 6; trial++) {
    // The same network on 3 inputs, and on 9 that the rotation of three orthonormal vectors feeds.
    const small = [
      relu(
        Array.from({ length: 3 }, () => [r.normal(), r.normal(), r.normal()]),
        [0.3, -0.5, 0.7],
      ),
      relu(inRows(3, [1, -1, 0.5, 0.3, 1, 1]), [-0.2, -0.4]),
      linear([[trial % 2, 1]], [0]),
    ];
    const basis: number[][] = [];
    while (basis.length < 3) {
      let v = Array.from({ length: 9 }, () => r.normal());
      for (let pass = 0; pass < 2; pass++)
        for (const b of basis) {
          const part = v.reduce((sum, value, i) => sum + value * b[i], 0);
          v = v.map((value, i) => value - part * b[i]);
        }
      const size = Math.hypot(...v);
      basis.push(v.map((value) => value / size));
    }
    const large = [
      relu(
        small[0].W.map((row) => basis[0].map((_, i) => row.reduce((sum, w, k) => sum + w * basis[k][i], 0))),
        small[0].b,
      ),
      ...small.slice(1),
    ];
    const x = Array.from({ length: 9 }, () => r.normal());
    const y = basis.map((b) => b.reduce((sum, v, i) => sum + v * x[i], 0));
    const [p, q] = [distance(ReluNetwork.of(small), [y]), distance(ReluNetwork.of(large), [x])];
    for (const key of ["distances", "linearDistances", "linearExact"] as const)
      assert.ok(p[key][0] === q[key][0] || Math.abs(p[key][0] - q[key][0]) < 1e-9, `${trial}: ${key}`);
  }
});

test.run();
