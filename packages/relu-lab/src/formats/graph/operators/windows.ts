import type { Call } from "../call";
import { sizeOf } from "../tensor";

/** Along one axis, for each output the places (input, kernel) that meet there, one pair behind the other. */
export type Taps = readonly (readonly number[])[];

/** The axes of a window that slides over an image, from one node. */
export interface Windows {
  readonly taps: readonly Taps[];
  /** Sizes of the output. */
  readonly sizes: readonly number[];
  /** For averages that count what is added around the image: how many places each output's window has along each axis. */
  readonly counted: readonly (readonly number[])[];
}

export interface WindowSettings {
  readonly image: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Zeros before and behind each axis, before it is decided by `automatic`. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly automatic: "NOTSET" | "VALID" | "SAME_UPPER" | "SAME_LOWER";
  readonly ceil: boolean;
}

function checkedList(
  call: Call,
  name: string,
  values: readonly number[],
  length: number,
  least: number,
): readonly number[] {
  if (values.length !== length || !values.every((v) => Number.isSafeInteger(v) && v >= least && v < 2 ** 31))
    call.refuse(`has ${name} [${values}]: ${length} whole numbers from ${least} are needed`);
  return values;
}

/** The settings that ONNX's attributes give. */
export function windowSettings(
  call: Call,
  image: readonly number[],
  kernel: readonly number[],
): WindowSettings {
  const { attributes } = call;
  const rank = image.length;
  if (rank < 1 || rank > 2)
    call.refuse(`works on ${rank} axes: one (a signal) or two (an image) are understood`);
  const list = (name: string, otherwise: number, least: number, length = rank) =>
    checkedList(
      call,
      name,
      attributes.wholes(name) ?? new Array<number>(length).fill(otherwise),
      length,
      least,
    );
  const automatic = attributes.text("auto_pad", "NOTSET");
  if (
    automatic !== "NOTSET" &&
    automatic !== "VALID" &&
    automatic !== "SAME_UPPER" &&
    automatic !== "SAME_LOWER"
  )
    return call.refuse(`has auto_pad "${automatic}"`);
  const pads = list("pads", 0, 0, 2 * rank);
  return {
    image,
    kernel: checkedList(call, "kernel_shape", kernel, rank, 1),
    strides: list("strides", 1, 1),
    dilations: list("dilations", 1, 1),
    before: pads.slice(0, rank),
    after: pads.slice(rank),
    automatic,
    ceil: attributes.flag("ceil_mode"),
  };
}

/** Refuses a window whose outputs or places are more than can be lowered, before they are listed. */
function checkedSize(call: Call, size: number, kernel: number): number {
  if (!(size >= 1)) call.refuse("has a kernel that does not fit into its input");
  call.lowering.checkValues(size, call.place);
  call.lowering.reserve(size * kernel, call.place);
  return size;
}

/** Windows of convolutions and pools. */
export function slidingWindows(call: Call, settings: WindowSettings): Windows {
  const { image, kernel, strides, dilations, automatic, ceil } = settings;
  const sizes: number[] = [];
  const counted: number[][] = [];
  const taps = image.map((length, d): Taps => {
    const [step, gap] = [strides[d], dilations[d]];
    const reach = (kernel[d] - 1) * gap + 1;
    let [before, after] = automatic === "VALID" ? [0, 0] : [settings.before[d], settings.after[d]];
    if (automatic.startsWith("SAME")) {
      const missing = Math.max((Math.ceil(length / step) - 1) * step + reach - length, 0);
      before = automatic === "SAME_UPPER" ? Math.floor(missing / 2) : Math.ceil(missing / 2);
      after = missing - before;
    }
    const room = length + before + after - reach;
    let size = (ceil ? Math.ceil(room / step) : Math.floor(room / step)) + 1;
    // A window that begins behind the image and its first zeros is none.
    if (ceil && (size - 1) * step >= length + before) size--;
    sizes.push(checkedSize(call, size, kernel[d]));
    const end = length + before + after;
    const counts: number[] = [];
    const found = Array.from({ length: size }, (_, o) => {
      const pairs: number[] = [];
      let count = 0;
      for (let k = 0; k < kernel[d]; k++) {
        const at = o * step + k * gap;
        if (at < end) count++;
        if (at >= before + length) continue;
        if (at >= before) pairs.push(at - before, k);
      }
      counts.push(count);
      return pairs;
    });
    counted.push(counts);
    return found;
  });
  return { taps, sizes, counted };
}

/** Windows of transposed convolutions: where output o reads input i through kernel place k, i step + k gap - before = o. */
export function transposedWindows(
  call: Call,
  settings: WindowSettings,
  extra: readonly number[],
  wanted: readonly number[] | undefined,
): Windows {
  const { image, kernel, strides, dilations, automatic } = settings;
  const sizes: number[] = [];
  const taps = image.map((length, d): Taps => {
    const [step, gap] = [strides[d], dilations[d]];
    const whole = step * (length - 1) + extra[d] + (kernel[d] - 1) * gap + 1;
    let [before, after] = automatic === "VALID" ? [0, 0] : [settings.before[d], settings.after[d]];
    const target = wanted?.[d] ?? (automatic.startsWith("SAME") ? length * step : undefined);
    if (target !== undefined) {
      const total = Math.max(whole - target, 0);
      before = automatic === "SAME_UPPER" ? Math.floor(total / 2) : Math.ceil(total / 2);
      if (automatic === "NOTSET" || automatic === "VALID") before = total - Math.floor(total / 2);
      after = total - before;
    }
    const size = checkedSize(call, wanted?.[d] ?? whole - before - after, kernel[d]);
    call.lowering.reserve(length * kernel[d], call.place);
    sizes.push(size);
    const found = Array.from({ length: size }, (): number[] => []);
    for (let i = 0; i < length; i++)
      for (let k = 0; k < kernel[d]; k++) {
        const o = i * step + k * gap - before;
        if (o >= 0 && o < size) found[o].push(i, k);
      }
    return found;
  });
  return { taps, sizes, counted: [] };
}

/** Each output's places over all axes, row-major: inputs and kernel places within one channel. */
export function places(
  call: Call,
  windows: Windows,
  image: readonly number[],
  kernel: readonly number[],
): { inputs: number[]; kernels: number[] }[] {
  const total = windows.taps.reduce(
    (product, axis) => product * axis.reduce((sum, pairs) => sum + pairs.length / 2, 0),
    1,
  );
  call.lowering.checkValues(sizeOf(windows.sizes), call.place);
  call.lowering.reserve(total, call.place);
  let found = [{ inputs: [0], kernels: [0] }];
  windows.taps.forEach((axis, d) => {
    found = found.flatMap((outer) =>
      axis.map((pairs) => {
        const [inputs, kernels]: [number[], number[]] = [[], []];
        for (let p = 0; p < outer.inputs.length; p++)
          for (let k = 0; k < pairs.length; k += 2) {
            inputs.push(outer.inputs[p] * image[d] + pairs[k]);
            kernels.push(outer.kernels[p] * kernel[d] + pairs[k + 1]);
          }
        return { inputs, kernels };
      }),
    );
  });
  return found;
}
