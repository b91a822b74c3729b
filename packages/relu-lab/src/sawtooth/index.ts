export { mirrorMap, sawtoothValue } from "./mirror-map";
export {
  sawtoothNetwork,
  sawtoothNeurons,
  shallowNeuronsForSawtooth,
  type SawtoothForm,
} from "./sawtooth-network";
export { parameterNoise, perturb, type PerturbedPart } from "./perturb";
export { overfullSawtooth, type OverfullTent } from "./overfull-tent";
export { criticalOrbit, unimodalBlocks, type CriticalOrbit, type UnimodalBlock } from "./critical-orbit";
export { randomChain } from "./random-chain";
