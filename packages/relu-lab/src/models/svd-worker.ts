// What a worker thread of the SVD classifier does: nothing but the two kernels.
export { fitClass, classify } from "./svd-kernel";
