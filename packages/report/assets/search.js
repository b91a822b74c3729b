// Searches all sections in the page's own index: words by their beginnings, slightly misspelt ones too.
(() => {
  "use strict";
  const dialog = document.querySelector("dialog.search");
  const button = document.querySelector("button.open-search");
  const field = dialog.querySelector("input");
  const list = dialog.querySelector(".results");
  const status = dialog.querySelector(".found");
  const most = 20;
  let search;

  async function engine() {
    const entries = JSON.parse(await unpacked("search-index"));
    const mini = new MiniSearch({
      fields: ["title", "text", "code", "section"],
      searchOptions: {
        boost: { title: 4, text: 2, section: 1, code: 0.5 },
        prefix: true,
        fuzzy: (word) => (word.length > 4 ? 0.2 : false),
        combineWith: "AND",
      },
    });
    mini.addAll(entries.map((entry, id) => ({ ...entry, id })));
    return (words) => mini.search(words).map(({ id, terms }) => ({ ...entries[id], terms }));
  }

  // Some words around the first place that was found, the found words marked.
  function snippet(text, terms) {
    const paragraph = document.createElement("p");
    if (!text) return paragraph;
    const escaped = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const pattern = new RegExp(`(${escaped.join("|")})`, "gi");
    const first = Math.max(0, text.search(pattern));
    const start = first < 60 ? 0 : text.indexOf(" ", first - 60) + 1;
    const shown = `${start ? "… " : ""}${text.slice(start, start + 180)}${start + 180 < text.length ? " …" : ""}`;
    for (const [i, part] of shown.split(pattern).entries()) {
      const node = i % 2 ? document.createElement("mark") : document.createTextNode(part);
      if (i % 2) node.textContent = part;
      paragraph.append(node);
    }
    return paragraph;
  }

  function item({ href, section, title, text, terms }) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = title;
    const where = document.createElement("span");
    where.className = "where";
    where.textContent = title === section ? "" : section;
    const element = document.createElement("li");
    element.append(link, " ", where, snippet(text.trim(), terms));
    return element;
  }

  let ready;
  const prepare = () =>
    (ready ??= engine().then((made) => {
      search = made;
      dialog.dataset.ready = "";
      update();
    }));

  function update() {
    if (!search) return; // it will be called again as soon as the index is unpacked
    const words = field.value.trim();
    const found = words ? search(words) : [];
    const shown = found.slice(0, most);
    const more = found.length > most ? `, the best ${most} of them below` : "";
    status.textContent = !words
      ? ""
      : found.length
        ? `${found.length} ${found.length === 1 ? "place" : "places"}${more}`
        : "Nothing was found.";
    list.replaceChildren(...shown.map(item));
  }

  function open() {
    dialog.showModal();
    field.select();
    prepare();
  }

  button.hidden = false;
  button.addEventListener("click", open);
  field.addEventListener("input", update);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault(); // the form would close at Enter, the field empty itself at Escape
    if (event.key === "Escape") dialog.close();
    else list.querySelector("a")?.click();
  });
  dialog.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") (links[at + 1] ?? links[at])?.focus();
    else if (event.key === "ArrowUp") (links[at - 1] ?? field).focus();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => {
    // Outside of the box, or on a result, which may stand on this very page.
    if (event.target === dialog || event.target.closest(".results a")) dialog.close();
  });
  addEventListener("keydown", (event) => {
    const typing = /^(?:input|textarea|select)$/i.test(event.target.tagName ?? "");
    if (event.key !== "/" || typing || dialog.open || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    open();
  });
})();
