// What a worker thread of the perturbation experiment does.
export { perturbationTrials } from "./perturbation-trial";
