import { compileWasm } from "../../wasm";
import { wasmBase64 as one } from "./cells-1-wasm.generated";
import { wasmBase64 as two } from "./cells-2-wasm.generated";
import { wasmBase64 as three } from "./cells-3-wasm.generated";
import { wasmBase64 as four } from "./cells-4-wasm.generated";
import { wasmBase64 as five } from "./cells-5-wasm.generated";
import { wasmBase64 as six } from "./cells-6-wasm.generated";
import { wasmBase64 as seven } from "./cells-7-wasm.generated";
import { wasmBase64 as eight } from "./cells-8-wasm.generated";

const sources = [one, two, three, four, five, six, seven, eight];
const compiled: (object | undefined)[] = [];

/** The most dimensions that there is a module for. */
export const MOST_DIMENSIONS = sources.length;

/** The engine for so many dimensions. */
export function moduleOf(dimensions: number): object {
  return (compiled[dimensions - 1] ??= compileWasm(sources[dimensions - 1]));
}
