import { backend, engine, type Tensor, type Variable } from "@tensorflow/tfjs";
import { kernelsFor } from "../module";

/**
 * Makes sure that nothing but the variable itself holds its numbers, so that a kernel may change them in place:
 * a clone shares them, and must keep what it was made with.
 */
export function makeOwner(variable: Variable): void {
  const { heap } = kernelsFor(backend());
  if (heap.backend.refCount(variable.dataId) < 2) return;
  const copy = engine().makeTensorFromTensorInfo(heap.copy(variable)) as Tensor;
  variable.assign(copy);
  copy.dispose();
}
