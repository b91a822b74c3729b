import { isZip, readZip } from "./archive/zip";
import { isHdf5 } from "./keras/hdf5";
import { isNpy } from "./numpy/array";
import { isLegacyTorch } from "./torch/network";

/** The formats that are read. */
export type Format = "json" | "safetensors" | "onnx" | "tfjs" | "torch" | "npz" | "nnet" | "h5" | "keras";

const onnx = "torch.onnx.export (PyTorch), tf2onnx (TensorFlow) or skl2onnx (scikit-learn)";
const readable =
  "ONNX, safetensors, PyTorch state dicts (.pt), Keras (.keras, .h5), .npz, .nnet, TensorFlow.js model.json and this package's JSON";

function refuse(what: string, remedy = `save ONNX, for example with ${onnx}`): never {
  throw new TypeError(`${what}: ${remedy}`);
}

const latin = new TextDecoder("latin1");
const begins = (bytes: Uint8Array, ...start: number[]) => start.every((byte, i) => bytes[i] === byte);

/** Beginnings of files of other kinds: what they are, and what to do. */
const foreign: readonly [
  test: (bytes: Uint8Array, text: string) => boolean,
  what: string,
  remedy?: string,
][] = [
  [
    (_, text) => text.slice(4, 8) === "TFL3",
    "the file is a TensorFlow Lite model",
    "save the model as Keras's .keras, or convert it with python -m tf2onnx.convert --tflite MODEL.tflite --output model.onnx",
  ],
  [
    (bytes) => isLegacyTorch(bytes),
    "the file is a PyTorch file from before version 1.6",
    'load and save it again: torch.save(torch.load(FILE), "model.pt")',
  ],
  [
    (_, text) => text.startsWith("MATLAB"),
    "the file is MATLAB's .mat",
    'in MATLAB, exportONNXNetwork(net, "model.onnx"); of matrices, scipy.io.loadmat and numpy.savez make an .npz',
  ],
  [
    (bytes) => isNpy(bytes),
    "the file is one NumPy array (.npy)",
    'a network is W and b by layer: numpy.savez("model.npz", W0=..., b0=..., W1=..., b1=...)',
  ],
  [
    (bytes, text) => begins(bytes, 0x80) && bytes[1] >= 2 && bytes[1] <= 5 && /sklearn|joblib/.test(text),
    "the file is a pickle of scikit-learn (pickle or joblib), which is a program and is not run",
    'save its arrays: numpy.savez("model.npz", **{f"W{i}": w for i, w in enumerate(mlp.coefs_)}, **{f"b{i}": b for i, b in enumerate(mlp.intercepts_)}), or ONNX with skl2onnx',
  ],
  [
    (bytes) => begins(bytes, 0x80) && bytes[1] >= 2 && bytes[1] <= 5,
    "the file is a pickle of Python, which is a program and is not run",
    "save the arrays with numpy.savez, or the model as ONNX",
  ],
  [
    (_, text) => text.startsWith("version https://git-lfs"),
    "the file is a pointer of Git LFS, not the file itself",
    "fetch it with git lfs pull",
  ],
  [
    (_, text) => /^\s*<(!doctype\s+html|html)/i.test(text),
    "the file is a page of HTML",
    "the download gave a page instead of the file: fetch the raw file",
  ],
  [(_, text) => /^\s*<\?xml|^\s*<net\b/.test(text), "the file is XML (OpenVINO or PMML, perhaps)"],
  [
    (_, text) => text.startsWith("GGUF") || text.startsWith("ggml"),
    "the file is a language model (GGUF)",
    "it is no ReLU network",
  ],
  [
    (bytes, text) =>
      text.slice(257, 262) === "ustar" ||
      begins(bytes, 0xfd, 0x37, 0x7a) ||
      begins(bytes, 0x42, 0x5a, 0x68) ||
      begins(bytes, 0x28, 0xb5, 0x2f, 0xfd) ||
      text.startsWith("7z\xbc\xaf") ||
      text.startsWith("Rar!"),
    "the file is an archive",
    "unpack it, and give the file in it",
  ],
  [
    (bytes) => begins(bytes, 0x78) && [0x01, 0x5e, 0x9c, 0xda].includes(bytes[1]),
    "the file is packed with zlib, as joblib does it",
    "save the arrays with numpy.savez, or the model as ONNX",
  ],
];

/** Endings of formats without a beginning of their own. */
const endings: Readonly<Record<string, [what: string, remedy?: string]>> = {
  ".pb": [
    "the file is a graph of TensorFlow (.pb)",
    "convert the SavedModel's folder: python -m tf2onnx.convert --saved-model FOLDER --output model.onnx",
  ],
  ".tflite": ["the file is a TensorFlow Lite model"],
  ".pkl": [
    "the file is a pickle of Python, which is a program and is not run",
    "save the arrays with numpy.savez, or the model as ONNX",
  ],
  ".pickle": [
    "the file is a pickle of Python, which is a program and is not run",
    "save the arrays with numpy.savez, or the model as ONNX",
  ],
  ".joblib": [
    "the file is a pickle of Python (joblib), which is a program and is not run",
    "save the arrays with numpy.savez, or the model as ONNX",
  ],
  ".mat": ["the file is MATLAB's .mat", 'in MATLAB, exportONNXNetwork(net, "model.onnx")'],
  ".msgpack": [
    "the file is Flax's msgpack",
    "save the parameters as safetensors: safetensors.flax.save_file(flax.traverse_util.flatten_dict(params, sep='.'), \"model.safetensors\")",
  ],
  ".eqx": [
    "the file is Equinox's own, which holds arrays without names",
    "save the leaves with numpy.savez, W and b by layer",
  ],
  ".mlmodel": ["the file is a Core ML model"],
  ".jls": [
    "the file is Julia's serialisation, which only Julia reads",
    'save the arrays with NPZ.jl: npzwrite("model.npz", Dict("W0" => W, ...))',
  ],
  ".jld2": [
    "the file is Julia's JLD2",
    'save the arrays with NPZ.jl: npzwrite("model.npz", Dict("W0" => W, ...))',
  ],
  ".bson": [
    "the file is Julia's BSON",
    'save the arrays with NPZ.jl: npzwrite("model.npz", Dict("W0" => W, ...))',
  ],
  ".csv": [
    "the file is a table of numbers (.csv)",
    'a network is W and b by layer: numpy.savez("model.npz", W0=..., b0=..., ...)',
  ],
};

