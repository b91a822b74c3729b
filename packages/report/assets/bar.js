// The bar on top: light, dark or as the system has it, kept for the next page; and the menu, which folds by itself.
(() => {
  "use strict";
  const root = document.documentElement;
  const choices = ["auto", "light", "dark"];
  let chosen = "auto";
  try {
    chosen = localStorage.getItem("relu-lab-colours") ?? chosen;
  } catch {
    // a browser that keeps nothing: automatic then
  }
  const apply = () => {
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
    else delete root.dataset.theme;
  };
  apply();
  addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("button.theme");
    const tell = () => {
      button.textContent = chosen === "auto" ? "Auto" : chosen === "light" ? "Light" : "Dark";
      button.setAttribute("aria-label", `Colours: ${chosen}`);
    };
    tell();
    button.hidden = false;
    button.addEventListener("click", () => {
      chosen = choices[(choices.indexOf(chosen) + 1) % choices.length];
      try {
        localStorage.setItem("relu-lab-colours", chosen);
      } catch {
        // then it holds for this page
      }
      apply();
      tell();
    });
    const menu = document.querySelector("details.menu");
    addEventListener("click", (event) => {
      if (menu?.open && !menu.contains(event.target)) menu.open = false;
    });
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu?.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
})();
