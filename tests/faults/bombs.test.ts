// Small files that ask for much: time, memory, the stack, or a place outside of their folder.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { networkFromHdf5, networkFromSafetensors, networkFromTfjs, readNetwork } from "relu-lab/formats";
import { hdf5File } from "../relu-lab/formats/archive-writers";
import { fromBlocks, networkFromJson } from "relu-lab/network";
import { gunzipIfPacked } from "../../packages/relu-lab/src/datasets/idx";
import { safetensors, tfjsModels } from "./fuzz/seeds";

test("gzip that unpacks to far more than it says is refused before it is unpacked", () => {
  const bomb = gzipSync(new Uint8Array(300 * 2 ** 20), { level: 1 });
  bomb.writeUInt32LE(100, bomb.length - 4); // the size that the trailer claims
  assert.ok(bomb.length < 2 ** 21);
  assert.throws(
    () => gunzipIfPacked(bomb, "train-images"),
    /train-images: .* unpacks to more than 268435456 bytes/,
  );
});

test("tensors that share their bytes are refused", () => {
  const file = safetensors({ "0.weight": [[1, 1], [1]], "1.weight": [[1, 1], [2]] });
  const shared = Buffer.from(file.toString("latin1").replace("[4,8]", "[0,4]"), "latin1");
  assert.throws(() => networkFromSafetensors(shared.subarray(0, -4)), /"1.weight" shares its bytes/);
});

test("a weight of no numbers, whose other side may be of any size, is refused", () => {
  const file = safetensors({ "0.weight": [[2 ** 50, 0], []] });
  assert.throws(() => networkFromSafetensors(file), /"0.weight" of shape \[1125899906842624,0\]/);
});

test("blocks that would be lowered to more than memory holds are refused at once", () => {
  const kernel = { type: "convolution", kernel: [1], size: [1, 1], b: [0], activation: "relu" } as const;
  const refused = (block: object, input: number | readonly [number, number, number], words: RegExp) =>
    assert.throws(() => fromBlocks([block as never], input), words);
  refused(kernel, [4000, 4000, 1], /the input would have 16000000 values/);
  refused(kernel, [200, 200, 1], /40000 x 40000 weights/);
  refused({ ...kernel, padding: [1e9, 1e9, 1e9, 1e9] }, [1, 1, 1], /a layer would have .* values/);
  refused({ ...kernel, stride: 0 }, [4, 4, 1], /stride is 0/);
  refused({ type: "average-pool", size: 1, stride: 0 }, [4, 4, 1], /stride is 0/);
  refused(kernel, 1e12, /the input would have/);
});

test("an HDF5 whose array claims more numbers than it holds is refused before they are made", async () => {
  const file = await hdf5File({ arrays: { kernel: { shape: [3, 5], values: new Float32Array(15) } } });
  const sizes = Buffer.alloc(16);
  sizes.writeBigUInt64LE(3n, 0);
  sizes.writeBigUInt64LE(5n, 8);
  const claimed = Buffer.from(sizes);
  claimed.writeBigUInt64LE(2n ** 31n, 0);
  for (let at = file.indexOf(sizes); at >= 0; at = file.indexOf(sizes, at)) claimed.copy(file, at);
  let refused: unknown;
  await networkFromHdf5(file).catch((error: unknown) => (refused = error));
  assert.match(String(refused), /holds more numbers than the file has room for|the HDF5 cannot be read/);
});

test("names of weights with slashes without end are not cut up without end", () => {
  const name = `${"a/".repeat(100_000)}kernel`;
  const json = {
    modelTopology: {
      class_name: "Sequential",
      config: [{ class_name: "Dense", config: { name: "d", units: 1, batch_input_shape: [null, 1] } }],
    },
    weightsManifest: [{ paths: ["w"], weights: [{ name, shape: [1, 1], dtype: "float32" }] }],
  };
  assert.throws(() => networkFromTfjs(json, () => new Uint8Array(4)), /has no weight "d\/kernel"/);
});

