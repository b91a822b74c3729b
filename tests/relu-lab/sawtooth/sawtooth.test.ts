import { test } from "uvu";
import * as assert from "uvu/assert";
import { network, random, sawtooth } from "relu-lab";

test("both forms are the composed mirror map, exactly, at dyadic points", () => {
  for (let n = 1; n <= 10; n++) {
    const forms = [sawtooth.sawtoothNetwork(n, "naive"), sawtooth.sawtoothNetwork(n, "merged")];
    for (let k = 0; k <= 2 ** (n + 1); k++) {
      const x = k / 2 ** (n + 1);
      for (const net of forms) assert.is(net.forward([x])[0], sawtooth.sawtoothValue(n, x));
    }
  }
});

test("the composition of mirror maps is the sawtooth", () => {
  const composed = network.compose(sawtooth.mirrorMap(), sawtooth.mirrorMap(), sawtooth.mirrorMap());
  for (let k = 0; k <= 16; k++) {
    assert.is(composed.forward([k / 16])[0], sawtooth.sawtoothValue(3, k / 16));
  }
});

test("neurons: 3n naive, 2n merged, as the networks themselves say; 2^n - 1 in one layer", () => {
  for (let n = 1; n <= 14; n++) {
    for (const form of ["naive", "merged"] as const) {
      assert.is(sawtooth.sawtoothNetwork(n, form).neurons, sawtooth.sawtoothNeurons(n, form));
    }
    assert.is(sawtooth.sawtoothNeurons(n), 3 * n);
    assert.is(sawtooth.shallowNeuronsForSawtooth(n), 2 ** n - 1);
  }
});

test("bad input is refused by name", () => {
  assert.throws(() => sawtooth.sawtoothNetwork(0), /sawtooth of 0 mirror maps/);
  assert.throws(() => sawtooth.sawtoothNetwork(1.5), /sawtooth of 1.5 mirror maps/);
  assert.throws(() => sawtooth.sawtoothNetwork(2, "folded" as never), /"folded" is not one of/);
  assert.throws(() => sawtooth.sawtoothValue(2, 1.01), /x = 1.01 lies outside/);
  assert.throws(() => sawtooth.sawtoothValue(-1, 0.5), /-1 mirror maps/);
  assert.throws(() => sawtooth.randomChain(0, 0.1, random.generator(0)), /randomChain: 0 maps/);
  assert.throws(() => sawtooth.parameterNoise(sawtooth.mirrorMap(), random.generator(0), -1), /-1 layers/);
  assert.throws(() => sawtooth.sawtoothValue(2, -0.01), /x = -0.01 lies outside/);
});

test.run();
