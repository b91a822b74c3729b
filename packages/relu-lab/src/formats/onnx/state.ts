import type { ImageShape } from "../../network";
import type { NamedTensor } from "../safetensors";
import type { Shape } from "../shape";
import type { NodeMessage } from "./messages";

/** Where a value of the file's order (channel, row, column) stands in ours (row, column, channel). */
export function ourPlace([height, width, channels]: ImageShape, index: number): number {
  const pixels = height * width;
  return (index % pixels) * channels + Math.floor(index / pixels);
}

/** Where a walk over a graph is: the shape of the value at hand, the constants, and what the reader is to be told. */
export class State {
  readonly notes: string[] = [];
  /** Set by a flattening: the image whose order the next dense layer still has to undo. */
  flattened: ImageShape | undefined;

  constructor(
    public shape: Shape,
    /** The name of the model's output. */
    readonly output: string,
    readonly constants: ReadonlyMap<string, NamedTensor>,
  ) {}

  constant(node: NodeMessage, index: number, what: string): NamedTensor {
    const found = this.constants.get(node.input[index] ?? "");
    if (!found) throw new TypeError(`ONNX: ${node.opType} "${node.name}": its ${what} is not a constant`);
    return found;
  }

  image(node: NodeMessage): ImageShape {
    if ("flat" in this.shape) {
      throw new TypeError(
        `ONNX: ${node.opType} "${node.name}" needs an image [batch, channels, height, width]`,
      );
    }
    return this.shape.image;
  }
}
