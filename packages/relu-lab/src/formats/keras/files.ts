import { readZip } from "../archive/zip";
import { parseFields } from "../json-text";
import type { Compiled } from "../graph/compile";
import { networkFromTensors, type ChainNetwork } from "../named/chain";
import type { ChainOptions } from "../named/tensor";
import { checkDepth } from "../../network/json-depth";
import { compileKeras, type KerasOptions } from "./compile";
import { openHdf5, type ReadHdf5 } from "./hdf5";
import { NamedWeights, versionOf, weightsInOrder } from "./model";
import { TopologyReader, type Step } from "./topology";

function fail(what: string): never {
  throw new TypeError(`Keras: ${what}`);
}

const save = 'save the whole model with model.save("model.keras")';

function fieldsOf(text: string, place: string): Record<string, unknown> {
  let fields: Record<string, unknown> | null;
  try {
    fields = parseFields(text);
  } catch (error) {
    return fail(`${place} is damaged: ${(error as Error).message}`);
  }
  if (fields === null || Array.isArray(fields)) return fail(`${place} must be an object`);
  checkDepth(fields, `Keras: ${place}`);
  return fields;
}

/** How a .h5 file is read. */
export type FromHdf5Options = KerasOptions & ChainOptions;

const textOf = (value: unknown, place: string): string =>
  typeof value === "string" ? value : fail(`${place} must be a text`);

/**
 * The network of a Keras model in an HDF5 file, as `model.save("model.h5")` writes it.
 *
 * @param bytes the whole file
 * @param options which output
 * @returns the network, taking images in the order row, column, channel (unless the model has its channels first), the
 *   names of inputs and outputs, and notes
 * @throws TypeError that names the layer or weight which is not understood
 * @example
 * (await networkFromHdf5(fs.readFileSync("model.h5"))).network.sizes;
 */
export async function networkFromHdf5(
  bytes: Uint8Array,
  options: FromHdf5Options = {},
): Promise<Compiled | ChainNetwork> {
  return networkOfHdf5(await openHdf5(), bytes, options);
}

/** {@link networkFromHdf5}, once the library is there. */
export function networkOfHdf5(
  read: ReadHdf5,
  bytes: Uint8Array,
  options: FromHdf5Options = {},
): Compiled | ChainNetwork {
  const { attributes, arrays } = read(
    bytes,
    (path) => !/^(optimizer_weights|optimizer|\/?_)/.test(path),
    fail,
  );
  const config = attributes.get("model_config");
  if (config === undefined) {
    if ([...arrays.keys()].some((path) => /(^|\/)vars\/\d+$/.test(path)))
      return fail(`the HDF5 holds the weights of a Keras model without its layers: ${save}`);
    if (![...arrays.keys()].some((path) => /(^|\/)kernel(:0)?$/.test(path)))
      return fail(
        `the HDF5 is no Keras model: it holds ${[...arrays.keys()].slice(0, 4).join(", ") || "no arrays"}; ${save}`,
      );
    const { activation, last, layers } = options;
    return networkFromTensors(
      arrays,
      { activation, last, layers },
      { format: "Keras weights", weightsAreRows: false, mayHoldOthers: false },
    );
  }
  const model = fieldsOf(config, "model_config");
  const named = new NamedWeights(arrays);
  const reader: TopologyReader = new TopologyReader("Keras", versionOf(attributes.get("keras_version")), {
    of: (path) =>
      named.of(
        path[path.length - 1].name,
        path.slice(0, -1).map(({ name }) => name),
        fail,
      ),
  });
  return compileKeras(
    "Keras",
    reader.read(textOf(model.class_name, "the model's class_name"), model.config),
    options,
  );
}

/** The names under which Keras's saving keeps the layers of a class. */
const snake = (name: string) =>
  name
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();

/** Where the variables of a layer lie: by class and number, as of Keras 3, within each model. */
function placesOf(path: readonly Step[]): string[] {
  const containers = ["layers", "_layer_checkpoint_dependencies"];
  return path.reduce<string[]>(
    (before, { kind, number }) =>
      before.flatMap((start) =>
        containers.map(
          (container) => `${start}${container}/${snake(kind)}${number > 0 ? `_${number}` : ""}/`,
        ),
      ),
    [""],
  );
}

/** How deep models may be nested in a .keras file: each level may lie in two places. */
const deepest = 6;

/**
 * The network of a Keras model in a `.keras` file: a zip archive of its layers (config.json) and weights (HDF5).
 *
 * @param bytes the whole file, as `model.save("model.keras")` writes it
 * @param options which output
 * @returns as {@link networkFromHdf5}
 * @throws TypeError that names the layer or weight which is not understood
 * @example
 * (await networkFromKeras(fs.readFileSync("model.keras"))).network.sizes;
 */
export async function networkFromKeras(bytes: Uint8Array, options: KerasOptions = {}): Promise<Compiled> {
  return networkOfKeras(await openHdf5(), bytes, options);
}

/** {@link networkFromKeras}, once the library is there. */
export function networkOfKeras(read: ReadHdf5, bytes: Uint8Array, options: KerasOptions = {}): Compiled {
  const archive = readZip(bytes, "Keras");
  const json = (name: string) => fieldsOf(new TextDecoder().decode(archive.read(name)), name);
  const model = json("config.json");
  const version = archive.has("metadata.json") ? json("metadata.json").keras_version : undefined;
  const stored = archive.names.find((name) => name.endsWith(".weights.h5"));
  if (stored === undefined) return fail(`the archive holds no weights: ${save}`);
  const { arrays } = read(archive.read(stored), (path) => !/^optimizer/.test(path), fail);
  const byPlace = new Map([...arrays].map(([path, array]) => [path.replace(/\\/g, "/"), array]));
  const reader = new TopologyReader("Keras", versionOf(version), {
    of(path, config) {
      if (path.length > deepest)
        fail(`layer "${path[path.length - 1].name}" lies in more than ${deepest} models`);
      const { kind } = path[path.length - 1];
      const place = placesOf(path).find((start) => byPlace.has(`${start}vars/0`));
      const list = [];
      if (place !== undefined)
        for (let i = 0; byPlace.has(`${place}vars/${i}`); i++) {
          const array = byPlace.get(`${place}vars/${i}`)!;
          list.push(() => array);
        }
      return weightsInOrder(kind, config, list);
    },
  });
  return compileKeras(
    "Keras",
    reader.read(textOf(model.class_name, "the model's class_name"), model.config),
    options,
  );
}
