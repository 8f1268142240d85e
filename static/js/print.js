// A button that prints the page; the browser's own menu does the same without it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
  if (button.dataset.print === "now") {
    window.print();
  }
}
