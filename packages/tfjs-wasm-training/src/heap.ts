import type { DataType, TensorInfo } from "@tensorflow/tfjs";

/** What this package uses of the wasm backend: internals of version 4.22.0, checked by the self-test. */
export interface WasmBackend {
  wasm: {
    asm: { memory: unknown };
    HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  dataIdMap: { get(dataId: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  disposeData(dataId: object, force?: boolean): boolean;
  incRef(dataId: object): void;
  refCount(dataId: object): number;
}

const bytesPerNumber: Partial<Record<string, number>> = { float32: 4, int32: 4, bool: 1 };

/** How many bytes a tensor's numbers take; 0 for types that do not lie on the heap as numbers. */
export function bytesOf({ shape, dtype }: { shape: readonly number[]; dtype: string }): number {
  return shape.reduce((product, extent) => product * extent, bytesPerNumber[dtype] ?? 0);
}

/**
 * The backend's memory as the kernels see it: addresses of tensors, new outputs, one block of scratch.
 * Views of the memory die when it grows, so they are made anew for each use.
 */
export class Heap {
  private scratchAddress = 0;
  private scratchBytes = 0;

  constructor(readonly backend: WasmBackend) {}

  /** Where a tensor's numbers lie. */
  address(tensor: TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** A new tensor, its numbers not yet set. */
  output(shape: number[], dtype: DataType = "float32"): TensorInfo {
    const out = this.backend.makeOutput(shape, dtype);
    if (this.address(out) === 0) {
      this.backend.disposeData(out.dataId, true);
      throw new Error(`no memory left on the wasm heap for a ${dtype} tensor of shape [${shape}]`);
    }
    return out;
  }

  /** The same numbers under another name: nothing is copied, the last owner frees them. */
  share({ dataId, shape, dtype }: TensorInfo): TensorInfo {
    this.backend.incRef(dataId);
    return { dataId, shape, dtype };
  }

  /** The same numbers in a place of their own. */
  copy(tensor: TensorInfo): TensorInfo {
    const out = this.output(tensor.shape, tensor.dtype);
    const from = this.address(tensor);
    this.bytes.copyWithin(this.address(out), from, from + bytesOf(tensor));
    return out;
  }

  /** A block of at least so many bytes, valid until the next call. */
  scratch(bytes: number): number {
    if (bytes > this.scratchBytes) {
      if (this.scratchAddress !== 0) this.backend.wasm._free(this.scratchAddress);
      this.scratchAddress = this.backend.wasm._malloc(bytes) >>> 0;
      this.scratchBytes = this.scratchAddress === 0 ? 0 : bytes;
      if (this.scratchAddress === 0) throw new Error(`no memory left on the wasm heap for ${bytes} bytes`);
    }
    return this.scratchAddress;
  }

  /** The memory's bytes; do not keep. */
  get bytes(): Uint8Array {
    return this.backend.wasm.HEAPU8;
  }

  /** Gives the scratch block back. */
  release(): void {
    if (this.scratchAddress !== 0) this.backend.wasm._free(this.scratchAddress);
    this.scratchAddress = this.scratchBytes = 0;
  }
}
