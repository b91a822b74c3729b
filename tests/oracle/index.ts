export { countLine, type LineCounts } from "./line";
export { countPlane, type PlaneCounts, type PlaneDomain } from "./plane";
export { countSpace, type SpaceCounts } from "./space";
export { degenerateKinds, degenerateNetwork, extremeNetwork, neighbour, randomNetwork } from "./generators";
export { countedNetworks, type CountedNetwork } from "./fixtures";
export { evaluate } from "./point";
export { countPatterns, havePoint } from "./patterns";
