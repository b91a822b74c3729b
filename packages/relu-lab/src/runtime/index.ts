export {
  ready,
  describe,
  tensorflow,
  backendNames,
  type BackendName,
  type RuntimeState,
  type TensorFlow,
} from "./choose";
export { workerCount, withWorkers, type WorkerCall } from "./workers";
