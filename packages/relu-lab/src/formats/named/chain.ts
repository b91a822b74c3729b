import { fromBlocks, ReluNetwork, type BlockActivation, type LayerSpec } from "../../network";
import { transposed } from "../../network/transposed";
import { modulesOf, tokensOf, type DenseModule } from "./modules";
import { placeNorms, type Placed } from "./norms";
import { isNamed, ordered, type Link } from "./order";
import type { ChainOptions, NamedTensor } from "./tensor";

/** A network whose file says less than a network is, and what was assumed about it. */
export interface ChainNetwork {
  readonly network: ReluNetwork;
  /** What was assumed or left out, a sentence each. */
  readonly notes: readonly string[];
}

/** How much the names of a format say. */
export interface NamedFormat {
  /** As messages begin. */
  readonly format: string;
  /** Whether a `weight` is surely [outputs][inputs]; where it is not, biases and neighbours have to show it. */
  readonly weightsAreRows: boolean;
  /** Whether arrays that belong to no layer are left out with a note, as a file of any arrays may hold them. */
  readonly mayHoldOthers: boolean;
}

/** A dense layer, the right way round. */
export interface DenseLink extends Link {
  readonly name: string;
  readonly module: DenseModule;
}

/** Words of arrays that change a network's values, so that none of them may be left out. */
const matters = /mean|std|var|scal|norm|mask|shift|offset|sigma|mu\b|min|max|range/i;

const unknown = (name: string) =>
  `"${name}" belongs to no dense layer, so its part in the network is unknown`;

const said = (activation: BlockActivation) =>
  typeof activation === "string" ? activation : `leaky ReLU (${activation.leaky})`;

/** Which way round the weights lie: as names say, as biases show, or as alone makes them fit. */
function linksOf(
  dense: readonly DenseModule[],
  fail: (what: string) => never,
  order: (links: readonly DenseLink[]) => DenseLink[],
): DenseLink[] {
  const shownBy = ({ weight: { shape }, bias, isKernel }: DenseModule): boolean | undefined => {
    if (isKernel !== undefined || !bias || shape[0] === shape[1]) return isKernel;
    return bias.shape[0] === shape[1];
  };
  const open = dense.filter(({ isKernel }) => isKernel === undefined);
  const shown = new Set(open.map(shownBy).filter((is) => is !== undefined));
  if (shown.size === 2) fail("the biases fit to the rows of some weights and to the columns of others");
  const as = (openIsKernel: boolean) =>
    dense.map((module): DenseLink => {
      const {
        path,
        tokens,
        name,
        weight: { shape },
        bias,
      } = module;
      const isKernel = module.isKernel ?? openIsKernel;
      const [inputs, outputs] = isKernel ? shape : [shape[1], shape[0]];
      if (bias && bias.shape[0] !== outputs)
        fail(`"${module.biasName}" has the shape [${bias.shape}], but "${name}" gives ${outputs} outputs`);
      return { path, tokens, name, inputs, outputs, module: { ...module, isKernel } };
    });
  if (open.length === 0 || shown.size === 1) return order(as([...shown][0] ?? false));
  const orders = [false, true].map((isKernel) => {
    try {
      return { order: order(as(isKernel)) };
    } catch (error) {
      return { error };
    }
  });
  const fitting = orders.filter((one) => one.order !== undefined);
  if (fitting.length === 0) throw orders[0].error;
  if (fitting.length === 2) {
    const square =
      open.length === 1 && open[0].weight.shape.join() !== "1,1"
        ? `the shape of "${open[0].name}"`
        : "no bias and no shape";
    return fail(
      `whether its weights are [outputs][inputs] or [inputs][outputs] is not in the file (${square} shows it): call them kernel when rows are inputs, or save biases as well`,
    );
  }
  return fitting[0].order!;
}

