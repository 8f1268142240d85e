// The till's sentences, in the device's language or the one chosen here.

import en from "./words-en.js";
import fr from "./words-fr.js";

const ALL = { en, fr };
let chosen = null;

export function language() {
  chosen ??= localStorage.getItem("language") ?? (navigator.language.startsWith("fr") ? "fr" : "en");
  return chosen in ALL ? chosen : "en";
}

export function speak(wanted) {
  chosen = wanted;
  localStorage.setItem("language", wanted);
  document.documentElement.lang = wanted;
}

// A sentence by its name; {holes} are filled from `values`; two forms are chosen by values.n.
export function t(name, values = {}) {
  let text = ALL[language()][name] ?? name;
  if (Array.isArray(text)) {
    const isOne = language() === "fr" ? values.n < 2 : values.n === 1;
    text = text[isOne ? 0 : 1];
  }
  return text.replace(/\{(\w+)\}/g, (hole, key) => values[key] ?? hole);
}

// The sentence of a name that the server may give, or the server's own.
export function said(name, fallback) {
  return name in ALL[language()] ? t(name) : fallback;
}
