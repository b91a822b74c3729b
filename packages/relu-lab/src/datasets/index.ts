export {
  first,
  firstOfEachClass,
  type Example,
  type IdxDataset,
  type IdxFile,
  type ImageDataset,
  type LabelledImages,
  type PartName,
  type Provenance,
} from "./image-set";
export { readIdx, type IdxArray } from "./idx";
export { cacheFolder, repositoryRoot } from "./cache-folder";
export { type DownloadProgress } from "./download";
export { loadIdxDataset, type EmbeddedImages, type LoadOptions } from "./load";
export { loadMnist, mnistDataset } from "./mnist";
export { normalise, oneHot, pixelStatistics, type PixelStatistics } from "./normalise";
export { onlyClasses, split } from "./select";