function zipFormat(bytes: Uint8Array, ending: string): Format {
  const { names } = readZip(bytes, "the file");
  if (
    names.some((name) =>
      /(^|\/)(data|constants)\.pkl$|(^|\/)archive_format$|serialized_exported_program\.json$/.test(name),
    )
  )
    return "torch";
  if (names.includes("config.json") && names.some((name) => name.endsWith(".weights.h5"))) return "keras";
  if (names.some((name) => name.endsWith(".npy")) || ending === ".npz") return "npz";
  if (names.some((name) => name.endsWith("saved_model.pb")))
    return refuse(
      "the file is a packed SavedModel of TensorFlow",
      "unpack it, then python -m tf2onnx.convert --saved-model FOLDER --output model.onnx",
    );
  return refuse(
    `the file is a zip archive of no known format (${names.slice(0, 3).join(", ") || "it is empty"})`,
    "unpack it, and give the file in it",
  );
}

/** Formats by the ending of a name, for contents that do not show what they are. */
const byEnding: Readonly<Record<string, Format>> = {
  ".json": "json",
  ".safetensors": "safetensors",
  ".onnx": "onnx",
  ".nnet": "nnet",
  ".npz": "npz",
  ".h5": "h5",
  ".hdf5": "h5",
  ".keras": "keras",
  ".pt": "torch",
  ".pth": "torch",
};

/**
 * The format of a file, by what it holds first and by its name's ending last.
 *
 * @param bytes the whole file, unpacked
 * @param ending of its name, such as ".pt"
 * @throws TypeError for a file of another kind, which says what it is and what to do
 */
export function formatOf(bytes: Uint8Array, ending: string): Format {
  if (bytes.length === 0) refuse("the file is empty", "is its download or its export complete?");
  const text = latin.decode(bytes.subarray(0, 2048));
  if (isZip(bytes)) return zipFormat(bytes, ending);
  if (isHdf5(bytes)) return "h5";
  for (const [test, what, remedy] of foreign) if (test(bytes, text)) refuse(what, remedy);
  if (/^[\s\xef\xbb\xbf]*[{[]/.test(text)) return "json";
  if (Object.prototype.hasOwnProperty.call(byEnding, ending)) return checked(byEnding[ending], bytes);
  if (text[8] === "{" && bytes[7] === 0 && bytes[6] === 0) return "safetensors";
  if (Object.prototype.hasOwnProperty.call(endings, ending)) refuse(...endings[ending]);
  if (begins(bytes, 8, 1, 0x12)) refuse(...endings[".pb"]);
  if (bytes[0] === 8 && bytes[1] >= 2 && bytes[1] <= 30) return "onnx";
  if (/^(\s*\/\/[^\n]*\n)*\s*\d+,\s*\d+,\s*\d+,/.test(text)) return "nnet";
  // Controls other than line ends and tabs are in no text.
  const isText = !/[\0-\x08\x0e-\x1f]/.test(text); // eslint-disable-line no-control-regex
  return refuse(
    `the file is ${isText ? "a text" : "binary, and"} of no format that is known (it begins with ${JSON.stringify(text.slice(0, 16))})`,
    `what is read: ${readable}`,
  );
}

/** Refuses an ending whose format always begins otherwise. */
function checked(format: Format, bytes: Uint8Array): Format {
  const start = JSON.stringify(latin.decode(bytes.subarray(0, 8)));
  if (format === "torch")
    refuse(
      `the file is called .pt, but is no zip archive as PyTorch writes it (it begins with ${start})`,
      'save it again: torch.save(model.state_dict(), "model.pt")',
    );
  if (format === "keras" || format === "npz")
    refuse(
      `the file is called .${format}, but is no zip archive (it begins with ${start})`,
      "is it cut off or of another kind?",
    );
  if (format === "h5")
    refuse(
      `the file is called .h5, but is no HDF5 (it begins with ${start})`,
      "is it cut off or of another kind?",
    );
  return format;
}

/** Refuses a folder, by what is in it. */
export function refuseFolder(names: readonly string[]): never {
  if (names.includes("saved_model.pb") || names.includes("keras_metadata.pb"))
    return refuse(
      "this is a directory, a SavedModel of TensorFlow",
      'convert it: python -m tf2onnx.convert --saved-model FOLDER --output model.onnx, or model.save("model.keras")',
    );
  const known = names.find(
    (name) => name === "model.json" || /\.(onnx|safetensors|pt|pth|keras|h5|npz|nnet)$/.test(name),
  );
  if (known !== undefined) return refuse("this is a directory", `give the file in it: ${known}`);
  if (names.includes("data.pkl"))
    return refuse("this is a directory, an unpacked PyTorch file", "pack it again: torch.save(...)");
  return refuse("this is a directory without a network", `give a file; what is read: ${readable}`);
}
