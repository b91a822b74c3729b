/** The part of the WebAssembly interface that is used; Node, workers and pages have it, TypeScript's ES library has not. */
interface WasmInterface {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}
const wasm = (globalThis as unknown as { WebAssembly: WasmInterface }).WebAssembly;

/** A module from its bytes in base64. */
export function compileWasm(base64: string): object {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return new wasm.Module(bytes);
}

/** The exports of a new instance with imports under `env`. */
export function instantiateWasm<Exports>(
  module: object,
  env: Record<string, (...args: number[]) => number>,
): Exports {
  return new wasm.Instance(module, { env }).exports as Exports;
}
