// The charts' library stands in the page compressed, a third of its size: unpacked once, before the first chart.
globalThis.chartLibrary = (async () => {
  "use strict";
  const packed = document.getElementById("chart-library").textContent;
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  const text = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  (0, eval)(await text); // as a script of its own would run; vega itself needs the right to do so
})();
