// What is wider than the screen scrolls by itself: then it can be reached with the keyboard too, and only then.
(() => {
  "use strict";
  const boxes = document.querySelectorAll(".html.scroll, .prose .scroll, .formula");
  const update = () => {
    for (const box of boxes) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  update();
  document.fonts.ready.then(update); // formulas get their width from their fonts
  addEventListener("resize", update);
})();
