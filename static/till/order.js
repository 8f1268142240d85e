// The order beside the tiles: lines with − and +, the total, the ways to pay.

import * as basket from "./basket.js";
import { h, icon, verb } from "./dom.js";
import { line } from "./line.js";
import { currency } from "./catalogue.js";
import { amountIn, euros, inUnit, quantityWords } from "./money.js";
import { settle } from "./pay.js";
import { undoSale } from "./paid.js";
import { notNow } from "./sell.js";
import { paint } from "./stage.js";
import { state } from "./state.js";
import { t } from "./words.js";

export function orderPanel() {
  const count = basket.articles();
  return h(
    "aside",
    { class: "order", "aria-label": t("order") },
    h(
      "header",
      { class: "order-head" },
      h("h2", null, t("order")),
      state.basket.length ? verb(t("order.clear"), clear, { kind: "neutral", icon: "b-trash", key: "clear" }) : null,
    ),
    h("div", { class: "order-lines", "data-scroll": "order" }, state.basket.length ? lines() : empty()),
    h(
      "div",
      { class: "order-sum" },
      h(
        "button",
        { type: "button", class: "order-toggle narrow", onclick: toggle, key: "toggle", "aria-expanded": String(state.isOrderOpen) },
        h("span", { class: "plate" }, String(count)),
        h("span", { class: "underlined" }, state.isOrderOpen ? t("order.hide") : t("order.show")),
      ),
      h("span", { class: "wide" }, basket.total() < 0 ? t("to_give") : t("to_pay")),
      figure(Math.abs(basket.total()), "", basket.inCurrency()),
    ),
    waysToPay(),
  );
}

function toggle() {
  state.isOrderOpen = !state.isOrderOpen;
  paint();
}

function clear() {
  basket.clear();
  paint();
}

// Deposits that came by themselves stand last.
function inOrder() {
  return [...state.basket].sort((one, other) => Number(Boolean(one.isAuto)) - Number(Boolean(other.isAuto)));
}

// An amount with its sign a little smaller, as on a price board.
export function figure(amount, extra = "", unit = null) {
  const words = amountIn(amount, unit);
  const [, before, sign] = /^(.*\d)(\u00a0\D.*)$/.exec(words) ?? [null, words];
  return h("output", { class: `figure ${extra}`, "aria-live": "off" }, before, sign ? h("small", null, sign) : null);
}

function lines() {
  const hasDeposit = state.basket.some((one) => one.isAuto);
  return [
    h("ul", null, inOrder().map(orderLine)),
    hasDeposit ? h("p", { class: "hint deposit-hint" }, icon("recycle", 24), h("span", null, t("order.deposit"))) : null,
  ];
}

function orderLine(one) {
  const label = nameOf(one);
  const stepper = basket.canStep(one)
    ? h(
        "div",
        { class: "stepper" },
        stepVerb("b-minus", t("order.less", { name: label }), one, -1),
        h("span", null, quantityWords(Math.abs(one.thousandths))),
        stepVerb("b-plus", t("order.plus", { name: label }), one, 1),
      )
    : h("div", { class: "stepper lone" }, stepVerb("b-x", t("order.remove", { name: label }), one, -1));
  return h("li", null, h("div", null, h("b", null, label), h("span", null, h("b", null, amountIn(basket.lineTotal(one), currency(one.product && one.asset))), detail(one))), stepper);
}

export function nameOf(one) {
  const words = one.sellable ? t(`line.${one.sellable}`, { name: one.name }) : one.name;
  return words === `${one.name} · ${one.name}` ? one.name : words;
}

function detail(one) {
  if (one.sellable) return one.who ? ` · ${one.who}` : "";
  if (one.unit && one.unit !== "piece") return ` · ${quantityWords(one.thousandths, one.unit)} × ${amountIn(one.amount, currency(one.asset))}`;
  const many = Math.abs(one.thousandths ?? 0) > 1000;
  const each = many ? ` · ${t("each", { price: amountIn(one.amount, currency(one.asset)) })}` : "";
  return one.isAuto ? `${each || " · "}${each ? ", " : ""}${t("order.deposit.back")}` : each;
}

