// "It is paid": what each means paid and what remains; undo until the next sale. And what is not known yet.

import { h, icon, verb } from "./dom.js";
import { backVerb, payScreen } from "./means.js";
import { amountIn, day, euros, hour, inUnit } from "./money.js";
import { assetIcon, figure } from "./order.js";
import { say } from "./say.js";
import { perform, watchFor } from "./queue.js";
import { receipt } from "./receipt.js";
import { handedOut } from "./refund.js";
import { confirm } from "./sheets.js";
import { paint, present } from "./stage.js";
import { state } from "./state.js";
import { statusPill } from "./status.js";
import { sound } from "./tap.js";
import { t } from "./words.js";

// `sale` is the node's answer, or null while the sale waits in this till.
export async function paidScreen(plan, sale) {
  sound("yes");
  const cashed = plan.payments.find((one) => one.means === "cash" && one.given > one.amount);
  const done = { id: sale?.id ?? plan.saleId, total: plan.total, currency: plan.currency, sale, change: cashed ? cashed.given - cashed.amount : 0, payments: plan.payments, at: new Date() };
  state.lastSale = done;
  say([t("paid"), amountIn(done.total, done.currency), done.change ? `${t("cash.change")} ${euros(done.change)}` : ""].filter(Boolean).join(". "));
  await present((close) => draw(done, close), "paid");
}

function draw(done, close) {
  const { sale, change } = done;
  const number = sale ? t("paid.number", { number: sale.number }) : t("paid.kept");
  const undo = async () => (await undoSale(done)) && close();
  return h(
    "main",
    { class: "pay paid" },
    h("img", { class: "garland", src: "/static/till/garland.svg", alt: "" }),
    h("div", { class: "corner" }, statusPill("pay")),
    h(
      "div",
      { class: "paid-main", "data-scroll": "paid" },
      h("div", { class: "paid-title" }, icon("till-tick", 116), h("div", null, h("h1", { tabindex: "-1" }, t("paid")), h("p", null, howPaid(done)))),
      figure(done.total, "huge", done.currency),
      change ? h("p", { class: "change-back" }, h("span", null, t("cash.change")), h("b", null, euros(change))) : null,
      h("p", { class: "lead" }, [state.point?.name, number].filter(Boolean).join(" · ")),
    ),
    h(
      "div",
      { class: "paid-verbs" },
      h("button", { type: "button", class: "button next huge", onclick: () => close(), "data-back": true, "data-first": true, key: "next" }, icon("b-arrow-right", 32), h("span", null, t("next"))),
      verb(t("receipt.give"), () => receipt(done), { kind: "on-green", icon: "b-printer", extra: "big", key: "receipt" }),
    ),
    slip(done, undo),
  );
}

function howPaid(done) {
  const names = [...new Set(done.payments.map((one) => t(`with.${one.means}`)))].join(", ");
  return t("paid.how", { how: names, day: day(done.at), hour: hour(done.at) });
}

// The white slip: who paid what, what remains on each Pass.
function slip(done, undo) {
  const paid = done.sale?.payments ?? done.payments;
  const left = remaining(done, paid);
  const isPassAlone = paid.every((one) => one.means === "pass") && done.payments.length === 1;
  const name = (one) => (one.host ? (balanceOf(done, one)?.name ?? t("means.pass")) : one.name || t(`means.${one.means}`));
  const row = (one, text, isBig) => h("li", null, icon(one.means === "pass" ? assetIcon(balanceOf(done, one) ?? one) : { cash: "money", card_terminal: "credit-card" }[one.means] ?? "note-pencil", 28), h("span", null, name(one)), h("b", { class: isBig ? "big" : "" }, text));
  return h(
    "aside",
    { class: "slip", "aria-label": t("paid.slip") },
    h("h2", null, isPassAlone ? t("paid.by_pass") : t("paid.by")),
    h("ul", { class: "rows" }, paid.map((one) => row(one, amountOf(done, one, one.amount)))),
    left.length ? [h("h2", null, t("paid.left")), h("ul", { class: "rows" }, left.map((one) => row(one, amountOf(done, one, one.left), true)))] : null,
    done.sale ? null : h("p", { class: "hint" }, t("paid.waits")),
    h("div", { class: "slip-verbs" }, verb(t("undo"), undo, { kind: "cancel", icon: "b-arrow-counter-clockwise", extra: "big", key: "undo" })),
  );
}

// A currency as the tap of the Pass had told it.
function balanceOf(done, paid) {
  const told = done.payments.flatMap((one) => one.balances ?? []);
  if (!paid.host) return told.find((one) => !one.host && one.name === paid.name);
  const theirs = told.filter((one) => one.host === paid.host);
  return theirs.length === 1 ? theirs[0] : undefined;
}

function amountOf(done, paid, amount) {
  if (done.currency || !paid.asset) return amountIn(amount, done.currency);
  return inUnit(amount, symbolOf(done, paid));
}

const symbolOf = (done, paid) => balanceOf(done, paid)?.symbol ?? "€";

// What remains of each currency that paid: as the node says, or (for one Pass) its tap less what it paid.
function remaining(done, paid) {
  const passes = done.payments.filter((one) => one.means === "pass");
  return paid
    .filter((one) => one.means === "pass" && one.asset)
    .map((one) => {
      const held = passes.length === 1 && !one.host ? balanceOf(done, one) : null;
      return { ...one, left: one.left ?? (held ? held.amount - one.amount : null) };
    })
    .filter((one) => typeof one.left === "number" && one.left >= 0);
}

// Take the last sale back, after asking. Resolves with whether it was.
export async function undoSale(done) {
  const cash = done.payments.filter((one) => one.means === "cash").reduce((sum, one) => sum + one.amount, 0);
  const hasPass = done.payments.some((one) => one.means === "pass");
  const text = [t("undo.text", { amount: amountIn(done.total, done.currency) }), hasPass ? t("undo.pass") : "", cash ? t("undo.cash", { amount: euros(cash) }) : ""].filter(Boolean).join(" ");
  if (!(await confirm(t("undo.title"), text, { yes: t("undo"), no: t("undo.no") }))) return false;
  const outcome = await perform("void", `/sales/${done.id}/void`, { reason: t("undo.reason") }, { about: { total: -done.total, currency: done.currency } });
  if (outcome.state === "refused" || outcome.status === 202) return handedOut(outcome, -done.total, done.currency);
  state.lastSale = null;
  state.notice = cash ? t("undone.cash", { total: euros(done.total), amount: euros(cash) }) : t("undone", { total: amountIn(done.total, done.currency) });
  paint();
  return true;
}

// The line was cut while a Pass paid: the till keeps asking, and says what it does not know. Resolves with what
// became of it, or "left".
export function unknownScreen(plan) {
  return present(
    (close) => {
      watchFor(plan.saleId, close);
      return payScreen({
        title: t("unknown.title"),
        amount: plan.total,
        currency: plan.currency,
        kind: "steps unknown",
        inside: [icon("wifi-slash", 96), h("p", { class: "lead" }, t("unknown.text")), h("p", { class: "lead" }, t("unknown.later"))],
        verbs: backVerb(() => close("left"), t("unknown.go")),
      });
    },
    "unknown",
  ).finally(() => watchFor(plan.saleId, null));
}
