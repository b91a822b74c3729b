import { eachPlot, type View } from "./views";

type Channel = "x" | "y";
interface Found {
  place: string;
  name: string;
  titled: boolean;
}

/** Whether a channel says its title, or says on purpose that there is none. */
function isTitled(channel: View): boolean {
  if (channel.title !== undefined) return channel.title !== "";
  if (channel.axis === null) return true;
  return channel.axis?.title !== undefined && channel.axis.title !== "";
}

function collect(view: View, channel: Channel, place: string, found: Found[]): void {
  const definition = view.encoding?.[channel] as View | undefined;
  if (definition && (definition.field !== undefined || definition.aggregate !== undefined)) {
    found.push({
      place: `${place}encoding.${channel}`,
      name: String(definition.field ?? definition.aggregate),
      titled: isTitled(definition),
    });
  } else if (definition && isTitled(definition)) {
    found.push({ place, name: "", titled: true }); // a constant that carries the title
  }
  (view.layer as View[] | undefined)?.forEach((layer, i) =>
    collect(layer, channel, `${place}layer[${i}].`, found),
  );
}

/**
 * Refuses a chart whose axis would be named by a column of the data: an axis says the quantity and its unit.
 * In a layered plot one title an axis is enough.
 *
 * @param spec Vega-Lite specification
 * @throws Error naming the first axis without a title
 */
export function requireAxisTitles(spec: object): void {
  eachPlot(spec, (plot, place) => {
    for (const channel of ["x", "y"] as const) {
      const found: Found[] = [];
      collect(plot, channel, place, found);
      if (found.length === 0 || found.some((one) => one.titled)) continue;
      throw new Error(
        `chart: ${found[0].place} (field "${found[0].name}") has no title; name the quantity and its unit, ` +
          `e.g. title: "training time (s)", or say title: null if the axis shall have none`,
      );
    }
  });
}
