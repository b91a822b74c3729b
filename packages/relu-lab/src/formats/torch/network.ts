import { readZip, type Archive } from "../archive/zip";
import { networkFromTensors, type ChainNetwork, type NamedFormat } from "../named/chain";
import type { ChainOptions, NamedTensor } from "../named/tensor";
import { readPickle, type Dictionary } from "./pickle";
import { Tensors, TorchTensor } from "./tensors";

const named: NamedFormat = { format: "PyTorch", weightsAreRows: true, mayHoldOthers: false };

function fail(what: string): never {
  throw new TypeError(`PyTorch: ${what}`);
}

const onnx = (model: string) => `torch.onnx.export(${model}, torch.zeros(1, INPUTS), "model.onnx")`;
const save = "torch.save(model.state_dict(), FILE)";

/** How deep in a checkpoint a state dict may lie. */
const deepest = 4;

type Found = { readonly path: string; readonly tensors: Dictionary };

/** Dictionaries that hold matrices under names, in a checkpoint; those of an optimiser hold them under numbers. */
function stateDicts(value: unknown, path: string, depth: number, seen: Set<unknown>): Found[] {
  if (!(value instanceof Map) || depth > deepest || seen.has(value)) return [];
  seen.add(value);
  const entries = [...(value as Dictionary)].filter(
    (entry): entry is [string, unknown] => typeof entry[0] === "string",
  );
  if (entries.some(([, own]) => own instanceof TorchTensor && own.shape.length >= 2))
    return [{ path, tensors: value as Dictionary }];
  return entries.flatMap(([name, own]) =>
    stateDicts(own, path === "" ? name : `${path}.${name}`, depth + 1, seen),
  );
}

/** The tensors of a state dict; a note for what else stands among them. */
function tensorsOf({ path, tensors }: Found, prefix: string, notes: string[]): [string, NamedTensor][] {
  return [...tensors].flatMap(([name, tensor]): [string, NamedTensor][] => {
    if (tensor instanceof TorchTensor && typeof name === "string") return [[`${prefix}${name}`, tensor]];
    if (!(tensor instanceof Map)) return [];
    notes.push(`"${String(name)}" beside the weights${path === "" ? "" : ` of "${path}"`} is left out`);
    return [];
  });
}

/** The value of `data.pkl`. */
function pickled(archive: Archive): unknown {
  const pickle = archive.names.find((name) => /(^|\/)data\.pkl$/.test(name));
  if (archive.names.some((name) => /(^|\/)constants\.pkl$/.test(name)))
    fail(`the file is TorchScript, which is a program: export it with ${onnx("torch.jit.load(FILE)")}`);
  if (
    archive.names.some((name) =>
      /(^|\/)(archive_format|serialized_exported_program\.json|models\/\w+\.json)$/.test(name),
    )
  )
    fail(`the file is an exported program (torch.export): export ONNX instead with ${onnx("model")}`);
  if (pickle === undefined)
    return fail(`the zip archive holds no data.pkl: save the model's weights with ${save}`);
  const prefix = pickle.slice(0, -"data.pkl".length);
  if (
    archive.has(`${prefix}byteorder`) &&
    new TextDecoder().decode(archive.read(`${prefix}byteorder`)) !== "little"
  )
    fail(
      `its numbers are kept in the order of bytes of another machine (big endian): load it there and save ONNX with ${onnx("model")}`,
    );
  const refuse = (what: string): never =>
    fail(
      /asks for/.test(what)
        ? `${what}. When the file holds a whole model, save its weights alone with ${save}`
        : what,
    );
  return readPickle(archive.read(pickle), new Tensors(archive, prefix, refuse).known, refuse);
}

/**
 * The network of dense layers and batch normalisations whose weights a PyTorch file holds: a state dict, or a checkpoint
 * with one in it. The pickle in it is interpreted, never run: tensors and dictionaries are rebuilt, and whatever else it
 * asks for is refused by its name.
 *
 * @param bytes the whole file, as `torch.save` of PyTorch 1.6 or later writes it
 * @param options activations and order of layers, which such a file does not hold
 * @returns the network in doubles, and what was assumed
 * @throws TypeError that names what is not understood, and the line of Python that saves what is
 * @example
 * networkFromTorch(fs.readFileSync("model.pt"), { last: "relu" }).network.sizes;
 */
export function networkFromTorch(bytes: Uint8Array, options: ChainOptions = {}): ChainNetwork {
  const found = stateDicts(pickled(readZip(bytes, "PyTorch")), "", 0, new Set());
  const notes: string[] = [];
  if (found.length === 0) fail(`the file holds no state dict with a matrix: save the weights with ${save}`);
  if (found.length === 1) {
    const [{ path }] = found;
    if (path !== "") notes.push(`the weights are those of "${path}" in the checkpoint`);
    const tensors = new Map(tensorsOf(found[0], "", notes));
    const read = networkFromTensors(tensors, options, named);
    return { ...read, notes: [...notes, ...read.notes] };
  }
  const names = found.map(({ path }) => `"${path}"`).join(", ");
  if (!options.layers)
    return fail(
      `the checkpoint holds ${found.length} state dicts, ${names}: choose the layers of one, with --layers ${found[0].path} (the option layers)`,
    );
  const wanted = found.filter(({ path }) =>
    options.layers!.some((layer) => layer === path || layer.startsWith(`${path}.`)),
  );
  if (wanted.length === 0)
    fail(`none of the layers ${options.layers.join(",")} is in the state dicts ${names}`);
  notes.push(
    `of the state dicts ${names} those of ${wanted.map(({ path }) => `"${path}"`).join(", ")} are read`,
  );
  const tensors = new Map(wanted.flatMap((one) => tensorsOf(one, `${one.path}.`, notes)));
  const read = networkFromTensors(tensors, options, named);
  return { ...read, notes: [...notes, ...read.notes] };
}

/** Whether bytes are a PyTorch file from before zip archives: a pickle that begins with a certain number. */
export const isLegacyTorch = (bytes: Uint8Array): boolean =>
  [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46].every((byte, i) => bytes[i] === byte);
