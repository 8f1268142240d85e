// Some of a past sale goes back: which lines, how many of each, and what is handed out.

import { h, icon, verb } from "./dom.js";
import { done } from "./history.js";
import { backVerb, payScreen } from "./means.js";
import { amountIn, gross, quantityText, quantityWords, thousandthsOf } from "./money.js";
import { perform } from "./queue.js";
import { remoteWait } from "./remote.js";
import { confirm, tell, write } from "./sheets.js";
import { paint, present } from "./stage.js";
import { state } from "./state.js";
import { said, t } from "./words.js";

const PIECE = 1000;

// `sale` as the node tells it now, with what is left of each line.
export async function refundSome(sale) {
  const lines = sale.lines.map((one, place) => ({ ...one, place, most: thousandthsOf(one.left), back: 0 })).filter((one) => one.most > 0);
  if (!lines.length) return void (await tell(t("refund.some"), t("refund.nothing"), "info"));
  const chosen = await present((close) => draw(sale, lines, close), "refund");
  if (!chosen) return;
  const reason = await write(t("refund.some"), { label: t("reason"), quick: t("undo.reasons").split("|"), name: "note-pencil" });
  if (!reason || !(await confirm(t("refund.title", { amount: amountIn(sumOf(lines), sale.currency) }), t("refund.some.text"), { yes: t("refund.yes"), no: t("undo.no") }))) return;
  const back = lines.filter((one) => one.back).map((one) => ({ line: one.place, quantity: quantityText(one.back) }));
  const outcome = await perform("refund", `/sales/${sale.id}/refund`, { lines: back, reason }, { about: { total: -sumOf(lines), currency: sale.currency } });
  await handedOut(outcome, -sumOf(lines), sale.currency);
}

const sumOf = (lines) => lines.reduce((sum, one) => sum + gross(one.back, one.unit_price || one.gross), 0);

function draw(sale, lines, close) {
  const sum = sumOf(lines);
  const some = lines.some((one) => one.back);
  return payScreen({
    title: t("refund.some"),
    amount: sum,
    currency: sale.currency,
    kind: "refund",
    inside: [h("p", { class: "hint" }, t("refund.hint")), h("ul", { class: "order-lines" }, lines.map((one) => lineRow(one, sale.currency)))],
    verbs: [
      backVerb(() => close(false), t("back")),
      verb(t("refund.all"), () => all(lines), { kind: "neutral", extra: "big", key: "all" }),
      verb(t("refund.yes"), () => some && close(true), { kind: "cancel", icon: "hand-coins", extra: "big", key: "go", off: !some }),
    ],
  });
}

function all(lines) {
  for (const one of lines) one.back = one.most;
  paint();
}

// Pieces one by one; what was weighed, a tip, money on a Pass: whole or not at all.
function lineRow(one, currency) {
  const name = one.label || t(`sort.${one.sort}`);
  const isWhole = !["product", "deposit", "unit"].includes(one.sort) || one.most % PIECE !== 0;
  const step = isWhole ? one.most : PIECE;
  const by = (change) => () => {
    one.back = Math.min(one.most, Math.max(0, one.back + change));
    paint();
  };
  const words = t("refund.of", { n: quantityWords(one.most) });
  return h(
    "li",
    null,
    h("div", null, h("b", null, name), h("span", null, h("b", null, amountIn(gross(one.back, one.unit_price || one.gross), currency)), ` · ${words}`)),
    h(
      "div",
      { class: "stepper" },
      h("button", { type: "button", onclick: by(-step), "aria-label": t("order.less", { name }), key: `less ${one.place}` }, icon("b-minus", 24)),
      h("span", { role: "status" }, quantityWords(one.back)),
      h("button", { type: "button", onclick: by(step), "aria-label": t("order.plus", { name }), key: `plus ${one.place}` }, icon("b-plus", 24)),
    ),
  );
}

// What became of money that goes back; a neighbour may have to answer first.
export async function handedOut(outcome, total, currency = null) {
  let note = outcome.answer?.sale;
  if (outcome.status === 202) {
    const host = outcome.answer.waits_for;
    note = await remoteWait({ id: note.id, kind: "void", host, at: new Date().toISOString(), about: { total }, lines: null });
    if (note === "left" || note.state === "failed") return false;
  }
  if (outcome.state === "refused") {
    await tell(t("refused"), said(`refused.${outcome.problem.name}`, outcome.problem.detail), "warning-circle");
    return false;
  }
  state.lastSale = null;
  await done({ state: outcome.state }, note ? [t("credit.done", { number: note.number, amount: amountIn(-note.total, currency) }), wordsOf(note)].join(" ") : t("undone", { total: amountIn(-total, currency) }));
  return true;
}

// Cash is handed out now; a Pass has its money again; the rest goes the way it came.
function wordsOf(note) {
  const sum = (means) => note.payments.filter((one) => means.includes(one.means)).reduce((total, one) => total - one.amount, 0);
  const told = [["undo.cash", sum(["cash"])], ["refund.pass", sum(["pass"])], ["refund.other", sum(["card_terminal", "cheque", "bank_transfer"])]];
  return told.filter(([, amount]) => amount > 0).map(([name, amount]) => t(name, { amount: amountIn(amount, note.currency) })).join(" ");
}
