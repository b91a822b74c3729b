import type { Block } from "../../network";
import type { Attributes } from "./attributes";
import type { NodeMessage } from "./messages";
import type { State } from "./state";

export function convolution(state: State, node: NodeMessage, attributes: Attributes): Block[] {
  const [height, width, channels] = state.image(node);
  const { shape, values } = state.constant(node, 1, "kernel");
  const [filters, depth, kh, kw] = shape;
  if (shape.length !== 4 || depth !== channels || attributes.int("group", 1) !== 1) {
    throw new TypeError(
      `ONNX: Conv "${node.name}" has a kernel of shape [${shape}] in ${attributes.int("group", 1)} groups for ${channels} channels: one group is understood`,
    );
  }
  attributes.ones("dilations");
  const kernel = new Float64Array(values.length);
  for (let f = 0, at = 0; f < filters; f++)
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < kh; y++)
        for (let x = 0; x < kw; x++) kernel[((y * kw + x) * channels + c) * filters + f] = values[at++];
  const stride = attributes.pair("strides", [1, 1]);
  const padding = attributes.padding([height, width], [kh, kw], stride);
  const b = node.input[2] ? state.constant(node, 2, "bias").values : new Float64Array(filters);
  const rows = Math.floor((height + padding[0] + padding[2] - kh) / stride[0]) + 1;
  const columns = Math.floor((width + padding[1] + padding[3] - kw) / stride[1]) + 1;
  state.shape = { image: [rows, columns, filters] };
  return [{ type: "convolution", kernel, size: [kh, kw], b, stride, padding, activation: "linear" }];
}

export function pool(state: State, node: NodeMessage, attributes: Attributes): Block[] {
  const [height, width, channels] = state.image(node);
  const size = attributes.pair("kernel_shape", [1, 1]);
  const stride = attributes.pair("strides", [1, 1]);
  attributes.ones("dilations");
  attributes.zeros("pads");
  attributes.zeros("ceil_mode");
  if (size[0] !== size[1] || stride[0] !== stride[1]) {
    throw new TypeError(
      `ONNX: ${node.opType} "${node.name}" has a window of [${size}] in steps of [${stride}]: squares are understood`,
    );
  }
  const out = (length: number) => Math.floor((length - size[0]) / stride[0]) + 1;
  state.shape = { image: [out(height), out(width), channels] };
  return [
    { type: node.opType === "MaxPool" ? "max-pool" : "average-pool", size: size[0], stride: stride[0] },
  ];
}

export function globalPool(state: State, node: NodeMessage): Block[] {
  const [height, width, channels] = state.image(node);
  if (height !== width)
    throw new TypeError(
      `ONNX: GlobalAveragePool "${node.name}" over ${height} x ${width}: a square is understood`,
    );
  state.shape = { image: [1, 1, channels] };
  return [{ type: "average-pool", size: height, stride: height }];
}
