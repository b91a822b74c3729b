// What readNetwork makes of a file: its format by what it holds, what is asked of it, and files of other kinds.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { readNetwork } from "relu-lab/formats";
import {
  h5Files,
  kerasFiles,
  nnetFile,
  npzFiles,
  onnxFiles,
  tensorFiles,
  torchFiles,
  writeHdf5Seeds,
} from "../../faults/fuzz/seeds";
import { hdf5File, zipFile } from "./archive-writers";
import { counting, npyFile, safetensorsFile } from "./tensor-writers";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "relu-lab-files-"));
test.before(writeHdf5Seeds);
test.after(() => fs.rmSync(folder, { recursive: true }));

function written(name: string, bytes: Uint8Array | string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, bytes);
  return file;
}

async function refusal(file: string, options = {}): Promise<string> {
  try {
    await readNetwork(file, options);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`${file} was read`);
}

const json = JSON.stringify({ sizes: [2, 1], layers: [{ W: [[1, 2]], b: [0], activation: "linear" }] });

test("each format is known by its ending, without one, and packed", async () => {
  for (const [ending, format, bytes] of [
    [".safetensors", "safetensors", tensorFiles[0]],
    [".onnx", "onnx", onnxFiles[0]],
    [".pt", "torch", torchFiles[0]],
    [".pth", "torch", torchFiles[1]],
    [".npz", "npz", npzFiles[0]],
    [".nnet", "nnet", Buffer.from(nnetFile)],
    [".h5", "h5", h5Files[0]],
    [".keras", "keras", kerasFiles[0]],
    [".json", "json", Buffer.from(json)],
  ] as [string, string, Buffer][]) {
    for (const file of [
      written(`a${ending}`, bytes),
      written("model", bytes),
      written("a.bin", bytes),
      written(`a${ending}.gz`, gzipSync(bytes)),
      written("packed", gzipSync(bytes)),
    ]) {
      const read = await readNetwork(file);
      assert.is(read.format, format, file);
      assert.is(
        read.inputs.reduce((sum, { shape }) => sum + shape.reduce((product, d) => product * d, 1), 0),
        read.network.inputs,
      );
    }
  }
});

