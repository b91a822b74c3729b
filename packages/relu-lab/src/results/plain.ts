// Rows and configurations as text: JSON, and the three doubles and the zero that JSON has no word for.
const special = "$number";

function encodeSpecial(this: unknown, key: string, value: unknown): unknown {
  if (typeof value === "number") {
    if (Object.is(value, -0)) return { [special]: "-0" };
    return Number.isFinite(value) ? value : { [special]: String(value) };
  }
  if (ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set) {
    throw new TypeError(
      `"${key}" is a ${value.constructor.name}: rows and configurations hold numbers, texts, booleans, arrays and records`,
    );
  }
  if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") {
    throw new TypeError(
      `"${key}" is a ${typeof value}, which cannot be kept: give numbers, texts or booleans`,
    );
  }
  return value;
}

/** Text of plain data; equal data with equal order of keys gives equal text. */
export function encode(data: unknown): string {
  return JSON.stringify(data, encodeSpecial) ?? "null";
}

/** What {@link encode} wrote, every double to its last bit. */
export function decode(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value === "object" && value !== null && special in value) {
      return Number((value as Record<string, string>)[special]);
    }
    return value;
  });
}

/** Text that does not depend on the order of keys, for digests. */
export function canonical(data: unknown): string {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).filter(([, v]) => v !== undefined);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sorted(v)]));
  };
  return JSON.stringify(sorted(JSON.parse(encode(data))));
}
