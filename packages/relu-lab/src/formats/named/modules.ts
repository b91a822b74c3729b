import type { NamedTensor } from "./tensor";

/** A part of a name: a word in small letters, or a number. */
export type Token = string | number;

/** A weight of a dense layer, and the bias beside it. */
export interface DenseModule {
  readonly path: string;
  readonly tokens: readonly Token[];
  /** The tensor's name. */
  readonly name: string;
  readonly weight: NamedTensor;
  readonly bias: NamedTensor | undefined;
  readonly biasName: string | undefined;
  /** Whether rows of the weight are inputs, where its name says so: kernels are [inputs][outputs]. */
  readonly isKernel: boolean | undefined;
}

/** A batch normalisation: gamma, beta, mean and variance, one number a channel. */
export interface NormModule {
  readonly path: string;
  readonly tokens: readonly Token[];
  readonly channels: number;
  readonly scale: Float64Array | undefined;
  readonly shift: Float64Array | undefined;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Of the framework whose names these are; no file of weights holds it. */
  readonly eps: number;
}

export interface Modules {
  readonly dense: readonly DenseModule[];
  readonly norms: readonly NormModule[];
  /** Names of tensors that are neither. */
  readonly stray: readonly string[];
  /** Layers that are not asked for. */
  readonly others: readonly string[];
}

type Role = "weight" | "kernel" | "bias" | "scale" | "shift" | "mean" | "variance" | "count";

const roles: Readonly<Record<string, Role>> = {
  weight: "weight",
  weights: "weight",
  w: "weight",
  W: "weight",
  kernel: "kernel",
  kernels: "kernel",
  coef: "kernel",
  coefs: "kernel",
  bias: "bias",
  biases: "bias",
  b: "bias",
  B: "bias",
  intercept: "bias",
  intercepts: "bias",
  gamma: "scale",
  scale: "scale",
  beta: "shift",
  running_mean: "mean",
  moving_mean: "mean",
  mean: "mean",
  running_var: "variance",
  moving_variance: "variance",
  var: "variance",
  num_batches_tracked: "count",
};
const roleOf = (word: string): Role | undefined =>
  Object.prototype.hasOwnProperty.call(roles, word) ? roles[word] : undefined;

/** `fc_1.weight`, `weight_1`, `W1`, `fc1_weight`, `W_out`: the layer's name, and what the tensor is in it. */
function parseName(name: string): { path: string; role: Role } | undefined {
  const clean = name.replace(/:\d+$/, "").replace(/^(params|batch_stats)[./]/, "");
  const cut = Math.max(clean.lastIndexOf("."), clean.lastIndexOf("/"));
  const [head, tail] = [clean.slice(0, Math.max(cut, 0)), clean.slice(cut + 1)];
  const under = (part: string) => (head === "" ? part : `${clean.slice(0, cut + 1)}${part}`);
  const own = roleOf(tail);
  if (own) return { path: head, role: own };
  const before = /^([A-Za-z]+)[_-]?(\d+|in|out|input|output|hidden|first|last)$/.exec(tail);
  const first = before && roleOf(before[1]);
  if (first) return { path: under(before[2]), role: first };
  const behind =
    /^(.+?)[_-](running_mean|running_var|moving_mean|moving_variance|num_batches_tracked|[A-Za-z]+)$/.exec(
      tail,
    );
  const last = behind && roleOf(behind[2]);
  return last ? { path: under(behind[1]), role: last } : undefined;
}

/** The words and numbers of a name: `blocks.0.fc10` is blocks, 0, fc, 10. */
export function tokensOf(path: string): Token[] {
  return (path.match(/\d+|[^\d./_\-\s]+/g) ?? []).map((token) =>
    /^\d/.test(token) ? Number(token) : token.toLowerCase(),
  );
}

/** Layers of one file, each of which is a step of functions that call themselves. */
const mostLayers = 1000;

/** Whether rows are inputs, as far as a name says so: `W` may be either. */
const isKernel = (name: string, named: boolean, weightsAreRows: boolean): boolean | undefined =>
  named ? true : weightsAreRows && /weights?(:\d+)?$/.test(name) ? false : undefined;

/** Layers whose weights are matrices, and which are no dense layers. */
const other =
  /(^|[._/])(embed\w*|attn|attention|\w*attn|lstm\w*|gru\w*|rnn\w*|res|residual\w*|resblock\w*|skip\w*|shortcut\w*|[qkv]_?proj|query|key|value)([._/\d]|$)/i;

/** Low-rank changes of other weights (LoRA). */
const adapter = /(^|[._/])lora_\w+([._/]|$)/i;

