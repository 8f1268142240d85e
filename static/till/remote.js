// Sales that wait for a neighbour's answer, left on purpose: found again under what is kept, ended by themselves.

import { Cut, Refused, ask } from "./api.js";
import { bringBack } from "./basket.js";
import { h, icon } from "./dom.js";
import { line } from "./line.js";
import { backVerb, payScreen } from "./means.js";
import { euros } from "./money.js";
import { tell } from "./sheets.js";
import { isBase, paint, present } from "./stage.js";
import { state } from "./state.js";
import { keep, kept } from "./store.js";
import { t } from "./words.js";

const POLL = 1000;
let waits = [];

export const awaited = () => waits;

export async function restoreWaits() {
  waits = (await kept("remote")) ?? [];
}

async function keepWaits(now) {
  waits = now;
  await keep("remote", waits);
}

// Ask until the neighbour's node has answered. Resolves with the sale, or "left": then it goes on by itself.
export async function remoteWait(wait) {
  await keepWaits([...waits.filter((one) => one.id !== wait.id), wait]);
  let isOpen = true;
  let found = null;
  const screen = present((close) => {
    found = close;
    return draw(wait, close);
  }, "remote").finally(() => (isOpen = false));
  poll(wait.id, () => isOpen, (sale) => found(sale));
  const sale = await screen;
  if (sale === "left") {
    state.notice = t("remote.left", { amount: euros(Math.abs(wait.about.total)), host: wait.host });
    return sale;
  }
  await forgetWait(wait.id);
  if (sale.state === "failed") await tell(t(wait.kind === "void" ? "remote.failed.back" : "remote.failed"), sale.words || t("remote.failed.text"), "x-circle");
  return sale;
}

// The node was reached in the background and waits itself: its end is told as that of a sale that was left.
export const waitLater = ({ answer, kind, at, about }) =>
  keepWaits([...waits, { id: answer.sale.id, kind: kind === "sale" ? kind : "void", host: answer.waits_for, at, about, lines: about?.lines ?? null }]);

const forgetWait = (id) => keepWaits(waits.filter((one) => one.id !== id));

function draw(wait, close) {
  return payScreen({
    title: t("remote.title", { host: wait.host }),
    amount: Math.abs(wait.about.total),
    kind: "steps remote",
    inside: [
      icon("hourglass", 96),
      h("p", { class: "lead", role: "status" }, line.isCut ? t("unknown.text") : t("remote.text")),
      h("p", { class: "hint" }, t(wait.kind === "void" ? "remote.leave.back" : "remote.leave")),
    ],
    verbs: backVerb(() => close("left"), t("unknown.go")),
  });
}

// Found again: the same screen; its end is told as it would have been in the background.
export async function waitAgain(wait) {
  const sale = await remoteWait(wait);
  if (sale !== "left") await told(wait, sale);
}

async function poll(id, isWanted, tellSale) {
  while (isWanted()) {
    await new Promise((resolve) => setTimeout(resolve, POLL));
    const sale = await answerOf(id);
    if (sale) return isWanted() && tellSale(sale);
  }
  return undefined;
}

// The sale once it is paid or failed; null while nobody knows.
async function answerOf(id) {
  try {
    const { value } = await ask("GET", `/sales/${id}`);
    const sale = { ...value.sale, words: value.words };
    return sale.state === "waiting" ? null : sale;
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return { state: "failed" };
    if (error instanceof Cut || error instanceof Refused) return null;
    throw error;
  }
}

// Every few seconds, for those that were left: what became of them is said on the selling screen.
export async function lookAtWaits() {
  for (const wait of isBase() ? [...waits] : []) {
    const sale = await answerOf(wait.id);
    if (!sale || !waits.some((one) => one.id === wait.id)) continue;
    await forgetWait(wait.id);
    await told(wait, sale);
  }
}

async function told(wait, sale) {
  const amount = euros(Math.abs(wait.about.total));
  const isBack = wait.kind === "void";
  const isFailed = sale.state === "failed";
  if (isFailed && wait.lines && !state.basket.length) bringBack(wait.lines);
  if (isBack) state.notice = isFailed ? [t("remote.failed.back"), sale.words].join(" ") : t("undone", { total: amount });
  else state.notice = isFailed ? t("remote.notice.failed", { amount, words: sale.words || "" }) : t("remote.notice.paid", { amount, number: sale.number });
  paint();
}
