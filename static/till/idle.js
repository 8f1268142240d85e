// A till that nobody touches asks who sells, after a while. Not without a line: a PIN could not be checked then.

import { line } from "./line.js";
import { leaveOperator } from "./operator.js";
import { isBase } from "./stage.js";
import { state } from "./state.js";
import { keep, kept } from "./store.js";

export const MINUTES = [0, 5, 15, 60];
const USUAL = 15;
let minutes = USUAL;
let touched = Date.now();

export const lockAfter = () => minutes;

export async function watchTouches() {
  minutes = (await kept("lock")) ?? USUAL;
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => (touched = Date.now()), true);
}

export async function chooseLock(wanted) {
  minutes = wanted;
  await keep("lock", wanted);
}

// Whether the operator was let go: the order stays where it is.
export async function lockWhenIdle(now = Date.now()) {
  const isLong = minutes && now - touched > minutes * 60_000;
  const isFree = state.operator && isBase() && !document.querySelector("dialog[open]") && line.state === "connected";
  if (!isLong || !isFree) return false;
  await leaveOperator();
  return true;
}
