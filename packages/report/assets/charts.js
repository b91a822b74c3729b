// Draws the charts of a page in place of their pictures, in the page's own colours.
(() => {
  "use strict";
  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

  function merge(below, above) {
    const out = { ...below };
    for (const [key, value] of Object.entries(above ?? {})) {
      out[key] = isObject(value) && isObject(out[key]) ? merge(out[key], value) : value;
    }
    return out;
  }

  // Below this width, in CSS pixels, there is no room beside a plot.
  const phone = 480;

  // Colours by name: a drawing follows the page into the dark, and onto paper, without being drawn again.
  const [ink, muted, rule, paper] = ["--ink", "--muted", "--rule", "--paper"].map((name) => `var(${name})`);
  const text = { labelColor: muted, titleColor: ink };
  const theme = {
    background: "transparent",
    mark: { color: "var(--accent)" },
    font: getComputedStyle(document.documentElement).getPropertyValue("--sans").trim(),
    padding: 0,
    title: { color: ink, subtitleColor: muted },
    axis: { ...text, gridColor: rule, domainColor: muted, tickColor: muted },
    legend: text,
    header: text,
    view: { stroke: "transparent" },
  };

  // What black ink, white paper and the greys between them are in the dark.
  function inTheDark(colour) {
    if (colour === "black") return ink;
    if (colour === "white") return paper;
    const short = /^#([\da-f])\1\1$|^#([\da-f]{2})\2\2$/i.exec(colour);
    if (!short) return null;
    const level = parseInt(short[1] ? short[1] + short[1] : short[2], 16);
    if (level < 0x70) return level < 0x48 ? ink : muted;
    return level > 0xd8 ? (level > 0xf8 ? paper : rule) : null;
  }

  // Greys written into a chart change places in the dark; data and colour scales stay.
  function adaptGreys(value, key) {
    if (["data", "datasets", "range", "scheme"].includes(key)) return value;
    if (Array.isArray(value)) return value.map((item) => adaptGreys(item, key));
    if (isObject(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, adaptGreys(inner, name)]),
      );
    }
    if (!/^(color|fill|stroke|value|.*Color)$/.test(key) || typeof value !== "string") return value;
    const dark = inTheDark(value);
    return dark ? `light-dark(${value}, ${dark})` : value;
  }

  // On a phone the legend goes below, and panels stand one above the other.
  function narrowed(spec) {
    const { hconcat, ...rest } = spec;
    const stacked = hconcat ? { ...rest, vconcat: hconcat } : rest;
    if (stacked.columns > 1) stacked.columns = 1;
    if (stacked.encoding?.facet?.columns > 1) {
      stacked.encoding = { ...stacked.encoding, facet: { ...stacked.encoding.facet, columns: 1 } };
    }
    const legend = {
      orient: "bottom",
      columns: 1,
      symbolDirection: "vertical",
      gradientDirection: "horizontal",
      gradientLength: 180,
      labelOverlap: "greedy",
    };
    const axis = { labelSeparation: 6 }; // numbers do not touch
    return { ...stacked, config: merge(stacked.config ?? {}, { legend, axis }) };
  }

  // A chart of pictures keeps its size, as they do, and is scaled as a whole.
  function themed(source, width, rigid) {
    const spec = adaptGreys(width < phone ? narrowed(source) : source, "");
    delete spec.background;
    delete spec.title; // the caption says it
    delete spec.description; // the figure itself carries it
    spec.config = merge(spec.config ?? {}, theme);
    const plain =
      typeof spec.width === "number" &&
      ("mark" in spec || "layer" in spec) &&
      !spec.encoding?.facet &&
      !spec.encoding?.row &&
      !spec.encoding?.column;
    if (width && plain && !rigid)
      // Only the width is fitted: legends below a plot and long labels would leave little of its height.
      Object.assign(spec, { width, autosize: { type: "fit-x", contains: "padding" } });
    return spec;
  }

  async function draw(figure) {
    const live = figure.querySelector(".live");
    const source = figureFiles.specOf(figure);
    const embed = (spec) => figureFiles.embed(live, spec, "svg");
    figure.classList.add("drawn"); // shown before it is drawn, so that widths are known
    let result = await embed(themed(source));
    if (result.view.container().querySelector("svg").width.baseVal.value > live.clientWidth + 1) {
      result.finalize();
      result = await embed(themed(source, live.clientWidth, figure.querySelector(".rasters") !== null));
    }
    figure.finalizeChart?.();
    figure.finalizeChart = () => result.finalize();
  }

  async function drawAll() {
    const start = performance.now();
    try {
      await chartLibrary;
    } catch (error) {
      console.error(`the charts' library cannot be unpacked: ${error.message}`); // then the pictures stand
      return;
    }
    for (const figure of document.querySelectorAll("figure.chart")) {
      try {
        await draw(figure);
      } catch (error) {
        figure.classList.remove("drawn"); // its picture stands
        console.error(`${figure.id}: ${error.message}`);
      }
    }
    document.documentElement.dataset.charts = String(Math.round(performance.now() - start));
  }

  document.querySelectorAll("figure.chart").forEach(figureFiles.offer);
  let turn = drawAll();
  let width = innerWidth;
  let waiting = 0;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (innerWidth === width || matchMedia("print").matches) return;
      width = innerWidth;
      turn = turn.then(drawAll);
    }, 200);
  });
})();
