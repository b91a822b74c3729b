import { getKernel, registerKernel, unregisterKernel, type KernelConfig } from "@tensorflow/tfjs";
import { kernelsFor } from "./module";
import { ownKernels } from "./own-kernels";

/** The names of the kernels that are answered. */
export const overridden: readonly string[] = Object.keys(ownKernels);

const stock = new Map<string, KernelConfig | undefined>();

/** Puts the own kernels before the stock ones. */
export function registerOverrides(): void {
  for (const name of overridden) {
    if (stock.has(name)) continue;
    const before = getKernel(name, "wasm") as KernelConfig | undefined;
    stock.set(name, before);
    if (before) unregisterKernel(name, "wasm"); // registerKernel alone would warn
    registerKernel({
      kernelName: name,
      backendName: "wasm",
      setupFunc: before?.setupFunc,
      disposeFunc: before?.disposeFunc,
      kernelFunc: (args) => {
        const result = ownKernels[name](kernelsFor(args.backend), args.inputs, args.attrs ?? {});
        if (result) return result;
        if (before) return before.kernelFunc(args);
        const shapes = Object.entries(args.inputs).map(([key, t]) => `${key} ${t?.dtype} [${t?.shape}]`);
        throw new Error(
          `${name} on the wasm backend covers 32-bit images with channels last, not ${shapes.join(", ")}`,
        );
      },
    });
  }
}

/** Puts the stock kernels back. */
export function unregisterOverrides(): void {
  for (const [name, before] of stock) {
    unregisterKernel(name, "wasm");
    if (before) registerKernel(before);
  }
  stock.clear();
}
