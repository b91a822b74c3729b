import type { NodeMessage } from "./messages";

/** A node's attributes, checked as they are read. */
export class Attributes {
  constructor(private readonly node: NodeMessage) {}

  private get(name: string) {
    return this.node.attribute.find((attribute) => attribute.name === name);
  }

  private refuse(name: string, what: string): never {
    throw new TypeError(`ONNX: ${this.node.opType} "${this.node.name}": ${name} ${what}`);
  }

  float(name: string, otherwise: number): number {
    return this.get(name)?.f ?? otherwise;
  }

  int(name: string, otherwise: number): number {
    return this.get(name)?.i ?? otherwise;
  }

  pair(name: string, otherwise: readonly [number, number]): readonly [number, number] {
    const ints = this.get(name)?.ints ?? otherwise;
    if (ints.length !== 2 || !ints.every((v) => Number.isSafeInteger(v) && v > 0)) {
      this.refuse(name, `is [${ints}]: two whole numbers above 0 are needed`);
    }
    return ints as readonly [number, number];
  }

  /** Refuses anything but ones (or nothing). */
  ones(name: string): void {
    const ints = this.get(name)?.ints ?? [];
    if (ints.some((v) => v !== 1)) this.refuse(name, `is [${ints}]: only 1 is understood`);
  }

  /** Refuses anything but zeros (or nothing). */
  zeros(name: string): void {
    const attribute = this.get(name);
    if (attribute && (attribute.i !== 0 || attribute.ints.some((v) => v !== 0))) {
      this.refuse(
        name,
        `is [${attribute.ints.length > 0 ? attribute.ints : attribute.i}]: only 0 is understood`,
      );
    }
  }

  /** Rows and columns of zeros added to an image: top, left, bottom, right. */
  padding(
    image: readonly [number, number],
    kernel: readonly [number, number],
    stride: readonly [number, number],
  ): readonly [number, number, number, number] {
    const automatic = new TextDecoder().decode(this.get("auto_pad")?.s ?? new Uint8Array()) || "NOTSET";
    if (automatic === "NOTSET") {
      const pads = this.get("pads")?.ints ?? [0, 0, 0, 0];
      if (pads.length !== 4 || !pads.every((v) => Number.isSafeInteger(v) && v >= 0)) {
        this.refuse("pads", `is [${pads}]: four whole numbers are needed`);
      }
      return pads as unknown as readonly [number, number, number, number];
    }
    if (automatic === "VALID") return [0, 0, 0, 0];
    const missing = [0, 1].map((d) => {
      const count = Math.ceil(image[d] / stride[d]);
      return Math.max((count - 1) * stride[d] + kernel[d] - image[d], 0);
    });
    const before = missing.map((m) => (automatic === "SAME_UPPER" ? Math.floor(m / 2) : Math.ceil(m / 2)));
    if (automatic !== "SAME_UPPER" && automatic !== "SAME_LOWER") this.refuse("auto_pad", `is ${automatic}`);
    return [before[0], before[1], missing[0] - before[0], missing[1] - before[1]];
  }
}