function stepVerb(picture, label, one, by) {
  const act = () => {
    basket.step(one, by);
    paint();
  };
  return h("button", { type: "button", onclick: act, "aria-label": label, key: `${picture} ${one.key}` }, icon(picture, 24));
}

function empty() {
  if (state.cleared) {
    const put = () => {
      basket.unclear();
      paint();
    };
    return h(
      "div",
      { class: "order-empty" },
      h("p", { role: "status" }, t("order.cleared")),
      verb(t("order.unclear"), put, { icon: "b-arrow-counter-clockwise", key: "unclear" }),
    );
  }
  const last = state.lastSale;
  return h(
    "div",
    { class: "order-empty" },
    h("p", null, t("order.empty")),
    last && !last.isUndone
      ? h(
          "div",
          { class: "last-sale" },
          h("p", null, t("last", { amount: amountIn(last.total, last.currency) })),
          verb(t("undo"), () => undoSale(last), { kind: "cancel", icon: "b-arrow-counter-clockwise", key: "undo" }),
        )
      : null,
  );
}

function waysToPay() {
  const isEmpty = !state.basket.length;
  const sum = basket.total();
  const pay = (means) => () => !isEmpty && settle(means);
  if (!isEmpty && sum <= 0) {
    return h("div", { class: "ways" }, verb(sum < 0 ? t("give_cash", { amount: euros(-sum) }) : t("pay.nothing"), pay("cash"), { kind: "primary", icon: "money", size: 34, extra: "huge", key: "pay cash" }));
  }
  if (!isEmpty && basket.inCurrency()) return payApart(basket.inCurrency(), pay("pass"));
  const passAct = line.isCut ? () => notNow("pass") : pay("pass");
  return h(
    "div",
    { class: "ways" },
    verb(t("pay.pass"), passAct, { kind: line.isCut ? "dashed" : "primary", icon: line.isCut ? "prohibit" : "contactless-payment", size: 36, extra: "huge", key: "pay pass", off: isEmpty, hint: line.isCut ? t("not_now") : "" }),
    verb(t("means.cash"), pay("cash"), { icon: "money", key: "pay cash", off: isEmpty }),
    verb(t("means.card_terminal"), pay("card_terminal"), { icon: "credit-card", key: "pay card", off: isEmpty }),
    verb(t("pay.split"), pay("split"), { kind: "neutral", icon: "b-arrows-split", key: "pay split", off: isEmpty, extra: "lesser" }),
    verb(t("pay.other"), pay("other"), { kind: "neutral", icon: "b-dots-three", key: "pay other", off: isEmpty, extra: "lesser" }),
  );
}

// Time and points: that very currency of a Pass, and nothing else.
function payApart(unit, pay) {
  const act = line.isCut ? () => notNow("units") : pay;
  const isOff = line.isCut;
  return [
    h("p", { class: "hint deposit-hint" }, icon("hourglass", 24), h("span", null, t("apart.pays", { name: unit.name }))),
    h("div", { class: "ways" }, verb(t("pay.pass"), act, { kind: isOff ? "dashed" : "primary", icon: isOff ? "prohibit" : "contactless-payment", size: 36, extra: "huge", key: "pay pass", hint: isOff ? t("not_now") : "" })),
  ];
}

// Balances, as the customer may read them.
export function balanceRows(balances) {
  return h("ul", { class: "rows" }, balances.map((one) => h("li", null, icon(assetIcon(one), 28), h("span", null, one.name), h("b", null, isMoney(one) ? inUnit(one.amount, one.symbol, one.scale ?? 2) : amountIn(one.amount, one)))));
}

export const isMoney = (one) => one.nature === "money" || one.nature === "gift";
export const assetIcon = (one) => ({ gift: "gift", time: "hourglass", loyalty: "star" })[one.nature] ?? "coins";
