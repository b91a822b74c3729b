export { mirrorMap, sawtoothValue } from "./mirror-map";
export {
  sawtoothNetwork,
  sawtoothNeurons,
  shallowNeuronsForSawtooth,
  type SawtoothForm,
} from "./sawtooth-network";
