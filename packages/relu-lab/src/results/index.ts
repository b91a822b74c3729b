export { run, type RunOptions, type RunResult } from "./run";
export type { Experiment, TrialContext } from "./experiment";
export { shardTrials, type Shard, type Studies, type Study } from "./study";
export { importTrials, stored, type EntryOptions } from "./stored-rows";
export { resultsFolder } from "./folder";
export { codeVersion } from "./code-version";
export { storedResults, type StoredResult } from "./catalogue";
export type { About, EntryKey } from "./entry";
