import type { IdxDataset, ImageDataset } from "./image-set";
import { loadIdxDataset, type LoadOptions } from "./load";

/**
 * Fashion-MNIST (Xiao, Rasul, Vollgraf 2017, MIT licence): articles of clothing in MNIST's format and sizes. The
 * digests are those published for the packed files.
 */
export const fashionMnistDataset: IdxDataset = {
  folder: "fashion-mnist",
  title: "Fashion-MNIST",
  files: {
    trainImages: {
      name: "train-images-idx3-ubyte",
      sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
      sha256Of: "packed",
      packedBytes: 26_421_880,
    },
    trainLabels: {
      name: "train-labels-idx1-ubyte",
      sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
      sha256Of: "packed",
      packedBytes: 29_515,
    },
    testImages: {
      name: "t10k-images-idx3-ubyte",
      sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
      sha256Of: "packed",
      packedBytes: 4_422_102,
    },
    testLabels: {
      name: "t10k-labels-idx1-ubyte",
      sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
      sha256Of: "packed",
      packedBytes: 5_148,
    },
  },
  mirrors: [
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", // has no https; the digests decide
  ],
  rows: 28,
  columns: 28,
  classes: 10,
};

/** What the ten classes of Fashion-MNIST are, in the order of their labels. */
export const fashionClasses: readonly string[] = [
  "T-shirt/top",
  "trouser",
  "pullover",
  "dress",
  "coat",
  "sandal",
  "shirt",
  "sneaker",
  "bag",
  "ankle boot",
];

/**
 * Fashion-MNIST for who has it: the folder given (or `RELU_LAB_DATA`, in its folder fashion-mnist), the cache, or a
 * download. Nothing smaller stands in for it.
 *
 * @param options a folder, a progress callback for the download, and where lines of explanation go
 * @returns training and test images as bytes, with their provenance
 * @throws Error when no source has it, or a file is not byte for byte the published one
 */
export function loadFashionMnist(options: LoadOptions = {}): Promise<ImageDataset> {
  return loadIdxDataset(fashionMnistDataset, options);
}
