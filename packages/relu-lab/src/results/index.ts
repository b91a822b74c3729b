export { run, type RunOptions, type RunResult } from "./run";
export type { Experiment, TrialContext } from "./experiment";
export { resultsFolder } from "./folder";
export { codeVersion } from "./code-version";
export { storedResults, type StoredResult } from "./catalogue";
export type { About, EntryKey } from "./entry";
