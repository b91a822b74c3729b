import { dashes, shapes } from "./theme";
import { arrangements, inner, type View } from "./views";

type Second = "strokeDash" | "shape";
/** The channel that repeats what colour says, for a mark. */
const secondOf: { [mark: string]: Second | undefined } = {
  line: "strokeDash",
  trail: "strokeDash",
  point: "shape",
};
const ranges = { strokeDash: dashes, shape: shapes };

function markType(view: View): string {
  return (typeof view.mark === "string" ? view.mark : view.mark?.type) ?? "";
}

function isCategory(channel: View | undefined): channel is View {
  // An ordinal scale that a scheme colours by lightness is legible without a second sign.
  if (channel?.field === undefined || channel.scale?.scheme || channel.scale === null) return false;
  return channel.type === "nominal" || channel.type === "ordinal";
}

function ascending(a: unknown, b: unknown): number {
  return (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0;
}

/** The categories of a field in the order Vega would give them, or undefined where a transform may make them. */
function domainOf(channel: View, rows: View[] | undefined): unknown[] | undefined {
  if (!rows || rows.length === 0 || !rows.every((row) => row[channel.field] !== undefined)) return undefined;
  const found = [...new Set(rows.map((row) => row[channel.field] as unknown))];
  const { sort } = channel;
  if (sort === null) return found;
  if (sort === undefined || sort === "ascending") return found.sort(ascending);
  if (sort === "descending") return found.sort(ascending).reverse();
  if (!Array.isArray(sort)) return undefined;
  return [
    ...sort.filter((s) => found.includes(s)),
    ...found.filter((f) => !sort.includes(f)).sort(ascending),
  ];
}

/** `channel` with its categories written out: only scales with literally equal domains share one legend. */
function withDomain(channel: View, rows: View[] | undefined): View {
  if (channel.scale?.domain !== undefined) return channel;
  const domain = domainOf(channel, rows);
  return domain ? { ...channel, scale: { ...channel.scale, domain } } : channel;
}

/** The channel that repeats `color`: same field, order and title, hence one legend for both. */
function repeated(color: View, name: Second): View {
  const copy: View = { field: color.field, type: color.type };
  for (const key of ["sort", "title", "legend"]) if (color[key] !== undefined) copy[key] = color[key];
  copy.scale = { range: ranges[name] };
  if (color.scale?.domain !== undefined) copy.scale.domain = color.scale.domain;
  return copy;
}

interface Surroundings {
  encoding: View;
  rows?: View[];
}

function visit(view: View, above: Surroundings): View {
  const rows = Array.isArray(view.data?.values)
    ? (view.data.values as View[])
    : view.data
      ? undefined
      : above.rows;
  const below = inner(view);
  if (below) return { ...view, spec: visit(below, { encoding: {}, rows }) };
  for (const kind of arrangements) {
    if (!Array.isArray(view[kind])) continue;
    return { ...view, [kind]: view[kind].map((v: View) => visit(v, { encoding: {}, rows })) };
  }
  const own: View = { ...view.encoding };
  const known = view.transform ? undefined : rows;
  for (const name of ["color", "stroke"]) if (isCategory(own[name])) own[name] = withDomain(own[name], known);
  const encoding = { ...above.encoding, ...own };
  if (Array.isArray(view.layer)) {
    return {
      ...view,
      encoding: own,
      layer: view.layer.map((layer: View) => visit(layer, { encoding, rows })),
    };
  }
  const name = secondOf[markType(view)];
  const color = (encoding.color ?? encoding.stroke) as View | undefined;
  if (!name || encoding[name] !== undefined || !isCategory(color))
    return view.encoding ? { ...view, encoding: own } : view;
  own[name] = repeated(color, name);
  return { ...view, encoding: own };
}

/**
 * The specification with every category told by a second sign besides its colour: dashes for lines, shapes for points.
 * A figure so stays legible in black and white and for colour-blind readers. Channels already in use are left alone.
 *
 * @param spec Vega-Lite specification; not changed
 * @returns a specification that shares what needed no change
 */
export function withRedundantEncoding(spec: object): View {
  return visit(spec, { encoding: {} });
}
