import { ReluNetwork, type LayerSpec } from "../network";

/** A network of the .nnet format, and the box that its header says it is for. */
export interface NnetNetwork {
  readonly network: ReluNetwork;
  readonly notes: readonly string[];
  /** The least and the largest value of each input, in the units that the network takes. */
  readonly lo: readonly number[];
  readonly hi: readonly number[];
}

/** How a .nnet file is read. */
export interface FromNnetOptions {
  /** Whether the normalisation of inputs and outputs is left out. */
  readonly raw?: boolean;
}

function fail(what: string): never {
  throw new TypeError(`.nnet: ${what}`);
}

/** A file's lines of numbers, one after the other. */
class Lines {
  private at = 0;
  private readonly lines: readonly string[];

  /** How many numbers may stand in the file: each takes a digit and a comma or the end of a line. */
  readonly room: number;

  constructor(text: string) {
    this.room = Math.ceil(text.length / 2);
    this.lines = text.split(/\r\n|\r|\n/);
    while (this.lines[this.at]?.trim().startsWith("//")) this.at++;
  }

  /** The numbers of the next line that has any; at least `count` of them, or else the file is refused. */
  next(what: string, count: number): number[] {
    while (this.at < this.lines.length && this.lines[this.at].trim() === "") this.at++;
    const line = this.lines[this.at++] ?? fail(`the file ends where ${what} should stand (line ${this.at})`);
    const parts = line.split(",").map((part) => part.trim());
    if (parts.at(-1) === "") parts.pop();
    const numbers = parts.map(Number);
    const bad = numbers.findIndex((number, i) => parts[i] === "" || !Number.isFinite(number));
    if (bad >= 0)
      fail(
        `line ${this.at} has ${JSON.stringify(parts[bad].slice(0, 40))} among ${what}, which is no number`,
      );
    if (numbers.length < count)
      fail(`line ${this.at} has ${numbers.length} numbers for ${what}: ${count} are needed`);
    return numbers;
  }

  get isDone(): boolean {
    return this.lines.slice(this.at).every((line) => line.trim() === "");
  }
}

function sizesOf(lines: Lines): number[] {
  const [count, inputs, outputs] = lines.next("the numbers of layers, inputs and outputs", 3);
  if (!(Number.isSafeInteger(count) && count >= 1 && count <= 10_000)) fail(`the file has ${count} layers`);
  const sizes = lines.next("the sizes of layers", count + 1).slice(0, count + 1);
  if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 1))
    fail(`the layers have the sizes ${sizes}`);
  if (sizes[0] !== inputs || sizes[count] !== outputs)
    fail(`the sizes of layers are ${sizes}, but the header says ${inputs} inputs and ${outputs} outputs`);
  const total = sizes.slice(1).reduce((sum, size, l) => sum + size * sizes[l], 0);
  if (total > lines.room)
    fail(`the layers have ${total} weights, but the file has room for ${lines.room} numbers`);
  return sizes;
}

/** One number for each input and one for all outputs. */
interface Normalisation {
  readonly means: readonly number[];
  readonly ranges: readonly number[];
}

function normalised(
  specs: LayerSpec[],
  sizes: readonly number[],
  { means, ranges }: Normalisation,
): LayerSpec[] {
  const [first, inputs] = [specs[0], sizes[0]];
  const b = Float64Array.from(first.b);
  const W = Float64Array.from(first.W as Float64Array, (weight, k) => {
    const i = k % inputs;
    b[Math.floor(k / inputs)] -= (weight * means[i]) / ranges[i];
    return weight / ranges[i];
  });
  const all = [{ ...first, W, b }, ...specs.slice(1)];
  const last = all[all.length - 1];
  const [mean, range] = [means[inputs], ranges[inputs]];
  all[all.length - 1] = {
    ...last,
    W: (last.W as Float64Array).map((w) => w * range),
    b: Float64Array.from(last.b, (v) => v * range + mean),
  };
  return all;
}

/**
 * The network of a .nnet file, as ACAS Xu is published: dense layers with ReLUs between them. The normalisation of its
 * header is folded in: inputs are taken, and outputs given, in the units of the file.
 *
 * @param text the whole file
 * @param options whether the normalisation is left out
 * @returns the network, notes, and the box of inputs that the header names
 * @throws TypeError that names the line which is not understood
 * @see Julian and Kochenderfer, the NNet file format, 2016
 * @example
 * const { network, lo, hi } = networkFromNnet(fs.readFileSync("acas.nnet", "utf8"));
 */
export function networkFromNnet(text: string, { raw = false }: FromNnetOptions = {}): NnetNetwork {
  const lines = new Lines(text);
  const sizes = sizesOf(lines);
  lines.next("a flag", 0);
  const inputs = sizes[0];
  const [lo, hi] = [lines.next("the least inputs", inputs), lines.next("the largest inputs", inputs)].map(
    (list) => list.slice(0, inputs),
  );
  const means = lines.next("the means", inputs + 1);
  const ranges = lines.next("the ranges", inputs + 1);
  const zero = ranges.slice(0, inputs + 1).indexOf(0);
  if (zero >= 0) fail(`the range of ${zero < inputs ? `input ${zero + 1}` : "the outputs"} is 0`);
  const specs = sizes.slice(1).map((outputs, l): LayerSpec => {
    const W = new Float64Array(outputs * sizes[l]);
    for (let row = 0; row < outputs; row++)
      W.set(lines.next(`the weights of layer ${l + 1}`, sizes[l]).slice(0, sizes[l]), row * sizes[l]);
    const b = Float64Array.from({ length: outputs }, () => lines.next(`the biases of layer ${l + 1}`, 1)[0]);
    return { W, b, activation: l < sizes.length - 2 ? "relu" : "linear" };
  });
  if (!lines.isDone) fail("the file goes on behind its last layer");
  const isPlain =
    means.slice(0, inputs + 1).every((v) => v === 0) && ranges.slice(0, inputs + 1).every((v) => v === 1);
  const notes: string[] = [];
  if (!isPlain && raw)
    notes.push("inputs and outputs are the normalised ones: the header's normalisation is left out");
  if (!isPlain && !raw)
    notes.push(
      "the header's normalisation of inputs and outputs is folded in, rounded to doubles (--raw leaves it out); inputs are not cut off at its least and largest values",
    );
  const scaled = (values: readonly number[]) => values.map((v, i) => (raw ? (v - means[i]) / ranges[i] : v));
  return {
    network: ReluNetwork.of(isPlain || raw ? specs : normalised(specs, sizes, { means, ranges })),
    notes,
    lo: scaled(lo),
    hi: scaled(hi),
  };
}
