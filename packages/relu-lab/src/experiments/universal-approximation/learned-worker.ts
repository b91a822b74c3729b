// What a worker thread of the comparison with training does: one training run a task.
export { learnedError } from "./learned-cases";
