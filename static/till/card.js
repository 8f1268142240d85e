// Reading a card, topping it up, giving vouchers, giving money back from it.

import { addSellable, fits } from "./basket.js";
import { currency, sellables } from "./catalogue.js";
import { h, icon, verb } from "./dom.js";
import { bankCard, cash, payScreen, backVerb } from "./means.js";
import { amountIn, digits, euros, inUnit } from "./money.js";
import { balanceRows } from "./order.js";
import { perform } from "./queue.js";
import { tellApart } from "./sell.js";
import { choose, confirm, pad, tell } from "./sheets.js";
import { paint, present } from "./stage.js";
import { may, state } from "./state.js";
import { refusedCard, sound, waitForTap } from "./tap.js";
import { said, t } from "./words.js";

const QUICK = [500, 1000, 2000, 5000];
const HOURS = [1, 2, 3, 4];
const RIGHTS = { top_up: "top_up", gift: "gift", give: "gift" };
const ICONS = { top_up: "plus-circle", gift: "gift", give: "hourglass" };

// What a card is and holds; from there, money can be put on it.
export async function readCard(first = null) {
  const card = first ?? (await waitForTap({ title: t("tap.read"), any: true }));
  if (!card) return;
  if (card.state !== "active") return void (await refusedCard(card, false));
  sound("yes");
  const act = await present((close) => cardScreen(card, close), "card");
  if (act === "top_up") await loadOnto("top_up", card);
  if (act === "gift") await loadOnto("gift", card);
  if (act === "give") await give(card);
  if (act === "refund") await refund(card);
}

function cardScreen(card, close) {
  const canLoad = may("top_up") && sellables("top_up").length;
  const canGive = may("gift") && sellables("gift").length;
  const canReward = may("gift") && sellables("give").length;
  const mine = card.balances.filter((one) => !one.host && one.nature === "money" && one.amount > 0);
  return payScreen({
    title: card.who === "Pass" ? t("card.pass") : card.who,
    kind: "card",
    inside: [
      h("p", { class: "state-ok" }, icon("check-circle", 32), h("span", null, t("card.active")), card.home && card.home !== "here" ? h("span", null, ` · ${t("card.home", { host: card.home })}`) : null),
      ...(card.must_prove ? [h("p", { class: "lead" }, card.words)] : held(card)),
      card.silent?.length ? h("p", { class: "hint" }, t("card.silent", { hosts: card.silent.join(", ") })) : null,
    ],
    verbs: [
      backVerb(() => close(null), t("back")),
      may("refund") && mine.length ? verb(t("card.refund"), () => close("refund"), { kind: "cancel", icon: "hand-coins", key: "refund" }) : null,
      canReward ? verb(t("give"), () => close("give"), { icon: "hourglass", extra: "big", key: "give" }) : null,
      canGive ? verb(t("gift"), () => close("gift"), { icon: "gift", extra: "big", key: "gift" }) : null,
      canLoad ? verb(t("top_up"), () => close("top_up"), { kind: "primary", icon: "plus-circle", extra: "big", key: "top up" }) : null,
    ],
  });
}

const held = (card) => [
  h("p", { class: "sum-row big" }, h("span", null, t("card.payable")), h("b", null, euros(card.payable ?? 0))),
  card.balances.length ? balanceRows(card.balances) : h("p", { class: "lead" }, t("card.empty")),
];

// From the rail: the card first, then how much; the line joins the order.
export async function startTopUp() {
  const kinds = ["top_up", "gift", "give"].filter((kind) => sellables(kind).length && may(RIGHTS[kind]));
  if (!kinds.length) return void (await tell(t("top_up"), t("right.missing"), "lock-key"));
  const choices = kinds.map((kind) => ({ word: t(kind), value: kind, icon: ICONS[kind], extra: "big" }));
  const kind = kinds.length > 1 ? await choose(t("top_up.what"), choices, "plus-circle") : kinds[0];
  if (!kind) return;
  const card = await waitForTap({ title: t("tap.title"), hint: t(`tap.${kind}`) });
  if (card) await (kind === "give" ? give(card) : loadOnto(kind, card));
}

async function loadOnto(kind, card) {
  if (!fits(null)) return void (await tellApart());
  const line = await askLoad(kind, card);
  if (line) addSellable(line);
  paint();
}

function pickAsset(kind) {
  const offered = sellables(kind);
  const choices = offered.map((one) => ({ word: one.name, value: one, icon: kind === "top_up" ? "coins" : ICONS[kind], extra: "big" }));
  return offered.length > 1 ? choose(t("top_up.which"), choices, "coins") : offered[0];
}

