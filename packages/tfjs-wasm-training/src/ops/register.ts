import {
  engine,
  registerGradient,
  registerKernel,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type Tensor,
  type TensorInfo,
} from "@tensorflow/tfjs";
import { kernelsFor, type Kernels } from "../module";

/** The gradient of an operation: what to compute for each input, when it is asked for. */
export type Gradients = Record<string, () => Tensor>;

/** An operation of this package: a kernel of the wasm backend under a name of its own, and its gradient. */
export interface Operation {
  readonly name: string;
  readonly forward: (
    kernels: Kernels,
    inputs: NamedTensorInfoMap,
    attrs: NamedAttrMap,
  ) => TensorInfo | TensorInfo[];
  /** Inputs and outputs that the gradient needs. */
  readonly saves?: { readonly inputs: string[]; readonly outputs: boolean[] };
  readonly gradient?: (dy: Tensor | Tensor[], saved: Tensor[], attrs: NamedAttrMap) => Gradients;
}

const registered = new Set<string>();

/** Registers an operation once; returns a function that runs it. */
export function operation({ name, forward, saves, gradient }: Operation) {
  return <T extends Tensor | Tensor[]>(inputs: Record<string, Tensor>, attrs: object = {}): T => {
    if (!registered.has(name)) {
      registered.add(name);
      registerKernel({
        kernelName: name,
        backendName: "wasm",
        kernelFunc: ({ backend, inputs, attrs }) => forward(kernelsFor(backend), inputs, attrs ?? {}),
      });
      if (gradient) {
        registerGradient({
          kernelName: name,
          inputsToSave: saves?.inputs,
          outputsToSave: saves?.outputs,
          gradFunc: gradient,
        });
      }
    }
    return engine().runKernel(name, inputs, attrs as NamedAttrMap) as T;
  };
}
