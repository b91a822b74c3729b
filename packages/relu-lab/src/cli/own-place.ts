import { numbers, objectField, pointLike, type NetworkDocument } from "./document";
import type { Place } from "./domain";
import { UserError } from "./user-error";

/** The domain that the file gives. */
export function ownPlace(document: NetworkDocument): Place {
  const { network, file, fields } = document;
  if (fields.domain === undefined && fields.layers === undefined) {
    throw new UserError(
      `${file}: such a file gives no domain: say --plane random, --plane FILE.json, --box LO,HI, --line P,Q or --vnnlib FILE`,
    );
  }
  const cube = `{ "type": "box", "lo": ${pointLike(-1, network.inputs)}, "hi": ${pointLike(1, network.inputs)} }`;
  const domain = objectField(document, "domain", cube);
  if (domain.type === "slice") {
    const directions = [
      numbers(document, "domain.u", domain.u, network.inputs),
      numbers(document, "domain.v", domain.v, network.inputs),
    ] as const;
    const origin = numbers(document, "domain.c", domain.c, network.inputs);
    return { type: "plane", domain: { origin, directions, bounds: box(document, domain, 2) } };
  }
  if (domain.type !== "box") {
    throw new UserError(`${file}: domain.type is ${JSON.stringify(domain.type)}: "box" or "slice" is needed`);
  }
  return { type: "box", ...box(document, domain, network.inputs) };
}

function box(document: NetworkDocument, domain: Record<string, unknown>, dimension: number) {
  const lo = numbers(document, "domain.lo", domain.lo, dimension);
  const hi = numbers(document, "domain.hi", domain.hi, dimension);
  const empty = lo.findIndex((v, i) => !(v < hi[i]));
  if (empty >= 0) {
    throw new UserError(
      `${document.file}: domain.lo[${empty}] is ${lo[empty]}, not below domain.hi[${empty}], ${hi[empty]}`,
    );
  }
  return { lo, hi };
}