async function askLoad(kind, card, start = 0) {
  const asset = await pickAsset(kind);
  if (!asset) return null;
  const quick = QUICK.map((amount) => ({ value: amount, word: inUnit(amount, asset.symbol, asset.scale) }));
  const amount = await pad(`${t(kind)} · ${asset.name}`, { scale: asset.scale, suffix: asset.symbol || "€", quick, start, yes: t("add"), name: "plus-circle", hint: card.who === "Pass" ? "" : card.who });
  if (!amount) return null;
  return { sellable: kind, asset: asset.asset, name: asset.name, symbol: asset.symbol, amount, tap: card, tapped: card.tapped, who: card.who };
}

// Nobody's name stands on most cards.
const named = (card) => (card.who === "Pass" ? t("card.this") : card.who);

// Time or points for whoever helped: nobody pays, and it is a sale of its own.
async function give(card) {
  const asset = await pickAsset("give");
  const unit = asset && currency(asset.asset);
  if (!unit) return;
  const quick = HOURS.map((count) => ({ value: count * 10 ** unit.scale, word: amountIn(count * 10 ** unit.scale, unit) }));
  const amount = await pad(`${t("give")} · ${unit.name}`, { scale: unit.scale, suffix: unit.symbol || unit.name, quick, yes: t("add"), name: "hourglass", hint: card.who === "Pass" ? "" : card.who });
  const words = amountIn(amount, unit);
  if (!amount || !(await confirm(t("give.title", { amount: words, who: named(card) }), t("give.free"), { yes: t("give.yes"), no: t("back"), icon: "hourglass" }))) return;
  const payments = [{ means: "house", amount }];
  const body = { point: state.point.id, lines: [{ sellable: "give", asset: unit.asset, amount, tap: card.ref }], payments, total: amount };
  const outcome = await perform("sale", "/sales", body, { about: { total: amount, currency: unit, payments } });
  if (outcome.state !== "done") return void (await tell(t("refused"), said(`refused.${outcome.problem?.name}`, outcome.problem?.detail ?? t("unknown.text")), "warning-circle"));
  state.lastSale = { id: outcome.answer.sale.id, total: amount, currency: unit, sale: outcome.answer.sale, change: 0, payments, at: new Date() };
  state.notice = t("given", { amount: words, who: named(card) });
  sound("yes");
  paint();
}

// In the middle of a payment: a sale of its own, paid at once. Resolves with whether it is done.
export async function topUp({ amount }) {
  if (!may("top_up")) return (await tell(t("top_up"), t("right.missing"), "lock-key"), false);
  const card = await waitForTap({ title: t("tap.title"), hint: t("tap.top_up") });
  const line = card && (await askLoad("top_up", card, amount));
  if (!line) return false;
  const means = await choose(t("top_up.paid"), [
    { word: t("means.cash"), value: "cash", icon: "money", extra: "big" },
    { word: t("means.card_terminal"), value: "card_terminal", icon: "credit-card", extra: "big" },
  ]);
  const payment = means && (await { cash, card_terminal: bankCard }[means](null, line.amount));
  if (!payment) return false;
  const lines = [{ sellable: "top_up", asset: line.asset, amount: line.amount, tap: card.ref }];
  const body = { point: state.point.id, lines, payments: [payment], total: line.amount };
  const outcome = await perform("sale", "/sales", body, { about: { total: line.amount, lines: [line], payments: [payment] } });
  if (outcome.state === "done") return true;
  const problem = outcome.problem ?? {};
  await tell(t("refused"), said(`refused.${problem.name}`, problem.detail ?? t("unknown.text")), "warning-circle");
  return false;
}

async function refund(card) {
  const mine = card.balances.filter((one) => !one.host && one.nature === "money" && one.amount > 0);
  const asset = mine.length > 1 ? await choose(t("card.refund"), mine.map((one) => ({ word: `${one.name} · ${digits(one.amount, one.scale)}`, value: one }))) : mine[0];
  if (!asset) return;
  const amount = await pad(t("card.refund"), { max: asset.amount, start: asset.amount, hint: t("refund.most", { amount: inUnit(asset.amount, asset.symbol, asset.scale) }), name: "hand-coins" });
  if (!amount) return;
  if (!(await confirm(t("refund.title", { amount: euros(amount) }), t("refund.text"), { yes: t("refund.yes"), no: t("refund.no") }))) return;
  const body = { point: state.point.id, tap: card.ref, asset: asset.asset, amount };
  const outcome = await perform("card-refund", "/card-refunds", body, { about: { total: -amount } });
  if (outcome.state === "refused") await tell(t("refused"), said(`refused.${outcome.problem.name}`, outcome.problem.detail), "warning-circle");
  else state.notice = t("refund.done", { amount: euros(amount) });
  paint();
}
