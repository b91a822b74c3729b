import type { ReluNetwork } from "relu-lab/network";
import { throughPoints, type PlaneDomain } from "relu-lab/regions/plane";
import type { Digits } from "./digits";
import { between, randomNetwork, type Offer } from "./networks";
import { boxOf, type View } from "./view";

/** A network, the plane on which it is looked at, and how both move. */
export interface Scene {
  readonly offer: Offer;
  readonly network: ReluNetwork;
  /** All of the plane. */
  readonly whole: View;
  domain(view: View): PlaneDomain;
  /** Points with a name: the digits that a plane goes through. */
  readonly marks: readonly { readonly at: readonly [number, number]; readonly name: string }[];
  /** The same scene a while later. */
  at(t: number): Scene;
}

const square: View = { x: 0, y: 0, half: 1 };

/** A network of two inputs on the square around the origin. */
export function flatScene(offer: Offer, seed: number, own?: ReluNetwork): Scene {
  const network = own ?? randomNetwork(offer.sizes, seed);
  let other: ReluNetwork | undefined;
  return {
    offer,
    network,
    whole: square,
    marks: [],
    domain: boxOf,
    at(t) {
      other ??= randomNetwork(offer.sizes, seed + 1_000_000);
      return flatScene(offer, seed, between(network, other, t));
    },
  };
}

/** A network of images on the plane through three of them. While it moves, the third one fades into the other digits. */
export function digitScene(
  offer: Offer,
  seed: number,
  digits: Digits,
  chosen: readonly [number, number, number],
  third: Float64Array = digits.images[chosen[2]],
  own?: ReluNetwork,
): Scene {
  const network = own ?? (offer.trained ? digits.network : randomNetwork(offer.sizes, seed));
  const [first, second] = [digits.images[chosen[0]], digits.images[chosen[1]]];
  const { origin, directions, bounds, points } = throughPoints(first, second, third, { orthonormal: true });
  const [x, y] = [0, 1].map((k) => (bounds.lo[k] + bounds.hi[k]) / 2);
  const half = Math.max(bounds.hi[0] - bounds.lo[0], bounds.hi[1] - bounds.lo[1]) / 2;
  return {
    offer,
    network,
    whole: { x, y, half },
    marks: points.map((at, k) => ({ at, name: String(chosen[k]) })),
    domain: (view) => ({ origin, directions, bounds: boxOf(view) }),
    at(t) {
      const rest = digits.images
        .map((_, k) => (chosen[2] + k) % 10)
        .filter((k) => k !== chosen[0] && k !== chosen[1]);
      const place = (t / (Math.PI / 2)) % rest.length;
      const [from, to] = [rest[Math.floor(place)], rest[(Math.floor(place) + 1) % rest.length]];
      const share = place % 1;
      const faded = digits.images[from].map((ink, i) => (1 - share) * ink + share * digits.images[to][i]);
      return digitScene(offer, seed, digits, chosen, faded, network);
    },
  };
}
