// Several means for one sale: what is settled, what remains, how much next.

import { h, icon, verb } from "./dom.js";
import { line } from "./line.js";
import { backVerb, payScreen } from "./means.js";
import { euros } from "./money.js";
import { notNow } from "./sell.js";
import { rest } from "./pay.js";
import { choose, pad } from "./sheets.js";
import { paint, present } from "./stage.js";
import { t } from "./words.js";

const PARTS = [2, 3, 4, 5, 6];

// Resolves with the next step: a means, or null for the order.
export function splitScreen(plan) {
  plan.isSplit = true;
  plan.short = null;
  return present((close) => {
    const left = rest(plan);
    const part = plan.part ?? left;
    return payScreen({
      title: t("left_to_pay"),
      amount: left,
      kind: "split",
      inside: [
        paymentRows(plan),
        h("p", { class: "hint" }, t("nothing_paid")),
        h("p", { class: "sum-row" }, h("span", null, t("split.now")), h("b", { class: "figure" }, euros(part))),
        h(
          "div",
          { class: "quick" },
          verb(t("split.all"), () => choosePart(plan, null), { kind: "neutral", key: "all" }),
          verb(t("split.equal"), () => equalParts(plan, left), { kind: "neutral", key: "equal" }),
          verb(t("split.amount"), () => typePart(plan, left), { kind: "neutral", key: "amount" }),
        ),
      ],
      verbs: [h("div", { class: "ways" }, meansVerbs(close, part)), backVerb(() => close(null), plan.payments.length ? t("pay.none") : undefined)],
    });
  }, "split");
}

function choosePart(plan, amount) {
  plan.part = amount;
  paint();
}

async function equalParts(plan, left) {
  const share = (count) => Math.ceil(left / count);
  const choices = PARTS.map((count) => ({ word: t("split.parts", { n: count }), hint: euros(share(count)), value: count }));
  const count = await choose(t("split.equal"), choices, "users-three");
  if (count) choosePart(plan, share(count));
}

async function typePart(plan, left) {
  const amount = await pad(t("split.amount"), { max: left, hint: t("split.most", { amount: euros(left) }) });
  if (amount) choosePart(plan, amount);
}

// The four equal ways to pay an amount.
export function meansVerbs(close, amount, isSecondPass = false) {
  const passWord = isSecondPass ? t("pay.second") : t("pay.pass.short");
  return [
    verb(t("means.cash"), () => close("cash"), { kind: "primary", icon: "money", key: "pay cash" }),
    verb(t("means.card_terminal"), () => close("card_terminal"), { kind: "primary", icon: "credit-card", key: "pay card" }),
    verb(passWord, line.isCut ? () => notNow("pass") : () => close("pass"), { icon: isSecondPass ? "cards" : "contactless-payment", key: "pay pass", off: line.isCut }),
    verb(t("pay.other"), () => close("other"), { icon: "b-dots-three", key: "pay other" }),
  ];
}

export function paymentRows(plan) {
  if (!plan.payments.length) return null;
  const drop = (one) => () => {
    plan.payments.splice(plan.payments.indexOf(one), 1);
    paint();
  };
  return h(
    "ul",
    { class: "rows" },
    plan.payments.map((one) => {
      const name = one.who ? `${t("means.pass")} · ${one.who}` : t(`means.${one.means}`);
      return h(
        "li",
        null,
        icon({ cash: "money", card_terminal: "credit-card", pass: "contactless-payment" }[one.means] ?? "note-pencil", 28),
        h("span", null, name),
        h("b", null, euros(one.amount)),
        h("button", { type: "button", class: "button neutral small", onclick: drop(one), "aria-label": t("order.remove", { name }), key: `drop ${name} ${one.amount}` }, icon("b-x", 22)),
      );
    }),
  );
}
