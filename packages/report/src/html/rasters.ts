/** A picture inside of a specification, as an address that holds its bytes. */
const picture = /^data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=\s]*$/;

/** What stands in a specification instead of its n-th picture. */
const rasterName = (n: number) => `raster:${n}`;

/**
 * Takes the pictures out of a specification, so that a page holds each of them once: as an image that is seen when
 * scripts are off. The page's script puts them back.
 * @param spec a chart's specification
 * @returns a copy with `raster:0`, `raster:1`, ... in place of the addresses, and these, each once
 */
export function takeRasters<T>(spec: T): { spec: T; rasters: string[] } {
  const rasters = new Map<string, number>();
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") {
      if (!picture.test(value)) return value;
      if (!rasters.has(value)) rasters.set(value, rasters.size);
      return rasterName(rasters.get(value) as number);
    }
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  };
  return { spec: walk(spec) as T, rasters: [...rasters.keys()] };
}
