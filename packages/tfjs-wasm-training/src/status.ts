import { backend, getBackend } from "@tensorflow/tfjs";

/** Whether the own kernels run, and if not, why. */
export interface TrainingStatus {
  readonly active: boolean;
  /** "" when active. */
  readonly reason: string;
}

let status: TrainingStatus = { active: false, reason: "enableTraining() has not been called" };
let activeBackend: object | undefined;

/** Notes that the own kernels were switched on for a backend, or why they are off. */
export function setStatus(now: TrainingStatus, own?: object): void {
  status = now;
  activeBackend = own;
}

/** The backend whose kernels were switched on. */
export function ownBackend(): object | undefined {
  return activeBackend;
}

/** Whether the own kernels are switched on, and if not, why. */
export function trainingStatus(): TrainingStatus {
  return status;
}

/** True while TensorFlow.js runs on the wasm backend and the own kernels are switched on. */
export function trainingActive(): boolean {
  return status.active && getBackend() === "wasm" && backend() === activeBackend;
}
