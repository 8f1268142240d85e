// Evening colours after seven in the evening, or as chosen here.

import { clockOf } from "./money.js";

const FIRST = 19;
const LAST = 7;

export const themeChoice = () => localStorage.getItem("theme") ?? "auto";

export function chooseTheme(choice) {
  localStorage.setItem("theme", choice);
  dress();
}

export function dress(now = new Date()) {
  const { hour } = clockOf(now);
  const isEvening = hour >= FIRST || hour < LAST;
  const choice = themeChoice();
  const theme = choice === "auto" ? (isEvening ? "evening" : "day") : choice;
  document.documentElement.dataset.theme = theme;
}
