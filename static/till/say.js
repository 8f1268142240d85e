// What changed, for whoever listens to the screen: one region that stays while screens are drawn anew.

import { h } from "./dom.js";

const LATER = 60;
let region = null;

export function say(words) {
  if (!region) document.body.append((region = h("div", { class: "unseen", role: "status" })));
  region.textContent = "";
  // Said after the focus has moved: a screen reader would otherwise speak over it.
  setTimeout(() => (region.textContent = words), LATER);
}
