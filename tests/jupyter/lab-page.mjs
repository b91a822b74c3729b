/* global document, getComputedStyle, window */
// What JupyterLab shows of a notebook, made of its own parts; bundled for a page by lab-bundle.ts.
import "@jupyterlab/notebook/style/index.js";
import "@jupyterlab/vega5-extension/style/index.js";
import {
  CodeMirrorEditorFactory,
  CodeMirrorMimeTypeService,
  EditorExtensionRegistry,
  EditorLanguageRegistry,
  EditorThemeRegistry,
  ybinding,
} from "@jupyterlab/codemirror";
import { createMarkdownParser } from "@jupyterlab/markedparser-extension";
import { NotebookModel, StaticNotebook } from "@jupyterlab/notebook";
import { OutputArea, OutputAreaModel } from "@jupyterlab/outputarea";
import { RenderMimeRegistry, standardRendererFactories } from "@jupyterlab/rendermime";
import vega from "@jupyterlab/vega5-extension";
import { Widget } from "@lumino/widgets";

const languages = new EditorLanguageRegistry();
for (const language of EditorLanguageRegistry.getDefaultLanguages()) languages.addLanguage(language);

function extensions() {
  const themes = new EditorThemeRegistry();
  for (const theme of EditorThemeRegistry.getDefaultThemes()) themes.addTheme(theme);
  const registry = new EditorExtensionRegistry();
  for (const one of EditorExtensionRegistry.getDefaultExtensions({ themes })) registry.addExtension(one);
  registry.addExtension({
    name: "shared-model",
    factory: ({ model }) =>
      EditorExtensionRegistry.createImmutableExtension(
        ybinding({
          ytext: model.sharedModel.ysource,
          undoManager: model.sharedModel.undoManager ?? undefined,
        }),
      ),
  });
  return registry;
}

const rendermime = new RenderMimeRegistry({
  initialFactories: standardRendererFactories,
  markdownParser: createMarkdownParser(languages),
});
rendermime.addFactory(vega.rendererFactory, vega.rank);

const widgets = [];
function show(widget) {
  for (const old of widgets.splice(0)) old.dispose();
  Widget.attach(widget, document.body);
  widgets.push(widget);
}

const vegaLite = "application/vnd.vegalite.v5+json";

/** Relative luminance of a colour (WCAG 2.2). */
function luminance(colour) {
  const [red, green, blue] = (colour.match(/[\d.]+/g) ?? ["0", "0", "0"]).map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

window.lab = {
  /** The words on the axes, legends and titles of a notebook's charts that stand out too little from their ground. */
  async faintTexts(content) {
    const outputs = content.cells
      .flatMap((cell) => cell.outputs ?? [])
      .filter((output) => output.data?.[vegaLite]);
    // As SVG, so that each text's colour can be read.
    for (const output of outputs) output.metadata = { [vegaLite]: { embed_options: { renderer: "svg" } } };
    this.notebook(content);
    for (
      let i = 0;
      i < 100 && document.querySelectorAll(".jp-RenderedVegaLite svg.marks").length < outputs.length;
      i++
    )
      await new Promise((done) => setTimeout(done, 100));
    const drawn = [...document.querySelectorAll(".jp-RenderedVegaLite svg.marks")];
    if (drawn.length < outputs.length) return [{ missing: outputs.length - drawn.length }];
    return drawn.flatMap((svg) => {
      const ground = getComputedStyle(svg).backgroundColor;
      return [
        ...svg.querySelectorAll(".role-axis text, .role-legend text, .role-title text, .role-row-title text"),
      ]
        .filter((text) => text.textContent && Number(getComputedStyle(text).opacity) > 0)
        .map((text) => ({ text: text.textContent, fill: getComputedStyle(text).fill, ground }))
        .filter(({ fill }) => {
          const [dark, light] = [luminance(fill), luminance(ground)].sort((p, q) => p - q);
          return (light + 0.05) / (dark + 0.05) < 4.5;
        });
    });
  },
  /** Shows a notebook with its outputs; trusted as after a run, or not, as when it is opened for the first time. */
  notebook(content, trusted = true) {
    const { newInlineEditor: editorFactory } = new CodeMirrorEditorFactory({
      extensions: extensions(),
      languages,
    });
    const notebook = new StaticNotebook({
      rendermime,
      contentFactory: new StaticNotebook.ContentFactory({ editorFactory }),
      mimeTypeService: new CodeMirrorMimeTypeService(languages),
      notebookConfig: { ...StaticNotebook.defaultNotebookConfig, windowingMode: "none" },
    });
    const model = new NotebookModel();
    model.fromJSON(content);
    for (const cell of model.cells) cell.trusted = trusted;
    notebook.model = model;
    show(notebook);
    for (const cell of notebook.widgets) if (cell.model.type === "markdown") cell.rendered = true;
  },
  /** Hands a cell's messages to an output area; gives how many outputs it had after each, and what it shows at the end. */
  async outputs(messages) {
    const area = new OutputArea({ model: new OutputAreaModel({ trusted: true }), rendermime });
    show(area);
    const future = { msg: { header: { msg_id: "1" } }, done: Promise.resolve(), dispose() {} };
    area.future = future;
    const counts = [];
    for (const message of messages) {
      await future.onIOPub(message);
      counts.push(area.model.length);
    }
    await new Promise((done) => setTimeout(done, 200));
    return { counts, text: area.node.innerText };
  },
};
