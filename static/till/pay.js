// Paying: a plan collects the means until nothing remains; then the sale is written, sent and told.

import * as basket from "./basket.js";
import { refreshCatalogue } from "./catalogue.js";
import { tellOfLine } from "./cut.js";
import { newId } from "./device.js";
import { icon } from "./dom.js";
import { bankCard, cash, other, payScreen } from "./means.js";
import { missingScreen } from "./missing.js";
import { operatorScreen } from "./operator.js";
import { paidScreen, unknownScreen } from "./paid.js";
import { perform } from "./queue.js";
import { remoteWait } from "./remote.js";
import { tell } from "./sheets.js";
import { splitScreen } from "./split.js";
import { paint, present } from "./stage.js";
import { state } from "./state.js";
import { payByPass, refusedCard } from "./tap.js";
import { said, t } from "./words.js";

const MEANS = { cash, card_terminal: bankCard, other, pass: payByPass };
const TAP_LASTS = 110_000;
let isBusy = false;

export const paidSoFar = (plan) => plan.payments.reduce((sum, one) => sum + one.amount, 0);
export const rest = (plan) => plan.total - paidSoFar(plan);

// From the order to "paid", or back to the order.
export async function settle(first) {
  if (isBusy) return;
  isBusy = true;
  try {
    await follow({ payments: [], total: basket.total(), currency: basket.inCurrency(), short: null, isSplit: first === "split" }, first);
  } finally {
    isBusy = false;
    paint();
    tellOfLine();
  }
}

async function follow(plan, first) {
  let next = plan.total ? first : "submit";
  while (next) {
    if (next === "submit") next = await submit(plan);
    else if (next === "split") next = await splitScreen(plan);
    else if (next === "missing") next = await missingScreen(plan);
    else next = await addMeans(plan, next);
  }
}

// The next step after asking for one of the means.
async function addMeans(plan, name) {
  const amount = plan.part ?? rest(plan);
  plan.part = null;
  const payment = await MEANS[name](plan, amount);
  if (!payment) return plan.payments.length || plan.isSplit ? stepOf(plan) : null;
  if (payment !== "short") plan.payments.push(payment);
  return rest(plan) === 0 ? "submit" : stepOf(plan);
}

const stepOf = (plan) => (plan.short ? "missing" : "split");

async function submit(plan) {
  if (hasOldTap(plan)) return tapAgain(plan);
  const body = {
    point: state.point.id,
    lines: state.basket.map(basket.wire),
    payments: plan.payments.map(({ means, amount, given, tap }) => ({ means, amount, ...(given ? { given } : {}), ...(tap ? { tap } : {}) })),
    total: plan.total,
  };
  const about = { total: plan.total, currency: plan.currency, payments: body.payments.map(({ means, amount }) => ({ means, amount })), lines: state.basket };
  plan.saleId = newId();
  const outcome = await whileSending(plan, perform("sale", "/sales", body, { id: plan.saleId, about, gone: "basket" }));
  if (outcome.state === "refused") return refused(plan, outcome.problem);
  const lines = state.basket;
  basket.over();
  if ((await tellPaid(plan, outcome, lines)) === "failed") basket.bringBack(lines);
  return null;
}

// While the node is asked, nothing can be added to the order.
async function whileSending(plan, sent) {
  let stop = null;
  present((close) => {
    stop = close;
    return payScreen({ title: t("asking"), amount: plan.total, currency: plan.currency, kind: "steps", inside: icon("hourglass", 96), verbs: null });
  }, "sending");
  return sent.finally(() => stop());
}

async function tellPaid(plan, first, lines) {
  const isUnknown = first.state === "waiting" && plan.payments.some((one) => one.means === "pass");
  const outcome = isUnknown ? await unknownScreen(plan) : first;
  if (outcome === "left") return null;
  if (outcome.state === "refused") return notPaid(outcome.problem);
  let sale = outcome.answer?.sale ?? null;
  if (outcome.status === 202) sale = await remoteWait(waitOf(plan, outcome.answer, lines));
  if (sale?.state === "failed") return "failed";
  if (sale === "left") return null;
  return paidScreen(plan, sale);
}

