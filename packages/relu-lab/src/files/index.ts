export { runningCode, type CodeStart, type RunningCode } from "./code-digest";
export { notWritten } from "./not-written";
export { abandonedParts, partName, removeAbandonedParts, removeQuietly } from "./part-names";
export { writeWhole, type Writing } from "./write-whole";
