// Vega-Lite to SVG at once, without a promise: tslab does not wait for a cell's last expression, so that a chart drawn
// later would land in another cell. All data is inline, hence nothing has to be waited for.
import { checkSpec } from "./check";
import { fontFamily, textWidth } from "./font";
import type { View as Spec } from "./views";

interface SceneItem {
  marktype?: string;
  items?: SceneItem[];
  url?: string;
  image?: object;
}
interface VegaView {
  run(): VegaView;
  finalize(): void;
  scenegraph(): { root: SceneItem };
  padding(): { left: number; right: number; top: number; bottom: number };
  background(): string;
  loader(): object;
  _viewWidth: number;
  _viewHeight: number;
  _origin: [number, number];
}
interface Renderer {
  initialize(element: null, width: number, height: number, origin: number[], scale: number): Renderer;
  background(color: string): Renderer;
  render(root: SceneItem): Renderer;
  svg(): string;
}
interface TextItem {
  fontSize?: number;
  fontWeight?: string | number;
  limit?: number;
}
interface Vega {
  View: new (runtime: object, options: object) => VegaView;
  parse(spec: object): object;
  renderModule(name: string): { headless: new (loader: object) => Renderer };
  textMetrics: { width: (item: TextItem, text: unknown) => number };
}
interface VegaLite {
  compile(spec: object, options: object): { spec: object };
}

/** A drawing and its size in pixels. */
export interface Drawing {
  svg: string;
  width: number;
  height: number;
}

function isBold(weight: string | number | undefined): boolean {
  return weight === "bold" || weight === "bolder" || Number(weight) >= 600;
}

function measure(item: TextItem, text: unknown): number {
  const line = text === null || text === undefined ? "" : String(text).trim();
  const width = textWidth(line, item.fontSize ?? 11, isBold(item.fontWeight));
  return item.limit && item.limit > 0 ? Math.min(width, item.limit) : width;
}

let vega: Vega | undefined;
function loadVega(): Vega {
  if (!vega) {
    vega = require("vega") as Vega;
    vega.textMetrics.width = measure; // also where a canvas package happens to be installed
  }
  return vega;
}

/** Vega would load an image before drawing it; the address of ours already holds the bytes. */
function attachImages(item: SceneItem): void {
  if (item.url !== undefined)
    item.image = { src: item.url, url: item.url, width: 0, height: 0, complete: true };
  for (const child of item.items ?? []) attachImages(child);
}

/**
 * Draws a Vega-Lite specification.
 *
 * @param spec Vega-Lite v5 specification with inline data
 * @returns the SVG text and its size in pixels; the same text on every machine
 * @throws Error with Vega's own words when the specification is wrong, or when it asks for data by address
 */
export function drawSvg(spec: Spec): Drawing {
  checkSpec(spec);
  const { View, parse, renderModule } = loadVega();
  const problems: string[] = [];
  const said = (words: unknown[]) => words.map((w) => (w instanceof Error ? w.message : String(w))).join(" ");
  const quiet = () => logger;
  const logger = {
    level: quiet,
    error: (...words: unknown[]) => (problems.push(said(words)), logger),
    warn: (...words: unknown[]) => (console.warn(`chart: ${said(words)}`), logger),
    info: quiet,
    debug: quiet,
  };

  let view: VegaView | undefined;
  try {
    const { compile } = require("vega-lite") as VegaLite;
    const compiled = compile({ ...spec, config: { ...spec.config, font: fontFamily } }, { logger });
    view = new View(parse(compiled.spec), { renderer: "none", logger }).run();
    if (problems.length > 0) throw new Error(problems.join("; "));
    const { root } = view.scenegraph();
    attachImages(root);
    const { left, right, top, bottom } = view.padding();
    const width = Math.max(0, view._viewWidth + left + right);
    const height = Math.max(0, view._viewHeight + top + bottom);
    const origin = [view._origin[0] + left, view._origin[1] + top];
    const Headless = renderModule("svg").headless;
    const renderer = new Headless(view.loader()).initialize(null, width, height, origin, 1);
    const svg = renderer.background(view.background()).render(root).svg();
    return { svg, width, height };
  } catch (error) {
    throw new Error(`chart: ${(error as Error).message.slice(0, 500)}`, { cause: error });
  } finally {
    view?.finalize();
  }
}
