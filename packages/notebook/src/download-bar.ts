import { progress, type Progress, type ProgressOptions } from "./progress";

/** How far a download is, as the loaders of data sets say it. */
export interface DownloadState {
  file: string;
  received: number;
  total: number;
}

/**
 * A callback that shows a download as a progress bar in megabytes; without a download, nothing is shown.
 *
 * @param label what is downloaded
 * @param options where to draw, for tests
 * @returns the callback for a loader's `onProgress`
 * @example
 * const mnist = await datasets.loadMnist({ onProgress: downloadBar("MNIST") });
 */
export function downloadBar(
  label: string,
  options: Pick<ProgressOptions, "sink" | "clock"> = {},
): (state: DownloadState) => void {
  let bar: Progress | undefined;
  const megabytes = (bytes: number) => Math.round(bytes / 1e5) / 10;
  return ({ file, received, total }) => {
    bar ??= progress(megabytes(total), { label, unit: "MB", ...options });
    bar.update(megabytes(received), file);
    if (received >= total) bar.done();
  };
}
