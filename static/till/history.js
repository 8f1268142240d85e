// The last sales of this till: look, take back, say that it was paid otherwise, give a receipt.

import { ask } from "./api.js";
import { h, icon, verb } from "./dom.js";
import { backVerb, payScreen } from "./means.js";
import { amountIn, euros, hour } from "./money.js";
import { perform } from "./queue.js";
import { receipt, saleRows } from "./receipt.js";
import { handedOut, refundSome } from "./refund.js";
import { choose, confirm, sheet, tell, write } from "./sheets.js";
import { present } from "./stage.js";
import { may, state } from "./state.js";
import { said, t } from "./words.js";

const SHOWN = 30;
const OUTSIDE = ["cash", "card_terminal", "cheque", "bank_transfer"];

export async function lastSales() {
  for (;;) {
    const sales = await load();
    if (!sales) return;
    const sale = await present((close) => draw(sales, close), "history");
    if (!sale) return;
    await look(sale);
  }
}

async function load() {
  try {
    const { value } = await ask("GET", `/sales?limit=${SHOWN}`);
    return value.items;
  } catch (error) {
    await tell(t("history"), error.problem ? error.message : t("not_now.history"), "wifi-slash");
    return null;
  }
}

function draw(sales, close) {
  const row = (sale) =>
    h(
      "li",
      null,
      h(
        "button",
        { type: "button", class: "sale-row", onclick: () => close(sale), key: `sale ${sale.id}` },
        h("b", null, t("history.sale", { number: sale.number, hour: hour(new Date(sale.at)) })),
        h("span", null, [words(sale), means(sale)].filter(Boolean).join(" · ")),
        h("b", { class: "amount" }, amountIn(sale.total, sale.currency)),
      ),
    );
  return payScreen({
    title: t("history.title"),
    kind: "history",
    inside: sales.length ? h("ul", { class: "sales" }, sales.map(row)) : h("p", { class: "lead" }, t("history.empty")),
    verbs: backVerb(() => close(null), t("back")),
  });
}

// What is left of each line; as it was listed when the node does not answer.
async function fresh(sale) {
  try {
    return (await ask("GET", `/sales/${sale.id}`)).value.sale;
  } catch {
    return sale;
  }
}

const means = (sale) => [...new Set((sale.payments ?? []).map((one) => t(`means.${one.means}`)))].join(", ");

function words(sale) {
  if (sale.kind === "credit_note" || sale.total < 0) return t("history.credit_note");
  if (sale.taken_back_by) return t("history.undone");
  return sale.credit_notes?.length ? t("history.partly") : "";
}

async function look(known) {
  const sale = await fresh(known);
  const isOpen = sale.kind !== "credit_note" && sale.total > 0 && !sale.taken_back_by;
  const outside = (sale.payments ?? []).every((one) => OUTSIDE.includes(one.means));
  const act = await sheet(
    t("history.sale", { number: sale.number, hour: hour(new Date(sale.at)) }),
    (close) => [
      h("div", { class: "receipt", "data-scroll": "receipt" }, words(sale) ? h("p", null, icon("info", 24), " ", words(sale)) : null, saleRows(sale)),
      h(
        "div",
        { class: "choices" },
        verb(t("receipt.give"), () => close("receipt"), { kind: "neutral", icon: "b-printer" }),
        isOpen && outside && may("void") ? verb(t("correct"), () => close("correct"), { kind: "neutral", icon: "b-pencil-simple" }) : null,
        isOpen && may("void") ? verb(t("refund.some"), () => close("refund"), { kind: "neutral", icon: "hand-coins" }) : null,
        isOpen && may("void") ? verb(t("undo"), () => close("void"), { kind: "cancel", icon: "b-arrow-counter-clockwise" }) : null,
      ),
      h("div", { class: "verbs" }, verb(t("back"), () => close(null), { kind: "neutral", icon: "b-x" })),
    ],
    { name: "receipt" },
  );
  if (act === "receipt") await receipt({ id: sale.id, sale });
  if (act === "refund") await refundSome(sale);
  if (act === "void") await takeBack(sale);
  if (act === "correct") await correct(sale);
}

async function takeBack(sale) {
  const reason = await write(t("undo.why"), { label: t("reason"), quick: t("undo.reasons").split("|"), name: "note-pencil" });
  if (!reason) return;
  const text = t("undo.text", { amount: amountIn(sale.total, sale.currency) });
  if (!(await confirm(t("undo.title"), text, { yes: t("undo"), no: t("undo.no") }))) return;
  await handedOut(await perform("void", `/sales/${sale.id}/void`, { reason }, { about: { total: -sale.total, currency: sale.currency } }), -sale.total, sale.currency);
}

async function correct(sale) {
  const choices = OUTSIDE.map((name) => ({ word: t(`means.${name}`), value: name, extra: "big" }));
  const name = await choose(t("correct.how", { amount: euros(sale.total) }), choices, "money");
  const reason = name && (await write(t("correct"), { label: t("reason"), quick: t("correct.reasons").split("|"), name: "note-pencil" }));
  if (!reason) return;
  const payments = [{ means: name, amount: sale.total }];
  await done(await perform("correction", `/sales/${sale.id}/correction`, { payments, reason }, { about: { total: 0 } }), t("corrected", { means: t(`means.${name}`) }));
}

// What became of a manager's act, said once.
export async function done(outcome, words) {
  if (outcome.state === "refused") return void (await tell(t("refused"), said(`refused.${outcome.problem.name}`, outcome.problem.detail), "warning-circle"));
  const text = outcome.state === "waiting" ? `${words} ${t("paid.waits")}` : words;
  state.notice = "";
  return void (await tell(t("done"), text, "check-circle"));
}
