// Arbitrary damage to bytes and to JSON values, the same for every parser.
import * as fc from "fast-check";

const edge = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const byteStep = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), at: place, bit: fc.nat(7) }),
  fc.record({
    kind: fc.constant("set" as const),
    at: place,
    value: fc.oneof(fc.constantFrom(...edge), fc.nat(255)),
  }),
  fc.record({
    kind: fc.constant("word" as const),
    at: place,
    value: fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0),
    little: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("cut" as const), at: place }),
  fc.record({ kind: fc.constant("remove" as const), at: place, length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant("double" as const), at: place, length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant("insert" as const), at: place, bytes: fc.uint8Array({ maxLength: 12 }) }),
);
type ByteStep = typeof byteStep extends fc.Arbitrary<infer T> ? T : never;

function damaged(bytes: Buffer, step: ByteStep): Buffer {
  const at = Math.floor(step.at * bytes.length);
  const spliced = (remove: number, ...insert: Uint8Array[]) =>
    Buffer.concat([bytes.subarray(0, at), ...insert, bytes.subarray(at + remove)]);
  const changed = Buffer.from(bytes);
  switch (step.kind) {
    case "flip":
      if (at < changed.length) changed[at] ^= 1 << step.bit;
      return changed;
    case "set":
      if (at < changed.length) changed[at] = step.value;
      return changed;
    case "word":
      if (at + 4 > changed.length) return changed;
      changed[step.little ? "writeUInt32LE" : "writeUInt32BE"](step.value, at);
      return changed;
    case "cut":
      return Buffer.from(bytes.subarray(0, at));
    case "remove":
      return spliced(step.length);
    case "double":
      return spliced(0, bytes.subarray(at, at + step.length));
    case "insert":
      return spliced(0, step.bytes);
  }
}

/** One of some files, its bytes changed in one to four places. */
export const mutatedBytes = (seeds: readonly Buffer[]): fc.Arbitrary<Buffer> =>
  fc
    .tuple(fc.constantFrom(...seeds), fc.array(byteStep, { minLength: 1, maxLength: 4 }))
    .map(([seed, steps]) => steps.reduce(damaged, seed));

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let d = 0; d < depth; d++) value = d % 2 ? { blocks: value, config: value } : [value];
  return value;
}

/** What a reader that trusts its input stumbles over. */
const hostile: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  2,
  0.5,
  1e9,
  2 ** 31,
  2 ** 53,
  1e300,
  -1e300,
  "",
  "a",
  "1e999",
  "__proto__",
  "../../etc/passwd",
  "relu",
  "é\ud800",
  [],
  [[]],
  [0],
  [null],
  [1e9, 1e9],
  [1e9, 0],
  [0, 2 ** 50],
  [2, 2],
  {},
  { toString: 1 },
  { length: 1e9 },
  { __proto__: null, valueOf: [] },
  { type: "residual", blocks: [] },
  nested(12),
];

const valueStep = fc.record({
  at: fc.nat(1 << 20),
  kind: fc.constantFrom("replace", "replace", "replace", "remove", "double", "swap"),
  value: fc.oneof(fc.constantFrom(...hostile), fc.jsonValue({ maxDepth: 2 })),
});

type Holder = Record<string | number, unknown>;

/** Every place inside of a JSON value, as its holder and its name there; number lists beyond ten count as ten. */
function places(value: unknown, found: [Holder, string | number][] = []): [Holder, string | number][] {
  if (typeof value !== "object" || value === null) return found;
  const names = Array.isArray(value) ? [...value.keys()].slice(0, 10) : Object.keys(value);
  for (const name of names) {
    found.push([value as Holder, name]);
    places((value as Holder)[name], found);
  }
  return found;
}

/** One of some JSON values, changed in one to three places. */
export const mutatedJson = <T extends object>(seeds: readonly T[]): fc.Arbitrary<T> =>
  fc
    .tuple(fc.constantFrom(...seeds), fc.array(valueStep, { minLength: 1, maxLength: 3 }))
    .map(([seed, steps]) => {
      const document = { root: structuredClone(seed) };
      for (const { at, kind, value } of steps) {
        const all = places(document.root);
        if (all.length === 0) break;
        const [holder, name] = all[at % all.length];
        if (kind === "replace") holder[name] = structuredClone(value);
        else if (kind === "swap") holder[name] = structuredClone(all[(at >> 5) % all.length][0]);
        else if (Array.isArray(holder))
          holder.splice(
            Number(name),
            1,
            ...(kind === "double" ? [holder[name], structuredClone(holder[name])] : []),
          );
        else if (kind === "remove") delete holder[name];
        else holder[`${name}2`] = structuredClone(holder[name]);
      }
      return document.root;
    });

/** JSON text, damaged as a value or as bytes. */
export const mutatedText = (seeds: readonly object[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: mutatedJson(seeds).map((value) => JSON.stringify(value)) },
    {
      weight: 1,
      arbitrary: mutatedBytes(seeds.map((seed) => Buffer.from(JSON.stringify(seed)))).map(String),
    },
  );
