import { byId } from "./elements";

/** A slider with its value written beside it. */
export interface Slider {
  /** The value, or sets it without a call. */
  value: number;
  readonly input: HTMLInputElement;
}

function outputOf(input: HTMLInputElement): HTMLOutputElement | null {
  return input.parentElement?.querySelector("output") ?? null;
}

/**
 * A slider of the page.
 *
 * @param onChange called while it is dragged
 * @param words the value as it is written
 */
export function slider(
  id: string | HTMLInputElement,
  onChange: (value: number) => void,
  words: (value: number) => string = String,
): Slider {
  const input = typeof id === "string" ? byId(id, HTMLInputElement) : id;
  const output = outputOf(input);
  const write = () => {
    const text = words(input.valueAsNumber);
    if (output) output.textContent = text;
    input.setAttribute("aria-valuetext", text);
  };
  input.addEventListener("input", () => {
    write();
    onChange(input.valueAsNumber);
  });
  write();
  return {
    input,
    get value() {
      return input.valueAsNumber;
    },
    set value(value: number) {
      input.value = String(value);
      write();
    },
  };
}

/** A field for a seed: a whole number, whatever is typed. */
export function seedField(id: string, onChange: () => void): { value: number } {
  const input = byId(id, HTMLInputElement);
  const seed = () => Math.min(999_999, Math.max(0, Math.trunc(input.valueAsNumber) || 0));
  input.addEventListener("input", onChange);
  input.addEventListener("change", () => (input.value = String(seed())));
  return {
    get value() {
      return seed();
    },
    set value(value: number) {
      input.value = String(value);
    },
  };
}

/** A choice of the page. */
export function choice(id: string, onChange: () => void): HTMLSelectElement {
  const select = byId(id, HTMLSelectElement);
  select.addEventListener("change", onChange);
  return select;
}

/** What happens when a button is pressed. */
export function button(id: string, onPress: () => void): HTMLButtonElement {
  const pressed = byId(id, HTMLButtonElement);
  pressed.addEventListener("click", onPress);
  return pressed;
}

/** Fills a list of choices. */
export function offer(
  select: HTMLSelectElement,
  choices: readonly (readonly [value: string, words: string])[],
): void {
  select.replaceChildren(...choices.map(([value, words]) => new Option(words, value)));
}
