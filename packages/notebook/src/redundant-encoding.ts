import { dashes, shapes } from "./theme";
import { arrangements, inner, type View } from "./views";

/** The channel that repeats what colour says, for a mark. */
const second: { [mark: string]: "strokeDash" | "shape" } = {
  line: "strokeDash",
  trail: "strokeDash",
  point: "shape",
};
const ranges = { strokeDash: dashes, shape: shapes };

function markType(view: View): string | undefined {
  return typeof view.mark === "string" ? view.mark : view.mark?.type;
}

function isCategory(channel: View | undefined): channel is View {
  return channel?.field !== undefined && (channel.type === "nominal" || channel.type === "ordinal");
}

/** The channel that repeats `color`: same field, same order, same title, hence one legend for both. */
function repeated(color: View, name: "strokeDash" | "shape"): View {
  const copy: View = { field: color.field, type: color.type };
  for (const key of ["sort", "title", "legend"]) if (color[key] !== undefined) copy[key] = color[key];
  copy.scale = { range: ranges[name] };
  if (color.scale?.domain !== undefined) copy.scale.domain = color.scale.domain;
  return copy;
}

/**
 * The specification with every category told by a second sign besides its colour: dashes for lines, shapes for points.
 * A figure so stays legible in black and white and for colour-blind readers. Channels already in use are left alone.
 *
 * @param view Vega-Lite specification; not changed
 * @param inherited encoding of the layers above
 * @returns a specification that shares what needed no change
 */
export function withRedundantEncoding(view: View, inherited: View = {}): View {
  const below = inner(view);
  if (below) return { ...view, spec: withRedundantEncoding(below) };
  for (const kind of arrangements) {
    if (Array.isArray(view[kind]))
      return { ...view, [kind]: view[kind].map((v: View) => withRedundantEncoding(v)) };
  }
  const encoding: View = { ...inherited, ...view.encoding };
  if (Array.isArray(view.layer)) {
    return { ...view, layer: view.layer.map((layer: View) => withRedundantEncoding(layer, encoding)) };
  }
  const name = second[markType(view) ?? ""];
  const color = (encoding.color ?? encoding.stroke) as View | undefined;
  // An ordinal scale that a scheme colours by lightness is legible without a second sign.
  if (!name || encoding[name] !== undefined || !isCategory(color) || color.scale?.scheme) return view;
  return { ...view, encoding: { ...view.encoding, [name]: repeated(color, name) } };
}
