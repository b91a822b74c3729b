import { sawtoothNetwork, type SawtoothForm } from "relu-lab/sawtooth";
import { brief, byId } from "../controls/elements";
import { choice, offer, slider, type Slider } from "../controls/inputs";
import { parametersOf } from "../flat-network";

/** Where a layer's parameters stand. */
interface Place {
  readonly at: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** A slider for each weight and bias of a chosen layer. What is set by hand stays until noise or shape change. */
export class WeightSliders {
  private readonly set = new Map<number, number>();
  private places: Place[] = [];
  private parameters = new Float64Array();
  private ideal = new Float64Array();
  private sliders: { readonly at: number; readonly slider: Slider }[] = [];
  private readonly layer = choice("saw-layer", () => this.build());

  /** @param onChange called when a weight has been set */
  constructor(private readonly onChange: () => void) {}

  /** Places and values of the weights set by hand. */
  get own(): (readonly [number, number])[] {
    return [...this.set];
  }

  /** No weight is set by hand any more. */
  forget(): void {
    this.set.clear();
  }

  /** The sliders for another sawtooth. */
  reshape(n: number, form: SawtoothForm): void {
    this.forget();
    const network = sawtoothNetwork(n, form);
    this.ideal = parametersOf(network);
    this.parameters = this.ideal;
    let at = 0;
    this.places = network.layers.map(({ inputs, outputs, weights, biases }) => {
      const place = { at, inputs, outputs };
      at += weights.length + biases.length;
      return place;
    });
    const before = this.layer.selectedIndex;
    const words = ({ inputs, outputs }: Place, l: number) =>
      l === this.places.length - 1
        ? `${l + 1}: readout`
        : form === "merged"
          ? `${l + 1}: map ${l + 1}`
          : outputs === 2
            ? `${l + 1}: map ${l / 2 + 1} folds`
            : `${l + 1}: map ${(l + 1) / 2} mixes ${inputs}`;
    offer(
      this.layer,
      this.places.map((place, l) => [String(l), words(place, l)]),
    );
    this.layer.selectedIndex = Math.max(0, Math.min(before, this.places.length - 1));
    this.build();
  }

  /** Moves the sliders that are not being dragged to what the network has. */
  show(parameters: Float64Array): void {
    this.parameters = parameters;
    for (const { at, slider: own } of this.sliders)
      if (document.activeElement !== own.input) own.value = parameters[at];
  }

  private build(): void {
    const { at, inputs, outputs } = this.places[this.layer.selectedIndex];
    const names: [string, number][] = [];
    for (let i = 0; i < outputs; i++)
      for (let j = 0; j < inputs; j++)
        names.push([
          outputs * inputs === 1
            ? "w"
            : inputs === 1
              ? `w${i + 1}`
              : outputs === 1
                ? `w${j + 1}`
                : `w${i + 1}${j + 1}`,
          at + i * inputs + j,
        ]);
    for (let i = 0; i < outputs; i++)
      names.push([outputs === 1 ? "b" : `b${i + 1}`, at + outputs * inputs + i]);
    this.sliders = [];
    const rows = names.map(([name, place]) => this.row(name, place));
    byId("saw-weights", HTMLElement).replaceChildren(...rows);
  }

  private row(name: string, place: number): HTMLElement {
    const row = document.createElement("div");
    row.className = "control";
    const input = document.createElement("input");
    const reach = Math.max(1, 0.5 * Math.abs(this.ideal[place]));
    Object.assign(input, { type: "range", id: `saw-weight-${place}`, step: "any" });
    Object.assign(input, { min: String(this.ideal[place] - reach), max: String(this.ideal[place] + reach) });
    const label = document.createElement("label");
    label.htmlFor = input.id;
    label.textContent = name;
    const output = document.createElement("output");
    row.append(label, output, input);
    input.valueAsNumber = this.parameters[place];
    const own = slider(
      input,
      (value) => {
        this.set.set(place, value);
        this.onChange();
      },
      brief,
    );
    this.sliders.push({ at: place, slider: own });
    return row;
  }
}