test("files of other kinds are told what they are and what to do", async () => {
  const pickled = (text: string) => Buffer.concat([Buffer.from([0x80, 4]), Buffer.from(text)]);
  for (const [name, bytes, message] of [
    ["a.tflite", "\x1c\0\0\0TFL3....", /TensorFlow Lite model: .*tf2onnx\.convert --tflite/],
    ["a.pkl", pickled("csklearn.neural_network"), /pickle of scikit-learn .* is not run: save its arrays/],
    ["a", pickled("c__main__"), /a pickle of Python, which is a program and is not run/],
    ["a.joblib", Buffer.from([0x78, 0x9c, 1, 2, 3]), /packed with zlib, as joblib does it/],
    [
      "old.pt",
      Buffer.from([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9]),
      /before version 1\.6: load and save it again/,
    ],
    ["a.pt", "no archive", /called \.pt, but is no zip archive.*torch\.save\(model\.state_dict\(\)/],
    ["a.mat", "MATLAB 5.0 MAT-file", /MATLAB's \.mat: .*exportONNXNetwork/],
    [
      "saved_model.pb",
      Buffer.from([8, 1, 0x12, 3]),
      /a graph of TensorFlow \(\.pb\): .*--saved-model FOLDER/,
    ],
    ["nameless", Buffer.from([8, 1, 0x12, 3]), /a graph of TensorFlow/],
    ["a.npy", npyFile(counting(2, 2)), /one NumPy array \(\.npy\): a network is W and b by layer/],
    [
      "a.onnx",
      "version https://git-lfs.github.com/spec/v1\noid sha256:0",
      /a pointer of Git LFS.*git lfs pull/,
    ],
    ["b.onnx", "<!DOCTYPE html><html>", /a page of HTML: .*fetch the raw file/],
    [
      "a.tar",
      Buffer.concat([Buffer.alloc(257, 97), Buffer.from("ustar"), Buffer.alloc(200)]),
      /an archive: unpack it/,
    ],
    ["a.zip", zipFile({ "notes.txt": "x" }), /zip archive of no known format \(notes\.txt\)/],
    ["b.zip", zipFile({ "m/saved_model.pb": "x" }), /a packed SavedModel of TensorFlow/],
    ["script.pt", zipFile({ "m/data.pkl": "", "m/constants.pkl": "" }), /TorchScript.*torch\.onnx\.export/],
    ["empty.onnx", "", /the file is empty/],
    ["a.txt", "hello", /a text of no format that is known \(it begins with "hello"\): what is read: ONNX/],
    ["a.dat", Buffer.from([1, 2, 3, 255]), /binary, and of no format that is known/],
    ["a.csv", "1,2\n3,4\n", /a table of numbers/],
    ["a.h5", "text", /called \.h5, but is no HDF5/],
    [
      "m.json",
      JSON.stringify({ class_name: "Sequential", config: {} }),
      /architecture of a Keras model without its weights/,
    ],
    [
      "other.h5",
      await hdf5File({ arrays: { t: { shape: [2], values: Float32Array.of(1, 2) } } }),
      /the HDF5 is no Keras model/,
    ],
    ["bad.gz", Buffer.from([0x1f, 0x8b, 8, 0, 1]), /gzip: the file cannot be unpacked/],
  ] as [string, Buffer | string, RegExp][]) {
    const said = await refusal(
      written(name, typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes),
    );
    assert.match(said, message, name);
    assert.not.match(said, /not JSON/);
  }
});

test("a folder is told by what is in it", async () => {
  for (const [file, message] of [
    ["saved_model.pb", /this is a directory, a SavedModel of TensorFlow: convert it: python -m tf2onnx/],
    ["model.json", /this is a directory: give the file in it: model\.json/],
    ["data.pkl", /an unpacked PyTorch file/],
    ["notes.txt", /a directory without a network: give a file/],
  ] as const) {
    const own = fs.mkdtempSync(path.join(folder, "folder-"));
    fs.writeFileSync(path.join(own, file), "");
    assert.match(await refusal(own), message);
  }
});

test("what is asked of a file has to be its own to say", async () => {
  const two = written(
    "two.safetensors",
    safetensorsFile({ "b.weight": counting(2, 3), "a.weight": counting(3, 2) }),
  );
  assert.match(await refusal(two), /several fit: b, a \(3-2-3\) or a, b \(2-3-2\)/);
  const chosen = await readNetwork(two, { layers: ["a", "b"], activation: { leaky: 0.5 }, last: "relu" });
  assert.equal(chosen.network.inputs, 2);
  assert.ok(chosen.network.forward([1, 1]).every((v) => v >= 0));
  const bare = written(
    "bare.h5",
    await hdf5File({ arrays: { "d/kernel:0": { shape: [2, 1], values: Float32Array.of(1, -1) } } }),
  );
  assert.equal([...(await readNetwork(bare, { last: "relu" })).network.forward([1, 3])], [0]);
  assert.match(
    await refusal(written("own.h5", h5Files[0]), { activation: "relu" }),
    /h5: the file says its activations itself/,
  );
  const own = written("own.json", json);
  assert.match(await refusal(own, { activation: "relu" }), /json: the file says its activations itself/);
  assert.match(await refusal(own, { layers: ["a"] }), /says the order of its layers itself/);
  assert.match(await refusal(own, { output: "y" }), /one output without a name, so "y" is none/);
  assert.match(await refusal(own, { raw: true }), /holds no normalisation beside its layers/);
  const capped = await readNetwork(own, { last: "relu" });
  assert.equal([capped.network.forward([-1, 0])[0], capped.network.forward([1, 0])[0]], [0, 1]);
  assert.match(capped.notes[0], /a ReLU stands behind the output, as it was asked for/);
  assert.match(
    await refusal(written("capped.json", json.replace("linear", "relu")), { last: "linear" }),
    /has a ReLU on its output/,
  );
  const nnet = written("a.nnet", nnetFile);
  assert.equal((await readNetwork(nnet)).fields, { domain: { type: "box", lo: [-1, -1], hi: [1, 1] } });
  assert.equal((await readNetwork(nnet, { raw: true })).fields, {
    domain: { type: "box", lo: [-1, -1], hi: [1, 0] },
  });
});

test.run();