test("a document nested without end is refused, not followed down the stack", () => {
  const open = '{"type":"residual","blocks":['.repeat(20_000);
  const text = `{"input":1,"layers":[${open}${"]}".repeat(20_000)}]}`;
  assert.throws(() => networkFromJson(text), /nested deeper than 200 levels/);
});

const graph = (...node: object[]) => ({ modelTopology: { node }, weightsManifest: [] });

test("a graph whose nodes pass each other on in a circle is refused", () => {
  const circle = [
    { name: "a", op: "Identity", input: ["b"] },
    { name: "b", op: "Identity", input: ["a"] },
  ];
  assert.throws(() => networkFromTfjs(graph(...circle)), /the graph has no output: .* circle/);
});

test("sums of sums are read once each, though there are 10^12 ways through them", () => {
  const layer = (class_name: string, name: string, reads: string[], config: object = {}) => ({
    class_name,
    name,
    config: { name, ...config },
    inbound_nodes: reads.length ? [reads.map((from) => [from, 0, 0, {}])] : [],
  });
  const sums = Array.from({ length: 60 }, (_, i) =>
    layer("Add", `s${i}`, [i > 0 ? `s${i - 1}` : "b", i > 1 ? `s${i - 2}` : i > 0 ? "b" : "a"]),
  );
  const dense = (name: string, from: string) =>
    layer("Dense", name, [from], { units: 1, activation: "relu" });
  const layers = [
    layer("InputLayer", "i", [], { batch_input_shape: [null, 1] }),
    dense("a", "i"),
    dense("b", "a"),
    ...sums,
  ];
  const weights = ["a", "b"].flatMap((name) => [
    { name: `${name}/kernel`, shape: [1, 1], dtype: "float32" },
    { name: `${name}/bias`, shape: [1], dtype: "float32" },
  ]);
  const json = {
    modelTopology: { class_name: "Model", config: { layers } },
    weightsManifest: [{ paths: ["w"], weights }],
  };
  const { network } = networkFromTfjs(json, () => new Uint8Array(Float32Array.of(1, 0, 1, 0).buffer));
  let [older, newer] = [1, 1]; // a and b of the input 1
  for (let i = 0; i < 60; i++) [older, newer] = [newer, older + newer];
  assert.equal([...network.forward([1])], [newer]);
});

test("strides and windows that are no whole numbers are refused by the layer's name", () => {
  const [{ json, shards }] = tfjsModels;
  for (const [layer, what] of [
    [0, "strides"],
    [1, "pool_size"],
  ] as const) {
    for (const value of [[null], null, [0, 0], [1.5, 1.5], ["a", "a"], {}, [[1], [1]]]) {
      if (what === "strides" && value === null) continue; // says as much as nothing: 1
      const damaged = structuredClone(json) as {
        modelTopology: { config: { layers: { config: Record<string, unknown> }[] } };
      };
      damaged.modelTopology.config.layers[layer].config[what] = value;
      assert.throws(
        () => networkFromTfjs(damaged, (name) => shards[name]),
        /whole numbers from 1 are needed/,
        JSON.stringify([what, value]),
      );
    }
  }
});

test("weights outside of the model's folder are not read, and a shard is read once", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-outside-"));
  fs.mkdirSync(path.join(folder, "model"));
  fs.writeFileSync(path.join(folder, "secret.bin"), Buffer.alloc(4));
  const write = (paths: string[]) =>
    fs.writeFileSync(
      path.join(folder, "model", "model.json"),
      JSON.stringify({ modelTopology: {}, weightsManifest: [{ paths, weights: [] }] }),
    );
  for (const name of ["../secret.bin", path.join(folder, "secret.bin"), "..", "..\\secret.bin"]) {
    write([name]);
    let refused: unknown;
    await readNetwork(path.join(folder, "model", "model.json")).catch((error: unknown) => (refused = error));
    assert.match(String(refused), /not a file beside the model/);
  }
  fs.rmSync(folder, { recursive: true });
  const twice = { modelTopology: {}, weightsManifest: [{ paths: ["a", "a"], weights: [] }] };
  assert.throws(() => networkFromTfjs(twice, () => new Uint8Array(4)), /shard "a" is named twice/);
});

test.run();
