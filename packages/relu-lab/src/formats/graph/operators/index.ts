import type { Operators } from "../call";
import { activations } from "./activations";
import { arithmetic } from "./arithmetic";
import { constants } from "./constants";
import { convolutions } from "./convolutions";
import { ends } from "./ends";
import { movement } from "./movement";
import { normalisation } from "./normalisation";
import { pools } from "./pools";
import { products } from "./products";
import { reductions } from "./reductions";
import { refused } from "./refused";

/** The table of operators under ONNX's names. Each says what a node gives; shapes and constants follow from that. */
export const onnxOperators: Operators = {
  ...arithmetic,
  ...activations,
  ...movement,
  ...products,
  ...convolutions,
  ...pools,
  ...normalisation,
  ...reductions,
  ...constants,
  ...ends,
  ...refused,
};
