import { tokensOf, type Token } from "./modules";

/** A layer of the chain that is looked for. */
export interface Link {
  readonly path: string;
  readonly tokens: readonly Token[];
  readonly inputs: number;
  readonly outputs: number;
}

/** Names as a tree: branches by number have an order, branches by word have none of their own. */
interface Branch<T extends Link> {
  readonly word: string;
  /** One after the other; undefined for a leaf. */
  readonly numbered: boolean;
  readonly parts: readonly Branch<T>[];
  readonly link?: T;
}

/** Words that name the parts of one network, of which one may hold several layers. */
const parts = new Set(
  "encoder decoder enc dec backbone body trunk stem features feature extractor classifier head tail hidden hiddens layer layers fc fcs linear linears dense mlp net network model seq sequential proj projection in out input output first last final top bottom base main block blocks stage bottleneck lin l ff".split(
    " ",
  ),
);
/** Words that name networks which stand side by side. */
const networks = new Set(
  "actor critic policy value values pi vf qf q v target online generator discriminator gen disc student teacher advantage ema actors critics mu logstd".split(
    " ",
  ),
);

/** Words that name networks which stand side by side when numbers follow them: `q1` and `q2`, `nets.0` and `nets.1`. */
const numberedNetworks =
  /^(q|qf|v|vf|nets?|networks?|models?|critics?|actors?|agents?|policy|policies|values?|members?|heads?|ensembles?|experts?)$/;

const isNetwork = (word: string) => networks.has(word.replace(/(net|network|head|target)$/, "") || word);

function branchOf<T extends Link>(links: readonly T[], depth: number, word: string): Branch<T> {
  if (links.length === 1) return { word, numbered: false, parts: [], link: links[0] };
  const numbers = new Map<number, T[]>();
  const words = new Map<string, T[]>();
  for (const link of links) {
    const token = link.tokens[depth] ?? "";
    if (typeof token === "number") numbers.set(token, [...(numbers.get(token) ?? []), link]);
    else words.set(token, [...(words.get(token) ?? []), link]);
  }
  // Two names of the same tokens ("a_1" and "a.1") would be one branch for ever.
  if (depth > Math.max(...links.map(({ tokens }) => tokens.length)))
    return {
      word,
      numbered: false,
      parts: links.map((link) => ({ word: link.path, numbered: false, parts: [], link })),
    };
  const run = [...numbers]
    .sort(([a], [b]) => a - b)
    .map(([number, own]) => branchOf(own, depth + 1, `${word} ${number}`));
  const own = [...words].map(([name, some]) => branchOf(some, depth + 1, name));
  if (own.length === 0) return run.length === 1 ? run[0] : { word, numbered: true, parts: run };
  if (run.length > 0) own.unshift({ word, numbered: true, parts: run });
  return own.length === 1 ? own[0] : { word, numbered: false, parts: own };
}

const linksOf = <T extends Link>({ link, parts }: Branch<T>): T[] => (link ? [link] : parts.flatMap(linksOf));

/** Steps of the search for orders: more are a name for every layer, and no order at all. */
const mostSteps = 100_000;

/** All orders of a branch's layers in which each takes what the one before it gives. */
function* orders<T extends Link>(
  branch: Branch<T>,
  width: number | undefined,
  budget: { steps: number },
): Generator<T[]> {
  if (--budget.steps < 0) return;
  const { link, parts } = branch;
  if (link) {
    if (width === undefined || width === link.inputs) yield [link];
    return;
  }
  function* from(left: readonly Branch<T>[], before: T[]): Generator<T[]> {
    if (left.length === 0) return yield before;
    const next = branch.numbered ? left.slice(0, 1) : left;
    for (const one of next)
      for (const order of orders(one, before.at(-1)?.outputs ?? width, budget))
        yield* from(
          left.filter((other) => other !== one),
          [...before, ...order],
        );
  }
  yield* from(parts, []);
}

const sizesOf = (links: readonly Link[]) =>
  [links[0].inputs, ...links.map(({ outputs }) => outputs)].join("-");

/** Runs of layers that fit to each other, in the order of their names. */
function runs<T extends Link>(branch: Branch<T>): T[][] {
  const [order] = orders(branch, undefined, { steps: 1000 });
  if (order && !hasSeveral(branch)) return [order];
  if (branch.link) return [[branch.link]];
  const found: T[][] = [];
  const inner = branch.parts.flatMap(runs);
  for (const run of inner) {
    const before = branch.numbered && !areNetworks(branch) ? found.at(-1) : undefined;
    if (before && before.at(-1)!.outputs === run[0].inputs) before.push(...run);
    else found.push([...run]);
  }
  return found;
}

