import { backend, getBackend, version_core } from "@tensorflow/tfjs";
import { version_wasm } from "@tensorflow/tfjs-backend-wasm";
import { kernelsFor } from "./module";
import { patchLayersModels, restoreLayersModels } from "./layers-loss";
import { patchStockOptimisers, restoreStockOptimisers } from "./optimisers/stock";
import { registerOverrides, unregisterOverrides } from "./overrides";
import { selfTest } from "./self-test";
import { ownBackend, setStatus, trainingStatus, type TrainingStatus } from "./status";

/** The version whose internals this package knows. */
export const supportedVersion = "4.22.0";

/**
 * Switches the own kernels on: they answer the wasm backend's kernels that {@link overridden} names, take the steps of
 * tf.train.adam and tf.train.momentum, answer the loss "categoricalCrossentropy" of a tf.layers model that trains, and make
 * the package's own operations and optimisers fast.
 *
 * Before that, each kernel that {@link overridden} names is compared with the cpu backend's. If anything is not as expected
 * the package stays off, says so in one line, and everything runs on the stock kernels.
 *
 * @param options warn: gets that line; console.warn by default
 * @returns whether the kernels are on, and if not, why
 * @example
 * await tf.setBackend("wasm");
 * enableTraining();
 * model.fit(x, y); // unchanged
 */
export function enableTraining(options: { warn?: (line: string) => void } = {}): TrainingStatus {
  try {
    if (getBackend() !== "wasm") {
      throw new Error(
        `the backend is ${getBackend() || "not chosen yet"}, not wasm (call tf.setBackend first)`,
      );
    }
    for (const [name, version] of Object.entries({
      "tfjs-core": version_core,
      "tfjs-backend-wasm": version_wasm,
    })) {
      if (version !== supportedVersion)
        throw new Error(`${name} is ${version}, but only ${supportedVersion} is known`);
    }
    const current = backend();
    if (trainingStatus().active && current === ownBackend()) return trainingStatus();
    selfTest(kernelsFor(current));
    registerOverrides();
    patchStockOptimisers();
    patchLayersModels();
    setStatus({ active: true, reason: "" }, current);
  } catch (error) {
    disableTraining();
    const { message } = error as Error;
    setStatus({ active: false, reason: message });
    (options.warn ?? console.warn)(`tfjs-wasm-training is off: ${message}; the stock kernels run`);
  }
  return trainingStatus();
}

/** Switches the own kernels off: the stock ones stand again. */
export function disableTraining(): void {
  unregisterOverrides();
  restoreStockOptimisers();
  restoreLayersModels();
  const own = ownBackend();
  if (own) kernelsFor(own).heap.release();
  setStatus({ active: false, reason: "disableTraining() was called" });
}
