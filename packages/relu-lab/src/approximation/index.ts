export {
  activate,
  derivative,
  logistic,
  requireDerivative,
  smoothActivations,
  type SmoothActivation,
} from "./activations";
export { SmoothNetwork, type AffineForm, type Precision, type SmoothNeuron } from "./smooth-network";
export { combine, constantForm, NetworkBuilder } from "./builder";
export { supError, supErrorOnCube, type SupError } from "./sup-norm";
export { absoluteValue, parabola, sine, squareRoot, vee, type Target } from "./targets";
export { staircase, staircaseBound, staircaseLipschitz } from "./staircase";
export { leastSquares, type LeastSquares } from "./least-squares";
export { fitOneLayer, type OneLayerFit } from "./one-layer";
export { minimax, type Minimax } from "./minimax";
export { yarotskyError, yarotskySquare } from "./yarotsky";
export {
  deepMonomial,
  layeredPower,
  powerNetwork,
  productGate,
  shallowMonomial,
  squareGate,
  type GateOptions,
} from "./gates";
export { deepNeuronBound, deepNeurons, shallowLowerBound, shallowNeurons } from "./counts";
export {
  minimalForm,
  minimalNetwork,
  networkToPwl,
  pieceSlopes,
  pwlToNetwork,
  pwlValue,
  type PiecewiseLinear,
} from "./pwl";
export { permuteNeurons, rescaleNeurons } from "./symmetries";
export { DenseLearner, learn, type LearnedActivation, type LearnOptions } from "./learned";