/** A normalisation of these tensors, or undefined when they are none. */
function normOf(path: string, parts: ReadonlyMap<Role, [string, NamedTensor]>): NormModule | undefined {
  const [mean, variance] = [parts.get("mean"), parts.get("variance")];
  if (!mean || !variance) return undefined;
  const scale = parts.get("scale") ?? parts.get("weight");
  const shift = parts.get("shift") ?? parts.get("bias");
  const all = [mean, variance, scale, shift].filter((one): one is [string, NamedTensor] => one !== undefined);
  const channels = mean[1].values.length;
  const fits = all.every(([, { shape }]) => shape.length === 1 && shape[0] === channels);
  if (!fits || parts.has("kernel") || channels === 0) return undefined;
  const values = (part: [string, NamedTensor] | undefined) => part?.[1].values;
  const eps = /moving_/.test(mean[0]) ? 1e-3 : 1e-5;
  return {
    path,
    tokens: tokensOf(path),
    channels,
    scale: values(scale),
    shift: values(shift),
    mean: mean[1].values,
    variance: variance[1].values,
    eps,
  };
}

/**
 * The layers that named tensors are the parts of.
 *
 * @param fail refuses the file
 * @param weightsAreRows whether a `weight` is surely [outputs][inputs], as PyTorch keeps it
 * @param isWanted whether a layer of this name, whose weight has that name, is asked for
 * @throws TypeError by `fail`: for a convolution, for what is no layer of a chain, and for layers of other kinds
 */
export function modulesOf(
  tensors: ReadonlyMap<string, NamedTensor>,
  fail: (what: string) => never,
  weightsAreRows: boolean,
  isWanted: (path: string, name: string) => boolean,
): Modules {
  const others: string[] = [];
  const groups = new Map<string, Map<Role, [string, NamedTensor]>>();
  const stray: string[] = [];
  for (const [name, tensor] of tensors) {
    const parsed = parseName(name);
    if (!parsed) {
      stray.push(name);
      continue;
    }
    const group = groups.get(parsed.path) ?? new Map<Role, [string, NamedTensor]>();
    const known = group.get(parsed.role);
    if (known) fail(`"${known[0]}" and "${name}" are both the ${parsed.role} of one layer`);
    groups.set(parsed.path, group.set(parsed.role, [name, tensor]));
  }
  const dense: DenseModule[] = [];
  const norms: NormModule[] = [];
  for (const [path, parts] of groups) {
    const norm = normOf(path, parts);
    if (norm) {
      norms.push(norm);
      continue;
    }
    const given = parts.get("weight") ?? parts.get("kernel");
    if (!given) {
      stray.push(...[...parts.values()].map(([name]) => name));
      continue;
    }
    const [name, weight] = given;
    if (!isWanted(path, name)) {
      others.push(path || name);
      continue;
    }
    const bias = parts.get("bias");
    checkDense(name, weight, bias, fail);
    for (const [role, [extra]] of parts) if (extra !== name && role !== "bias") stray.push(extra);
    dense.push({
      path,
      tokens: tokensOf(path),
      name,
      weight,
      bias: bias?.[1],
      biasName: bias?.[0],
      isKernel: isKernel(name, parts.has("kernel"), weightsAreRows),
    });
  }
  const long = dense.find(({ tokens }) => tokens.length > 50);
  if (long) fail(`the name "${long.path.slice(0, 60)}..." has more than 50 words`);
  if (dense.length > mostLayers) fail(`it has ${dense.length} layers: at most ${mostLayers} are understood`);
  return { dense, norms, stray, others };
}

function checkDense(
  name: string,
  { shape, values }: NamedTensor,
  bias: [string, NamedTensor] | undefined,
  fail: (what: string) => never,
): void {
  if (adapter.test(name))
    fail(
      `"${name}" is a part of a LoRA adapter, which changes another layer's weights: merge the adapter into them first (merge_and_unload)`,
    );
  if (other.test(name))
    fail(
      `"${name}" belongs to an embedding, an attention, a recurrent layer or a skip by its name: only chains of dense layers can be read from weights alone: export ONNX`,
    );
  if (shape.length === 3 || shape.length === 4)
    fail(
      `"${name}" of shape [${shape}] is a convolution, whose stride and padding such a file does not hold: export ONNX`,
    );
  if (shape.length === 1 && bias && bias[1].shape.join() === shape.join() && shape[0] > 1)
    fail(
      `"${name}" of shape [${shape}] is a normalisation without stored statistics by its shape, which is not piecewise linear, and not the weight of a dense layer`,
    );
  if (shape.length !== 2 || values.length === 0)
    fail(
      `"${name}" of shape [${shape}] is not the weight of a dense layer${shape.length === 1 ? " (a PReLU, perhaps: export ONNX)" : ""}`,
    );
  if (bias && (bias[1].shape.length !== 1 || !shape.includes(bias[1].shape[0])))
    fail(`"${bias[0]}" has the shape [${bias[1].shape}], but "${name}" gives ${shape[0]} outputs`);
}
