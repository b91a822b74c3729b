export { notWritten } from "./not-written";
export { abandonedParts, partName, removeAbandonedParts, removeQuietly } from "./part-names";
export { writeWhole } from "./write-whole";
