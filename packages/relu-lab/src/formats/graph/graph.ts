import type { Attribute } from "./attributes";
import type { Tensor } from "./tensor";

/** One operation. Inputs that are left out have the empty name. */
export interface Node {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** The version of the operators' definitions (ONNX's opset). */
  readonly version: number;
  /** Why this node cannot be read whatever its name is; undefined when it can. */
  readonly refused?: string;
  /** What messages call the node, when it is not by its name. */
  readonly place?: string;
}

/** An input of the whole graph; sizes that are open are 0 (or negative). */
export interface GraphInput {
  readonly name: string;
  /** Undefined when the file does not say it. */
  readonly shape: readonly number[] | undefined;
  /** Whether it holds numbers of floating point. */
  readonly isFloat: boolean;
}

/** A graph of any format, before anything of it is computed. */
export interface Graph {
  /** As messages begin: "ONNX" or "tfjs". */
  readonly format: string;
  readonly nodes: readonly Node[];
  /** Constants by name, each read when it is asked for. */
  readonly constants: ReadonlyMap<string, () => Tensor>;
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly string[];
}
