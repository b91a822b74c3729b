import type { ReluNetwork } from "relu-lab/network";
import { brief, byId } from "../controls/elements";
import { choice, offer, slider } from "../controls/inputs";
import { footOf, lineOf, withLine, type NeuronLine } from "./lines";
import { handlesOf, mostLines } from "./overlay";
import type { View } from "./view";

/** How near, in shares of half the picture, a line or handle must be to be grabbed. */
const [nearLine, nearHandle] = [0.025, 0.06];

/** Lays the lines of a first layer elsewhere: by sliders, and by dragging in the picture. */
export class LineEditor {
  private network: ReluNetwork | undefined;
  private chosen = 0;
  private grabbed: "move" | "turn" | undefined;
  private readonly line = choice("plane-line", () => this.choose(this.line.selectedIndex));
  private readonly angle = slider(
    "plane-angle",
    (degrees) => this.lay({ angle: (degrees * Math.PI) / 180 }),
    (degrees) => `${degrees.toFixed(0)}°`.replace("-", "−"),
  );
  private readonly offset = slider("plane-offset", (offset) => this.lay({ offset }), brief);

  /** @param onChange called with the changed network */
  constructor(private readonly onChange: (network: ReluNetwork) => void) {}

  /** Takes up another network; without one, or with too many lines, there is nothing to edit. */
  edit(network: ReluNetwork | undefined): void {
    const neurons = network?.layers[0].outputs ?? 0;
    this.network = neurons > 0 && neurons <= mostLines ? network : undefined;
    byId("plane-lines", HTMLElement).hidden = !this.network;
    offer(
      this.line,
      Array.from({ length: neurons }, (_, i) => [String(i + 1), String(i + 1)] as const),
    );
    if (this.network) this.choose(0);
  }

  /** The network goes on changing by itself. */
  follow(network: ReluNetwork): void {
    if (!this.network) return;
    this.network = network;
    this.tell();
  }

  /** What is drawn over the picture. */
  get shown(): { network: ReluNetwork; chosen: number } | undefined {
    return this.network && { network: this.network, chosen: this.chosen };
  }

  /** Whether a line or handle is at a point: it is then dragged. */
  grab([x, y]: readonly [number, number], view: View): boolean {
    if (!this.network) return false;
    this.grabbed = undefined;
    const { move, turn } = handlesOf(this.network, this.chosen, view);
    const near = (at: readonly number[]) => Math.hypot(at[0] - x, at[1] - y) < nearHandle * view.half;
    if (near(turn)) this.grabbed = "turn";
    else if (near(move)) this.grabbed = "move";
    else {
      const away = Array.from({ length: this.network.layers[0].outputs }, (_, i) => {
        const { foot } = footOf(lineOf(this.network as ReluNetwork, i), x, y);
        return Math.hypot(foot[0] - x, foot[1] - y);
      });
      const least = Math.min(...away);
      if (least < nearLine * view.half) {
        this.grabbed = "move";
        this.choose(away.indexOf(least));
      }
    }
    return this.grabbed !== undefined;
  }

  /** Lays the grabbed line through a point, or turns it towards it. */
  drag([x, y]: readonly [number, number], view: View): void {
    if (!this.network) return;
    const { angle } = lineOf(this.network, this.chosen);
    if (this.grabbed === "move") {
      this.lay({ offset: x * Math.cos(angle) + y * Math.sin(angle) });
      return;
    }
    const { move } = handlesOf(this.network, this.chosen, view);
    const turned = Math.atan2(y - move[1], x - move[0]) - Math.PI / 2;
    this.lay({ angle: turned, offset: move[0] * Math.cos(turned) + move[1] * Math.sin(turned) });
  }

  private choose(neuron: number): void {
    this.chosen = neuron;
    this.line.selectedIndex = neuron;
    this.tell();
  }

  private tell(): void {
    if (!this.network) return;
    const { angle, offset } = lineOf(this.network, this.chosen);
    const degrees = (angle * 180) / Math.PI;
    if (document.activeElement !== this.angle.input) this.angle.value = Math.round(degrees);
    if (document.activeElement !== this.offset.input) this.offset.value = offset;
  }

  private lay(change: Partial<NeuronLine>): void {
    if (!this.network) return;
    this.network = withLine(this.network, this.chosen, { ...lineOf(this.network, this.chosen), ...change });
    this.tell();
    this.onChange(this.network);
  }
}
