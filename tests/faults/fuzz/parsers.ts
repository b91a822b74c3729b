// Each parser with damaged input: what it gives must be right, or it must refuse in words that help.
import * as assert from "uvu/assert";
import * as fc from "fast-check";
import {
  applyParameters,
  formatNotebook,
  lintNotebook,
  notebookParameters,
  parseNotebook,
  parseValue,
  readParameters,
  type Notebook,
} from "@relu-lab/report";
import { gunzipIfPacked, readIdx } from "../../../packages/relu-lab/src/datasets/idx";
import { formatOf } from "../../../packages/relu-lab/src/formats/recognise";
import { networkOfHdf5, networkOfKeras } from "../../../packages/relu-lab/src/formats/keras/files";
import { openHdf5, type ReadHdf5 } from "../../../packages/relu-lab/src/formats/keras/hdf5";
import { Tensors } from "../../../packages/relu-lab/src/formats/torch/tensors";
import { readPickle } from "../../../packages/relu-lab/src/formats/torch/pickle";
import {
  networkFromNnet,
  networkFromNpz,
  networkFromOnnx,
  networkFromSafetensors,
  networkFromTfjs,
  networkFromTorch,
} from "relu-lab/formats";
import { networkFromJson, networkToJson, type ReluNetwork } from "relu-lab/network";
import { typeFits, typeOfValue, formatValue } from "../../../packages/report/src/notebook/literal";
import { mutatedBytes, mutatedJson, mutatedText } from "./mutations";
import {
  h5Files,
  idxFiles,
  kerasFiles,
  networks,
  nnetFile,
  notebook,
  npzFiles,
  onnxFiles,
  tensorFiles,
  tfjsModels,
  torchFiles,
  writeHdf5Seeds,
} from "./seeds";
import { pickle, Storages, orderedDict, Name, Reduce } from "../../relu-lab/formats/torch-writer";

/** What JavaScript itself says when code trusts what it was given: never a message for a user. */
const careless =
  /Cannot (read|convert|destructure|set|mix|access)|is not (iterable|a function|a constructor|defined|an object)|Invalid (array|typed array|count|string) |Maximum call stack|allocation failed|out of bounds|undefined is not|Reduce of empty/;

/** Runs a parser; a refusal must be an Error with words of our own. Returns undefined when it refused. */
export function refusedOr<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    assert.instance(error, Error);
    const { message, stack } = error as Error;
    assert.not.ok(
      message.length < 8 || (careless.test(message) && !/^ONNX: not an ONNX model/.test(message)),
      stack,
    );
    return undefined;
  }
}

function isNetwork(network: ReluNetwork | undefined): void {
  if (!network) return;
  assert.is(network.forward(new Float64Array(network.inputs)).length, network.outputs);
  for (const { weights, biases } of network.layers)
    assert.ok(weights.every(Number.isFinite) && biases.every(Number.isFinite));
}

/** A parser under damaged inputs. */
export interface Fuzzed {
  readonly name: string;
  readonly property: fc.IProperty<[unknown]>;
}

/** Told of each input before it is read. */
let watch: (input: unknown) => void = () => {};

export const fuzzed = <T>(name: string, input: fc.Arbitrary<T>, check: (input: T) => void): Fuzzed => ({
  name,
  property: fc.property(input, (value) => {
    watch(value);
    check(value);
  }) as unknown as fc.IProperty<[unknown]>,
});

let hdf5: ReadHdf5;

/** What has to be loaded before the parsers run. */
export async function prepare(): Promise<void> {
  hdf5 = await openHdf5();
  await writeHdf5Seeds();
}

/** Bytes of files that are written by {@link prepare}. */
const laterBytes = (seeds: readonly Buffer[]) => fc.constant(undefined).chain(() => mutatedBytes(seeds));

/** Pickles without the archive around them, whose check sums would keep the damage out. */
const pickles = [
  pickle(
    new Map<unknown, unknown>([
      ["a", Storages.tensor("0", "FloatStorage", 0, [2, 2], [2, 1])],
      ["b", new Set([1, 0.5, null, true])],
      [3, orderedDict(new Map([["c", 1]]))],
    ]),
  ),
  pickle(
    new Reduce(new Name("torch._utils", "_rebuild_parameter"), [
      Storages.tensor("0", "HalfStorage", 1, [1, 2], [1, 2]),
      false,
      null,
    ]),
  ),
];
const storage = { names: [], has: () => true, read: () => new Uint8Array(16).fill(60) };

function checkPickle(bytes: Uint8Array): void {
  refusedOr(() => {
    const refuse = (what: string): never => {
      throw new TypeError(what);
    };
    readPickle(bytes, new Tensors(storage, "", refuse).known, refuse);
  });
}

/** Networks of any format that a file may be taken for. */
function checkRecognised(bytes: Uint8Array): void {
  refusedOr(() => formatOf(bytes, ""));
}

const damagedModel = fc.constantFrom(...tfjsModels).chain(({ json, shards }) =>
  fc.record({
    json: fc.oneof(
      { weight: 5, arbitrary: mutatedJson([json]) },
      { weight: 1, arbitrary: fc.constant(json) },
    ),
    shards: fc.oneof(
      { weight: 3, arbitrary: fc.constant(shards) },
      {
        weight: 1,
        arbitrary: mutatedBytes([Buffer.from(shards["a.bin"] ?? new Uint8Array(4))]).map((bytes) => ({
          ...shards,
          "a.bin": bytes as Uint8Array,
        })),
      },
    ),
  }),
);

