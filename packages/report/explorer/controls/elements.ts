/**
 * An element of the page.
 *
 * @throws Error when the page has none of that name, or it is of another kind
 */
export function byId<Kind extends Element>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} called "${id}"`);
  return element;
}

/** Says on top of the page what went wrong: a part that stands still without a word looks broken. */
export function tellTrouble(reason: unknown): void {
  const place = byId("trouble", HTMLElement);
  place.textContent = `Something went wrong: ${reason instanceof Error ? reason.message : String(reason)}`;
  place.hidden = false;
}

/** A whole number as it is read: 1,024. */
export const whole = (value: number): string => Math.round(value).toLocaleString("en");

/** A number with three digits that count; a true minus sign. */
export function brief(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(3)));
  return text.replace("-", "−");
}

const namespace = "http://www.w3.org/2000/svg";

/** A new element of a drawing. */
export function drawn(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text = "",
): Element {
  const element = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text) element.textContent = text;
  return element;
}

/** Calls back when nothing has come for a while: for words that a screen reader reads out. */
export function settled(action: () => void, patience = 500): () => void {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, patience) as unknown as number;
  };
}
