// What is on screen: a base, and views stacked over it. Painting again keeps the focus, the scroll, the text.

import { h } from "./dom.js";

const views = [];
let base = () => h("main");
let frame = (content) => content;
let shown = null;
let isPressed = false;
let isLate = false;

export function setBase(draw) {
  base = draw;
  paint();
}

export const setFrame = (dress) => (frame = dress);
export const isBase = () => views.length === 0;

// Show a view over the others; resolves with what it is closed with. `draw(close)` makes its elements.
export function present(draw, name = "") {
  return new Promise((resolve) => {
    const view = { name };
    const opener = document.activeElement?.closest("#till [data-key]")?.dataset.key;
    const close = (value) => {
      const place = views.indexOf(view);
      if (place < 0) return;
      views.splice(place, 1);
      paint();
      if (opener && !document.activeElement?.closest("[data-key]")) keyed(opener)?.focus({ preventScroll: true });
      resolve(value);
    };
    view.draw = () => draw(close);
    view.close = close;
    views.push(view);
    paint();
  });
}

export function paint() {
  if (isPressed) {
    // A press that has begun ends on the button it began on.
    isLate = true;
    return;
  }
  isLate = false;
  const root = document.getElementById("till");
  const view = views.at(-1);
  const isNew = shown !== (view ?? base);
  const memory = isNew ? null : remember(root);
  root.replaceChildren(frame((view?.draw ?? base)(), Boolean(view)));
  shown = view ?? base;
  if (memory) recall(root, memory);
  else focusFirst(root);
}

function remember(root) {
  return {
    key: root.contains(document.activeElement) ? document.activeElement.closest("[data-key]")?.dataset.key : null,
    scrolls: [...root.querySelectorAll("[data-scroll]")].map((one) => [one.dataset.scroll, one.scrollTop, one.scrollLeft]),
    texts: [...root.querySelectorAll("input[data-key]")].map((one) => [one.dataset.key, one.value]),
  };
}

const keyed = (name) => document.querySelector(`#till [data-key="${CSS.escape(name)}"]`);

function recall(root, { key, scrolls, texts }) {
  for (const [name, top, left] of scrolls) {
    root.querySelector(`[data-scroll="${name}"]`)?.scrollTo(left, top);
  }
  for (const [name, value] of texts) if (keyed(name)) keyed(name).value = value;
  if (key) keyed(key)?.focus({ preventScroll: true });
}

function focusFirst(root) {
  (root.querySelector("[data-first]") ?? root.querySelector("h1"))?.focus({ preventScroll: true });
}

export function watchPresses() {
  addEventListener("pointerdown", () => (isPressed = true), true);
  // What a click does is painted at once; a press that makes no click is let go just after.
  addEventListener("click", () => (isPressed = false), true);
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(release), true);
  addEventListener("blur", release);
  addEventListener("keydown", (event) => {
    const back = event.key === "Escape" && !document.querySelector("dialog[open]");
    if (back) document.querySelector("#till [data-back]")?.click();
  });
}

function release() {
  isPressed = false;
  if (isLate) paint();
}