function checkNotebook(text: string): void {
  const read = refusedOr((): Notebook => parseNotebook(text, "a.ipynb"));
  if (!read) return;
  const cells = (notebook: Notebook) =>
    notebook.cells.map(({ execution_count, outputs, ...rest }) => ({
      ...rest,
      ...(rest.cell_type === "code" ? { execution_count: execution_count ?? null, outputs } : {}),
    }));
  const again = JSON.parse(JSON.stringify(cells(parseNotebook(formatNotebook(read), "a.ipynb"))));
  assert.equal(again, JSON.parse(JSON.stringify(cells(read))));
  refusedOr(() => notebookParameters(applyParameters(read, { profile: "full", set: { trials: "3" } })));
}

const literals = fc.oneof(
  fc.constantFrom(
    "1",
    "-0",
    "1e999",
    "0x10",
    "[1, 2]",
    "1,2",
    '["a"]',
    "true",
    '"a\\u2028"',
    "[[1],[2]]",
    "[1e999]",
    "NaN",
    "[",
    "[[[[",
    "{}",
    "null",
    "a,b",
    "__proto__",
    "</script>",
    "`${process.exit()}`",
    '");process.exit();("',
  ),
  fc.string({ unit: "binary" }),
  fc.jsonValue().map((value) => JSON.stringify(value)),
);
const types = [
  "number",
  "string",
  "boolean",
  "number[]",
  "string[]",
  "boolean[]",
  "number[][]",
  "(number | string)[]",
  "[]",
];

export const parsers: readonly Fuzzed[] = [
  fuzzed("IDX and gzip", mutatedBytes(idxFiles), (bytes) => {
    const read = refusedOr(() => readIdx(gunzipIfPacked(bytes, "a"), "a", 3));
    if (read)
      assert.is(
        read.data.length,
        read.dimensions.reduce((product, n) => product * n, 1),
      );
  }),
  fuzzed("network JSON", mutatedText(networks), (text) => {
    const network = refusedOr(() => networkFromJson(text));
    isNetwork(network);
    if (network) assert.equal(networkFromJson(networkToJson(network)).sizes, network.sizes);
  }),
  fuzzed("safetensors", mutatedBytes(tensorFiles), (bytes) =>
    isNetwork(refusedOr(() => networkFromSafetensors(bytes))),
  ),
  fuzzed("ONNX", mutatedBytes(onnxFiles), (bytes) =>
    isNetwork(refusedOr(() => networkFromOnnx(bytes, () => undefined))?.network),
  ),
  fuzzed(
    "tfjs model.json with weights",
    damagedModel,
    ({ json, shards }: { json: object; shards: Record<string, Uint8Array> }) =>
      isNetwork(
        refusedOr(() =>
          networkFromTfjs(json, (name) => (Object.hasOwn(shards, name) ? shards[name] : undefined)),
        )?.network,
      ),
  ),
  fuzzed("PyTorch", mutatedBytes(torchFiles), (bytes) =>
    isNetwork(refusedOr(() => networkFromTorch(bytes))?.network),
  ),
  fuzzed("pickle", mutatedBytes(pickles), checkPickle),
  fuzzed("npz", mutatedBytes(npzFiles), (bytes) =>
    isNetwork(refusedOr(() => networkFromNpz(bytes))?.network),
  ),
  fuzzed("nnet", mutatedBytes([Buffer.from(nnetFile)]), (bytes) =>
    isNetwork(refusedOr(() => networkFromNnet(bytes.toString("latin1")))?.network),
  ),
  fuzzed("Keras .h5", laterBytes(h5Files), (bytes) =>
    isNetwork(refusedOr(() => networkOfHdf5(hdf5, bytes))?.network),
  ),
  fuzzed("Keras .keras", laterBytes(kerasFiles), (bytes) =>
    isNetwork(refusedOr(() => networkOfKeras(hdf5, bytes))?.network),
  ),
  fuzzed(
    "what a file is",
    mutatedBytes([...torchFiles, ...npzFiles, ...tensorFiles, ...onnxFiles]),
    checkRecognised,
  ),
  fuzzed(".ipynb", mutatedText([notebook]), checkNotebook),
  fuzzed("--set", fc.tuple(literals, fc.constantFrom(...types)), ([text, type]) => {
    const value = refusedOr(() => parseValue(text, type));
    if (value === undefined) return;
    assert.ok(typeFits(typeOfValue(value), type), `${text} as ${type}`);
    const [parameter, ...more] = readParameters(`const name = ${formatValue(value)};`);
    assert.equal([parameter.value, more.length], [value, 0]);
  }),
  fuzzed(
    "the notebooks' lint",
    mutatedText([notebook]),
    (text) => void refusedOr(() => lintNotebook(text, "a.ipynb")),
  ),
];

/** Runs a parser with so many inputs; the seed is fixed, so that a failure comes again. */
export function fuzz({ property }: Fuzzed, runs: number, onInput: (input: unknown) => void = () => {}): void {
  watch = onInput;
  fc.assert(property, { numRuns: runs, seed: 20261128, includeErrorInReport: true });
}
