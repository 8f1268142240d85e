// Cash, card terminal, cheque, transfer: what the ledger does not move.

import { h, icon, verb } from "./dom.js";
import { euros } from "./money.js";
import { figure } from "./order.js";
import { say } from "./say.js";
import { choose, keys } from "./sheets.js";
import { paint, present } from "./stage.js";
import { statusPill } from "./status.js";
import { t } from "./words.js";

const NOTES = [500, 1000, 2000, 5000];
const MOST = 999_999;

// A full screen: a head with its amount, what to do, verbs at the bottom.
export function payScreen({ title, amount, currency = null, kind = "", inside, verbs }) {
  return h(
    "main",
    { class: `pay ${kind}` },
    h("header", { class: "pay-head" }, h("div", null, h("h1", { tabindex: "-1" }, title), amount === undefined ? null : figure(amount, "big", currency)), statusPill("pay")),
    h("div", { class: "pay-inside", "data-scroll": "pay" }, inside),
    h("div", { class: "pay-verbs" }, verbs),
  );
}

export function backVerb(act, word = t("back.order")) {
  return h("button", { type: "button", class: "button neutral big", onclick: act, "data-back": true, key: "back" }, icon("b-x", 26), h("span", null, word));
}

// What was given, what goes back. Resolves with the payment, or null.
export function cash(_plan, amount) {
  if (amount <= 0) return giveCash(amount);
  let given = 0;
  const type = (digit) => {
    const next = Number(`${given}${digit}`);
    if (next <= MOST) given = next;
    paint();
  };
  const rub = () => {
    given = Math.floor(given / 10);
    paint();
  };
  const put = (value) => () => {
    given = value;
    say(given < amount ? `${t("cash.missing")} ${euros(amount - given)}` : `${t("cash.change")} ${euros(given - amount)}`);
    paint();
  };
  return present((close) => {
    const enough = given === 0 || given >= amount;
    const take = () => enough && close({ means: "cash", amount, given: given || amount });
    return payScreen({
      title: t("means.cash"),
      amount,
      kind: "cash",
      inside: [
        h(
          "div",
          { class: "cash-sums" },
          row(t("cash.given"), given ? euros(given) : "—"),
          h("div", { class: "change", role: "status" }, given && !enough ? row(t("cash.missing"), euros(amount - given), "warn") : row(t("cash.change"), euros(Math.max(0, given - amount)), "ok")),
        ),
        h("div", { class: "quick" }, verb(t("cash.exact"), put(amount), { kind: "neutral", key: "exact" }), NOTES.map((note) => verb(euros(note).replace(/[.,]00/, ""), put(note), { kind: "neutral", key: `note ${note}`, off: note < amount }))),
        keys(type, rub, take),
      ],
      verbs: [
        backVerb(() => close(null)),
        verb(t("cash.take"), take, { kind: "primary", icon: "b-check", extra: "huge", key: "take", off: !enough }),
      ],
    });
  }, "cash");
}

function row(word, value, kind = "") {
  return h("p", { class: `sum-row ${kind}` }, h("span", null, word), h("b", null, value));
}

// More deposits came back than was bought: money goes out of the drawer.
function giveCash(amount) {
  return present(
    (close) =>
      payScreen({
        title: t("to_give"),
        amount: -amount,
        kind: "steps",
        inside: h("p", { class: "lead" }, t("give.text")),
        verbs: [backVerb(() => close(null)), verb(t("give.done"), () => close({ means: "cash", amount }), { kind: "primary", icon: "b-check", extra: "huge", key: "take" })],
      }),
    "give",
  );
}

export function bankCard(_plan, amount) {
  return outside("card_terminal", amount, "credit-card");
}

export async function other(_plan, amount) {
  const means = await choose(t("pay.other"), [
    { word: t("means.cheque"), value: "cheque", icon: "note-pencil", extra: "big" },
    { word: t("means.bank_transfer"), value: "bank_transfer", icon: "bank", extra: "big" },
  ]);
  return means ? outside(means, amount, means === "cheque" ? "note-pencil" : "bank") : null;
}

function outside(means, amount, picture) {
  return present(
    (close) =>
      payScreen({
        title: t(`means.${means}`),
        amount,
        kind: "steps",
        inside: [
          icon(picture, 96),
          h("ol", null, h("li", null, t(`${means}.one`, { amount: euros(amount) })), h("li", null, t(`${means}.two`))),
          h("p", { class: "hint" }, t("nothing_paid")),
        ],
        verbs: [backVerb(() => close(null)), verb(t(`${means}.done`), () => close({ means, amount }), { kind: "primary", icon: "b-check", extra: "huge", key: "take" })],
      }),
    means,
  );
}
