import { backend, getBackend, version_core } from "@tensorflow/tfjs";
import { version_wasm } from "@tensorflow/tfjs-backend-wasm";
import { kernelsFor } from "./module";
import { patchLayersModels, restoreLayersModels } from "./layers-loss";
import { patchStockOptimisers, restoreStockOptimisers } from "./optimisers/stock";
import { registerOverrides, unregisterOverrides } from "./overrides";
import { selfTest } from "./self-test";

/** Whether the own kernels run, and if not, why. */
export interface TrainingStatus {
  readonly active: boolean;
  /** "" when active. */
  readonly reason: string;
}

/** The version whose internals this package knows. */
export const supportedVersion = "4.22.0";

let status: TrainingStatus = { active: false, reason: "enableTraining() has not been called" };
let activeBackend: object | undefined;

/** Whether the own kernels are switched on, and if not, why. */
export function trainingStatus(): TrainingStatus {
  return status;
}

/** True while TensorFlow.js runs on the wasm backend and the own kernels are switched on. */
export function trainingActive(): boolean {
  return status.active && getBackend() === "wasm" && backend() === activeBackend;
}

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
    if (status.active && current === activeBackend) return status;
    selfTest(kernelsFor(current));
    registerOverrides();
    patchStockOptimisers();
    patchLayersModels();
    activeBackend = current;
    status = { active: true, reason: "" };
  } catch (error) {
    disableTraining();
    status = { active: false, reason: (error as Error).message };
    (options.warn ?? console.warn)(`tfjs-wasm-training is off: ${status.reason}; the stock kernels run`);
  }
  return status;
}

/** Switches the own kernels off: the stock ones stand again. */
export function disableTraining(): void {
  unregisterOverrides();
  restoreStockOptimisers();
  restoreLayersModels();
  if (activeBackend) kernelsFor(activeBackend).heap.release();
  activeBackend = undefined;
  status = { active: false, reason: "disableTraining() was called" };
}
