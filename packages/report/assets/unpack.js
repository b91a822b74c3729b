// Long texts stand in the page compressed, a third of their size. The charts' library is unpacked once, before the first
// chart; the search's index when the search is opened.
globalThis.unpacked = (id) => {
  "use strict";
  const packed = document.getElementById(id).textContent;
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
};
globalThis.chartLibrary = (async () => {
  "use strict";
  if (!document.getElementById("chart-library")) return;
  const script = document.createElement("script"); // which the page's policy knows by its digest
  script.textContent = await unpacked("chart-library");
  document.head.append(script);
  script.remove();
})();
