// What a reader can take away of a figure: SVG, PNG, its data as CSV, its specification.
globalThis.figureFiles = (() => {
  "use strict";
  const isPicture = (value) => typeof value === "string" && /^data:image\//.test(value);

  // A figure's specification as the notebook made it: its pictures stand beside it, once.
  function specOf(figure) {
    const images = [...figure.querySelectorAll(".rasters img")].map((image) => image.getAttribute("src"));
    return JSON.parse(figure.querySelector(".spec").textContent, (_key, value) => {
      const match = typeof value === "string" && /^raster:(\d+)$/.exec(value);
      return match ? images[Number(match[1])] : value;
    });
  }

  // Each table of data of a specification once, however many layers share it.
  function tablesOf(spec) {
    const tables = new Map();
    const add = (rows) => {
      if (!Array.isArray(rows) || rows.length === 0) return;
      tables.set(
        JSON.stringify(rows),
        rows.map((row) => (row !== null && typeof row === "object" ? row : { data: row })),
      );
    };
    const walk = (value) => {
      if (value === null || typeof value !== "object") return;
      if (value.datasets) Object.values(value.datasets).forEach(add);
      if (value.data?.values) add(value.data.values);
      for (const [key, inner] of Object.entries(value))
        if (!/^(data|datasets|config)$/.test(key)) walk(inner);
    };
    walk(spec);
    return [...tables.values()];
  }

  function csvCell(value) {
    if (value === null || value === undefined) return "";
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  }

  // One table as RFC 4180 has it. Several tables stand below each other, told apart by a first column. The bytes of
  // pictures are left out.
  function csvOf(spec) {
    const tables = tablesOf(spec);
    const rows = tables.flatMap((table, i) =>
      tables.length > 1 ? table.map((row) => ({ table: i + 1, ...row })) : table,
    );
    const columns = [
      ...new Set(rows.flatMap((row) => Object.keys(row).filter((key) => !isPicture(row[key])))),
    ];
    const lines = [columns, ...rows.map((row) => columns.map((name) => row[name]))];
    return lines.map((line) => `${line.map(csvCell).join(",")}\r\n`).join("");
  }

  const loader = {
    load: () => Promise.reject(new Error("this page fetches nothing")),
    // Small pictures inside a chart stand in the page itself; every other address is refused.
    sanitize: (address) =>
      isPicture(address)
        ? Promise.resolve({ href: address })
        : Promise.reject(new Error("this page fetches nothing")),
  };

  // With `ast` expressions are interpreted: none becomes a program, whatever a specification says.
  const embed = (element, spec, renderer) =>
    vegaEmbed(element, spec, { actions: false, mode: "vega-lite", renderer, ast: true, loader });

  async function drawn(spec, draw) {
    await chartLibrary;
    const full = { ...spec, background: spec.background ?? "white" };
    const result = await embed(document.createElement("div"), full, "none");
    try {
      return await draw(result.view);
    } finally {
      result.finalize();
    }
  }

  const bytes = (address) =>
    Uint8Array.from(atob(address.slice(address.indexOf(",") + 1)), (c) => c.charCodeAt(0));

  // The notebook's own picture where the page has it, or drawn here at twice its size.
  async function png(figure, spec) {
    const address =
      figure.querySelector("img.still")?.getAttribute("src") ??
      (await drawn(spec, (view) => view.toImageURL("png", 2)));
    return bytes(address);
  }

  const kinds = [
    ["SVG", "svg", "image/svg+xml", (_figure, spec) => drawn(spec, (view) => view.toSVG())],
    ["PNG", "png", "image/png", png],
    ["CSV", "csv", "text/csv", (_figure, spec) => csvOf(spec)],
    ["Vega-Lite", "vl.json", "application/json", (_figure, spec) => `${JSON.stringify(spec, null, 2)}\n`],
  ];

  function save(name, type, content) {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  // The row of buttons under a figure.
  function offer(figure) {
    const box = document.createElement("p");
    box.className = "save";
    box.append("Save as ");
    for (const [label, ending, type, make] of kinds) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.title = `${figure.dataset.file}.${ending}`;
      button.addEventListener("click", async () => {
        save(button.title, type, await make(figure, specOf(figure)));
      });
      box.append(button);
    }
    figure.append(box);
  }

  return { embed, specOf, offer };
})();