// What was not known is a no by now: the order comes back.
async function notPaid({ name, detail }) {
  await tell(t("refused"), `${said(`refused.${name}`, detail || t("refused.text"))} ${t("nothing_paid")}`, "warning-circle");
  return "failed";
}

function waitOf(plan, answer, lines) {
  const host = answer.waits_for || (plan.payments.find((one) => one.host && one.host !== "here")?.host ?? "");
  return { id: answer.sale.id, host, at: new Date().toISOString(), about: { total: plan.total }, lines };
}

const hasOldTap = (plan) => [...plan.payments, ...state.basket].some((one) => one.tapped && Date.now() - one.tapped > TAP_LASTS);

async function tapAgain(plan) {
  await tell(t("tap.old"), plan.why ?? t("tap.old.text"), "contactless-payment");
  plan.why = null;
  for (const one of state.basket) {
    if (!one.sellable || Date.now() - one.tapped < TAP_LASTS) continue;
    const fresh = await MEANS.pass(plan, 0, { isLoad: true, who: one.who });
    if (!fresh) return null;
    Object.assign(one, fresh);
  }
  const old = plan.payments.filter((one) => one.tap && Date.now() - one.tapped > TAP_LASTS);
  plan.payments = plan.payments.filter((one) => !old.includes(one));
  return old.length ? "pass" : "submit";
}

// The node said no: nothing was paid, the order is still here.
async function refused(plan, problem) {
  await basket.keepBasket();
  const { name } = problem;
  if (name === "card_short" || name === "insufficient") return short(plan, problem);
  if (name === "tap_over" || name === "tap_elsewhere") return untapped(plan, problem);
  plan.payments = plan.payments.filter((one) => !one.tap);
  if (name === "card_lost" || name === "card_blocked") {
    await refusedCard({ state: name.replace("card_", "") });
    return plan.payments.length ? stepOf(plan) : null;
  }
  if (name === "operator_needed") return askWhoSells();
  if (["wrong_total", "unknown_product", "sold_out", "not_sold_here"].includes(name)) return priceAgain(name);
  await tell(t("refused"), said(`refused.${name}`, `${problem.detail || t("refused.text")} ${t("nothing_paid")}`), "warning-circle");
  // The card itself may still be held to the reader.
  return name === "card_unproved" ? "pass" : null;
}

// The node does not take these taps any more: each card is asked for again, and the reason is said.
function untapped(plan, { name, detail }) {
  if (name !== "tap_over") plan.why = `${detail} ${t("nothing_paid")}`;
  for (const one of [...plan.payments, ...state.basket]) if (one.tapped) one.tapped = 1;
  return "submit";
}

// The operator's time is over in the middle of a sale: a PIN, and the same sale is sent.
async function askWhoSells() {
  state.operator = null;
  await tell(t("operator.over"), t("operator.over.text"), "user-circle");
  await operatorScreen();
  return "submit";
}

// The catalogue changed under the order: the order follows it, and says how.
async function priceAgain(name) {
  await refreshCatalogue().catch(() => {});
  const changes = basket.followCatalogue();
  await tell(t("order.changed"), [changes || t(`refused.${name}`), t("nothing_paid")].join(" "), "warning");
  return null;
}

// Less on the Pass than its tap had said; of two, each says again what it holds.
function short(plan, problem) {
  const passes = plan.payments.filter((one) => one.means === "pass");
  if (passes.length > 1) return untapped(plan, problem);
  const [asked] = passes;
  plan.payments = plan.payments.filter((one) => one !== asked);
  const pays = Number(problem.errors?.payable ?? Math.max(0, (asked?.amount ?? 0) - Number(problem.errors?.missing ?? 0)));
  if (asked && pays > 0) plan.payments.push({ ...asked, amount: Math.min(pays, asked.amount) });
  plan.short = { pays, who: asked?.who };
  return "missing";
}
