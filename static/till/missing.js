// The Pass has less than the price: what it pays, what is missing, four ways out. Nothing is paid yet.

import { topUp } from "./card.js";
import { h, icon, verb } from "./dom.js";
import { euros } from "./money.js";
import { figure } from "./order.js";
import { rest } from "./pay.js";
import { present } from "./stage.js";
import { statusPill } from "./status.js";
import { t } from "./words.js";

export async function missingScreen(plan) {
  const next = await present((close) => draw(plan, close), "missing");
  if (next !== "top_up") return next;
  // Money is put on that Pass first; then it is held to the reader again.
  const isDone = await topUp({ keepsOrder: true, amount: rest(plan) });
  if (!isDone) return "missing";
  plan.payments = plan.payments.filter((one) => !one.tap);
  plan.short = null;
  return "pass";
}

function draw(plan, close) {
  const left = rest(plan);
  const amount = euros(left);
  return h(
    "main",
    { class: "pay missing" },
    h(
      "header",
      { class: "pay-head warn-head" },
      icon("warning", 72),
      h("div", null, h("h1", { tabindex: "-1" }, t("missing.title"), " ", figure(left, "big"))),
      statusPill("pay"),
    ),
    h(
      "div",
      { class: "pay-inside", "data-scroll": "pay" },
      h(
        "dl",
        { class: "sums" },
        h("div", null, h("dt", null, t("to_pay")), h("dd", null, euros(plan.total))),
        plan.payments.map((one) => h("div", null, h("dt", null, one.means === "pass" ? t("missing.pays") : t(`means.${one.means}`)), h("dd", null, euros(one.amount)))),
        plan.payments.length ? null : h("div", null, h("dt", null, t("missing.pays")), h("dd", null, euros(0))),
        h("div", { class: "total" }, h("dt", null, t("missing.left")), h("dd", null, amount)),
      ),
      h("p", { class: "hint" }, t("nothing_paid")),
    ),
    h(
      "div",
      { class: "pay-verbs" },
      h("h2", null, t("missing.pay", { amount })),
      h(
        "div",
        { class: "ways" },
        verb(t("means.cash"), () => close("cash"), { kind: "primary", icon: "money", key: "pay cash" }),
        verb(t("means.card_terminal"), () => close("card_terminal"), { kind: "primary", icon: "credit-card", key: "pay card" }),
        verb(t("pay.second"), () => close("pass"), { icon: "cards", key: "pay pass" }),
        verb(t("top_up"), () => close("top_up"), { icon: "plus-circle", key: "top up" }),
      ),
      h("button", { type: "button", class: "button neutral big", onclick: () => close(null), "data-back": true, key: "back" }, icon("b-x", 26), h("span", null, t("pay.none"))),
    ),
  );
}