/** W x + b with the normalisations before and behind it taken in. */
function folded({ link, before, behind }: Placed<DenseLink>): { W: Float64Array; b: Float64Array } {
  const { inputs, outputs, module } = link;
  const { weight, bias, isKernel } = module;
  const W = isKernel ? transposed(weight.values, inputs, outputs) : Float64Array.from(weight.values);
  const b = bias ? Float64Array.from(bias.values) : new Float64Array(outputs);
  for (const { factors, shifts } of before)
    for (let o = 0; o < outputs; o++)
      for (let i = 0; i < inputs; i++) {
        b[o] += W[o * inputs + i] * shifts[i];
        W[o * inputs + i] *= factors[i];
      }
  for (const { factors, shifts } of behind)
    for (let o = 0; o < outputs; o++) {
      b[o] = factors[o] * b[o] + shifts[o];
      for (let i = 0; i < inputs; i++) W[o * inputs + i] *= factors[o];
    }
  return { W, b };
}

/**
 * The network of a chain of dense layers and batch normalisations, from its named tensors alone.
 *
 * @param tensors `NAME.weight` of shape [outputs][inputs] or `NAME.kernel` of shape [inputs][outputs], `NAME.bias` of shape
 *   [outputs] (zeros when missing), and the parameters of batch normalisations
 * @param options the activations and the order of layers, which such a file does not hold
 * @param how what the format's names say
 * @returns the network in doubles, and what was assumed
 * @throws TypeError that names the tensor which is no part of a chain, or the orders that are possible
 * @example
 * networkFromTensors(tensors, { last: "relu" }, format).network.sizes; // [2, 16, 16, 1]
 */
export function networkFromTensors(
  tensors: ReadonlyMap<string, NamedTensor>,
  options: ChainOptions,
  how: NamedFormat,
): ChainNetwork {
  const fail = (what: string): never => {
    throw new TypeError(`${how.format}: ${what}`);
  };
  const { layers: asked } = options;
  const isWanted = (path: string, name: string) =>
    asked === undefined || asked.some((layer) => isNamed(layer, { path, name, tokens: tokensOf(path) }));
  const { dense, norms, stray, others } = modulesOf(tensors, fail, how.weightsAreRows, isWanted);
  if (dense.length + others.length === 0)
    fail(
      `no tensor is called weight or kernel: there are ${[...tensors.keys()].slice(0, 5).join(", ") || "none"}`,
    );
  const notes: string[] = [];
  if (!asked)
    for (const name of stray) {
      if (!how.mayHoldOthers || matters.test(name)) fail(unknown(name));
      notes.push(`"${name}" is no part of a layer by its name, and is left out`);
    }
  const known = [...dense.map(({ path, name }) => path || name), ...others];
  const request = { layers: asked, known, fail, note: (what: string) => void notes.push(what) };
  const chain = linksOf(dense, fail, (links) => ordered(links, request));
  if (asked)
    for (const name of stray)
      if (
        chain.some(
          ({ path }) => path === "" || (name.startsWith(path) && /^[./_]/.test(name.slice(path.length))),
        )
      )
        fail(unknown(name));
  const left = [...others, ...(asked ? stray : [])];
  if (left.length > 0) notes.push(`left out, as they are not among the layers asked for: ${left.join(", ")}`);
  const placed = placeNorms(chain, norms, left.length > 0, fail, notes);
  const activation = options.activation ?? "relu";
  const last = options.last ?? "linear";
  if (options.activation === undefined && chain.length > 1)
    notes.push(
      `the file does not hold the activation: ReLU is taken behind every layer${last === "relu" ? "" : " but the last"} (--activation leaky:A, --last relu)`,
    );
  if (options.activation !== undefined && chain.length > 1)
    notes.push(`the activation is ${said(activation)}, as it was asked for`);
  const layers = placed.map((one, i) => ({
    ...folded(one),
    activation: i < placed.length - 1 ? activation : last,
  }));
  if (layers.every((layer) => typeof layer.activation === "string"))
    return { network: ReluNetwork.of(layers as LayerSpec[]), notes };
  return {
    network: fromBlocks(
      layers.map((layer) => ({ type: "dense" as const, ...layer })),
      chain[0].inputs,
    ),
    notes,
  };
}
