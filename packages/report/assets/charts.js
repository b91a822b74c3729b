// Draws the charts of a page over their pictures, in the page's own colours; again when these change.
(() => {
  "use strict";
  const darkScheme = matchMedia("(prefers-color-scheme: dark)");
  const property = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

  function merge(below, above) {
    const out = { ...below };
    for (const [key, value] of Object.entries(above ?? {})) {
      out[key] = isObject(value) && isObject(out[key]) ? merge(out[key], value) : value;
    }
    return out;
  }

  function themeConfig() {
    const [ink, muted, rule] = ["--ink", "--muted", "--rule"].map(property);
    const text = { labelColor: muted, titleColor: ink };
    return {
      background: "transparent",
      mark: { color: property("--accent") },
      font: property("--sans"),
      padding: 0,
      title: { color: ink, subtitleColor: muted },
      axis: { ...text, gridColor: rule, domainColor: muted, tickColor: muted },
      legend: text,
      header: text,
      view: { stroke: "transparent" },
    };
  }

  // Black ink and white paper written into a chart change places in the dark; data and colour scales stay.
  function invertGreys(value, key) {
    if (["data", "datasets", "range", "scheme"].includes(key)) return value;
    if (Array.isArray(value)) return value.map((item) => invertGreys(item, key));
    if (isObject(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, invertGreys(inner, name)]),
      );
    }
    if (!/^(color|fill|stroke|value|.*Color)$/.test(key) || typeof value !== "string") return value;
    if (value === "black") return property("--ink");
    if (value === "white") return property("--paper");
    const short = /^#([\da-f])\1\1$|^#([\da-f]{2})\2\2$/i.exec(value);
    if (!short) return value;
    const level = parseInt(short[1] ? short[1] + short[1] : short[2], 16);
    if (level < 0x70) return level < 0x48 ? property("--ink") : property("--muted");
    return level > 0xd8 ? (level > 0xf8 ? property("--paper") : property("--rule")) : value;
  }

  function themed(source, width) {
    let spec = { ...source };
    delete spec.background;
    if (darkScheme.matches) spec = invertGreys(spec, "");
    const theme = themeConfig();
    spec.config = merge(spec.config ?? {}, theme);
    const plain =
      typeof spec.width === "number" &&
      ("mark" in spec || "layer" in spec) &&
      !spec.encoding?.facet &&
      !spec.encoding?.row &&
      !spec.encoding?.column;
    if (width && plain) Object.assign(spec, { width, autosize: { type: "fit", contains: "padding" } });
    return spec;
  }

  async function draw(figure) {
    const live = figure.querySelector(".live");
    const source = JSON.parse(figure.querySelector(".spec").textContent);
    const options = {
      actions: { export: true, source: false, compiled: false, editor: false },
      downloadFileName: figure.id,
      mode: "vega-lite",
      renderer: "svg",
      tooltip: { theme: darkScheme.matches ? "dark" : "light" },
      loader: {
        load: () => Promise.reject(new Error("this page fetches nothing")),
        // Small pictures inside a chart stand in the page itself; every other address is refused.
        sanitize: (address) =>
          /^data:image\/png;base64,/.test(address)
            ? Promise.resolve({ href: address })
            : Promise.reject(new Error("this page fetches nothing")),
      },
    };
    const embed = (spec) => vegaEmbed(live, spec, options);
    figure.classList.add("drawn"); // shown before it is drawn, so that widths are known
    let result = await embed(themed(source));
    if (result.view.container().querySelector("svg").width.baseVal.value > live.clientWidth + 1) {
      result.finalize();
      result = await embed(themed(source, live.clientWidth));
    }
    const summary = live.querySelector("summary");
    if (summary) summary.setAttribute("aria-label", "Save this chart");
    const old = figure.finalizeChart;
    figure.finalizeChart = () => result.finalize();
    if (old) old();
  }

  async function drawAll() {
    const start = performance.now();
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

  let turn = drawAll();
  const redraw = () => (turn = turn.then(drawAll));
  darkScheme.addEventListener("change", redraw);
  let width = innerWidth;
  let waiting = 0;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (innerWidth === width) return;
      width = innerWidth;
      redraw();
    }, 200);
  });
})();
