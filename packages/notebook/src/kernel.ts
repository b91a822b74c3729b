// The one place that knows tslab's insides. Its public API sends one type a message; a chart needs several in one.
import process from "node:process";

/** Representations of one thing by media type: JSON types as objects, images as base64, the rest as text. */
export interface Bundle {
  [mediaType: string]: string | object;
}

/** How a bundle is shown. */
export interface DisplayOptions {
  /** Metadata of the display message, by media type. */
  metadata?: { [mediaType: string]: object };
  /** A name under which this display can be replaced later. */
  id?: string;
  /** Replaces the display of that id instead of adding one. */
  update?: boolean;
}

interface Message {
  data: Bundle;
  metadata: object;
  transient: { display_id?: string };
}
type WriteDisplayData = (message: Message, update: boolean) => void;

const insides = /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/;
let found: NodeModule | undefined;

/**
 * The module of the tslab that runs this process. It is looked up among the loaded modules rather than required:
 * the kernel may be another installation than the one this package would resolve, and outside a kernel nothing
 * needs loading.
 */
function tslab(): NodeModule | undefined {
  if (!found) {
    const file = Object.keys(require.cache).find((name) => insides.test(name));
    if (file) found = require.cache[file];
  }
  return found;
}

function writer(): WriteDisplayData | null {
  return (
    (tslab()?.exports as { lastWriteDisplayData?: WriteDisplayData } | undefined)?.lastWriteDisplayData ??
    null
  );
}

/** Whether this code runs in a cell of a tslab notebook. */
export function inKernel(): boolean {
  return writer() !== null;
}

/** The file of the running tslab's package.json, or undefined outside a kernel. */
export function kernelPackage(): string | undefined {
  return inKernel() ? tslab()?.filename.replace(/dist[\\/]jupyter\.js$/, "package.json") : undefined;
}

/**
 * Shows one bundle as one display message of the running cell; outside a kernel its `text/plain` goes to stdout.
 *
 * @param bundle representations by media type
 * @param options metadata, and an id under which to replace the display later
 * @example
 * display({ "text/markdown": "**bold**", "text/plain": "bold" });
 */
export function display(bundle: Bundle, options: DisplayOptions = {}): void {
  const write = writer();
  if (write) {
    const message = { data: bundle, metadata: options.metadata ?? {}, transient: { display_id: options.id } };
    write(message, options.update ?? false);
  } else if (bundle["text/plain"] !== undefined) {
    process.stdout.write(`${String(bundle["text/plain"])}\n`);
  }
}
