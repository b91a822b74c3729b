// What a worker thread of a sweep does: nothing but train one network after the other.
export { sweepRun } from "./sweep-run";