/** Whether numbers tell networks apart, of several layers each. */
const areNetworks = <T extends Link>({ word, numbered, parts: own }: Branch<T>): boolean =>
  numbered &&
  numberedNetworks.test(word.split(" ")[0]) &&
  own.filter((part) => linksOf(part).length > 1).length > 1;

/** Whether words of a tree name networks of their own, or could do so. */
function hasSeveral<T extends Link>(branch: Branch<T>): boolean {
  const { parts: own, numbered } = branch;
  if (!numbered && own.length > 1) {
    if (own.filter(({ word }) => isNetwork(word)).length > 1) return true;
    const long = own.filter((part) => linksOf(part).length > 1);
    if (long.length > 1 && long.some(({ word }) => !parts.has(word))) return true;
  }
  if (areNetworks(branch)) return true;
  return own.some(hasSeveral);
}

const prefix = (tokens: readonly Token[], of: readonly Token[]) =>
  tokens.every((token, i) => token === of[i]);

/** Whether a name that a reader gives is that of a layer, of its weight, or of a group with the layer in it. */
export function isNamed(
  layer: string,
  { path, name, tokens }: { readonly path: string; readonly name: string; readonly tokens: readonly Token[] },
): boolean {
  const own = tokensOf(layer);
  return path === layer || name === layer || (own.length > 0 && prefix(own, tokens));
}

/** What is wanted of names: their tokens, and what the reader calls them. */
export interface OrderRequest {
  readonly layers: readonly string[] | undefined;
  /** Names of all layers of the file. */
  readonly known: readonly string[];
  readonly fail: (what: string) => never;
  readonly note: (what: string) => void;
}

/** The layers that the reader asked for. */
function chosen<T extends Link & { readonly name: string }>(links: readonly T[], request: OrderRequest): T[] {
  const { layers = [], fail } = request;
  const known = request.known.join(", ");
  const order = layers.flatMap((layer) => {
    const exact = links.filter(({ path, name }) => path === layer || name === layer);
    if (exact.length > 0) return exact;
    const group = links.filter((link) => isNamed(layer, link));
    if (group.length === 0) fail(`"${layer}" is none of its layers: there are ${known}`);
    return ordered(group, { ...request, layers: undefined, note: () => {} });
  });
  if (order.length === 0) fail(`no layers are asked for: there are ${known}`);
  if (new Set(order).size < order.length) fail(`the layers ${layers.join(",")} name one of them twice`);
  const bad = order.findIndex((link, i) => i > 0 && link.inputs !== order[i - 1].outputs);
  if (bad > 0) {
    const [a, b] = [order[bad - 1], order[bad]];
    fail(`"${a.path}" gives ${a.outputs} values, but "${b.path}" behind it takes ${b.inputs}`);
  }
  return order;
}

/**
 * The order of layers: by the numbers in their names; where words differ, the only order in which each takes what the one
 * before it gives.
 *
 * @throws TypeError by `fail`, when there are several orders, several networks, or none that fits
 */
export function ordered<T extends Link & { readonly name: string }>(
  links: readonly T[],
  request: OrderRequest,
): T[] {
  if (request.layers) return chosen(links, request);
  const { fail, note } = request;
  const branch = branchOf(links, 0, "");
  const remedy = (order: readonly T[]) => `--layers ${order.map(({ path, name }) => path || name).join(",")}`;
  const budget = { steps: mostSteps };
  const several = hasSeveral(branch);
  const found: T[][] = [];
  if (!several)
    for (const order of orders(branch, undefined, budget)) {
      found.push(order);
      if (found.length === 2) break;
    }
  if (found.length === 1 && budget.steps >= 0) {
    const names = found[0].map(({ path }) => path);
    if (hasWords(branch))
      note(`the layers' order is not in the file: ${names.join(", ")} is the only one that fits`);
    return found[0];
  }
  if (found.length > 1)
    return fail(
      `the order of its layers is not in the file, and several fit: ${found.map((order) => `${order.map(({ path }) => path).join(", ")} (${sizesOf(order)})`).join(" or ")}: choose one with ${remedy(found[0])} (the option layers)`,
    );
  const chains = runs(branch);
  // A trunk with several heads: the way to one of them.
  const heads = chains.slice(1).filter(([link]) => link.inputs === chains[0].at(-1)!.outputs);
  const example = heads.length > 1 ? [...chains[0], ...heads[0]] : chains[0];
  const shown = chains
    .slice(0, 6)
    .map((chain) => `${chain.map(({ path }) => path).join(", ")} (${sizesOf(chain)})`);
  return fail(
    `its layers do not make one chain, but ${chains.length}: ${shown.join("; ")}${chains.length > 6 ? "; ..." : ""}: choose the layers of one network, in their order, with ${remedy(example)} (the option layers)`,
  );
}

const hasWords = <T extends Link>({ parts, numbered }: Branch<T>): boolean =>
  (!numbered && parts.length > 1) || parts.some((part) => hasWords(part));
