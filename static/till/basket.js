// The order on screen. Every change is kept on disk: a reload brings it back.

import { currency, isSoldAt, product, tone } from "./catalogue.js";
import { newId } from "./device.js";
import { amountIn, gross, quantityText } from "./money.js";
import { state } from "./state.js";
import { forget, keep, kept } from "./store.js";
import { t } from "./words.js";

export async function restoreBasket() {
  state.basket = (await kept("basket")) ?? [];
}

function changed() {
  state.cleared = null;
  state.notice = "";
  if (state.basket.length) state.lastSale = null;
  keep("basket", state.basket);
}

export const keepBasket = () => keep("basket", state.basket);

// Add a product at one of its prices; its deposit comes with it.
export function add(one, price, { thousandths = 1000, amount = price.amount } = {}) {
  const same = (line) => line.product === one.id && line.price === price.id && line.amount === amount;
  const isWhole = one.unit === "piece";
  const found = isWhole && state.basket.find((line) => same(line) && !line.withDeposit === !one.deposit);
  const line = found || newLine(one, price, amount);
  line.thousandths += thousandths;
  if (!found) state.basket.push(line);
  if (isWhole && one.deposit) addDeposit(one.deposit, thousandths);
  changed();
  return line;
}

function newLine(one, price, amount) {
  const name = one.prices.length > 1 && price.name ? `${one.name}, ${price.name}` : one.name;
  return {
    ...{ key: newId(), product: one.id, price: price.id, name, unit: one.unit, tone: tone(one) },
    ...{ asset: price.asset ?? null, amount, isFree: price.amount === null, thousandths: 0, withDeposit: one.deposit ?? null, priceName: price.name },
  };
}

function addDeposit(id, thousandths) {
  const one = product(id);
  if (!one?.prices.length) return;
  let line = state.basket.find((other) => other.product === id && other.isAuto);
  if (!line) {
    line = { ...newLine(one, one.prices[0], one.prices[0].amount), isAuto: true };
    state.basket.push(line);
  }
  line.thousandths += thousandths;
  if (line.thousandths <= 0) state.basket.splice(state.basket.indexOf(line), 1);
}

// A cup comes back: its deposit is given back.
export function giveBack(one) {
  let line = state.basket.find((other) => other.product === one.id && other.isBack);
  if (!line) {
    line = { ...newLine(one, one.prices[0], one.prices[0].amount), isBack: true };
    line.name = t("order.back", { name: one.name });
    state.basket.push(line);
  }
  line.thousandths -= 1000;
  changed();
}

export function addSellable(fields) {
  state.basket.push({ key: newId(), ...fields });
  changed();
}

export function addTip(amount) {
  state.basket.push({ key: newId(), tip: amount, name: t("order.tip") });
  changed();
}

// One more or one less of a line; weights and top-ups leave whole.
export function step(line, by) {
  if (!canStep(line)) return remove(line);
  const sign = line.isBack ? -1 : 1;
  line.thousandths += 1000 * by * sign;
  if (line.withDeposit && !line.isAuto) addDeposit(line.withDeposit, 1000 * by);
  if (line.thousandths * sign <= 0) state.basket.splice(state.basket.indexOf(line), 1);
  changed();
}

export const canStep = (line) => Boolean(line.product) && line.unit === "piece";

function remove(line) {
  state.basket.splice(state.basket.indexOf(line), 1);
  changed();
}

export function clear() {
  const before = state.basket;
  state.basket = [];
  changed();
  state.cleared = before;
}

export function unclear() {
  state.basket = state.cleared ?? [];
  changed();
}

// Paid, or written in the queue: this order is over.
export function over() {
  state.basket = [];
  state.cleared = null;
  state.isOrderOpen = false;
  forget("basket");
}

// The neighbour said no after all: the order is here again.
export function bringBack(lines) {
  state.basket = lines;
  changed();
}

export function lineTotal(line) {
  if (line.tip) return line.tip;
  if (line.sellable) return line.amount;
  return gross(line.thousandths, line.amount);
}

// The currency of time or points that the whole order is in; null: euro. Both never go into one order.
export const inCurrency = () => currency(state.basket.find((line) => line.product)?.asset);
export const fits = (asset) => !state.basket.length || (inCurrency()?.asset ?? null) === (asset ?? null);

export const total = (lines = state.basket) => lines.reduce((sum, line) => sum + lineTotal(line), 0);

// How many of a product are in the order, for its plate.
export function countOf(id) {
  const mine = state.basket.filter((line) => line.product === id && !line.isAuto);
  return mine.reduce((sum, line) => sum + (line.unit === "piece" ? Math.abs(line.thousandths) / 1000 : 1), 0);
}

export function articles() {
  return state.basket.reduce((sum, line) => sum + (canStep(line) ? Math.abs(line.thousandths) / 1000 : 1), 0);
}

// After the catalogue changed: new prices in the order, and what cannot be sold any more leaves it.
// Resolves with a sentence for each change, "" when nothing changed.
export function followCatalogue() {
  const told = [];
  for (const line of [...state.basket]) if (line.product) told.push(followed(line));
  const said = told.filter(Boolean).join(" ");
  if (said) changed();
  return said;
}

function followed(line) {
  if (!state.basket.includes(line)) return "";
  const one = product(line.product);
  const price = one?.prices.find((other) => other.id === line.price) ?? one?.prices.find((other) => other.name === (line.priceName ?? ""));
  if (!price || one.is_sold_out || !isSoldAt(state.point, one.id) || (price.asset ?? null) !== (line.asset ?? null) || (price.amount === null) !== Boolean(line.isFree)) {
    return left(line, t("order.gone", { name: line.name }));
  }
  const before = line.amount;
  line.price = price.id;
  if (!line.isFree) line.amount = price.amount;
  return before === line.amount ? "" : t("order.price", { name: line.name, before: amountIn(before, currency(line.asset)), after: amountIn(line.amount, currency(line.asset)) });
}

// A line leaves the order, and the deposit that came with it.
function left(line, words) {
  state.basket.splice(state.basket.indexOf(line), 1);
  if (line.withDeposit && line.unit === "piece") addDeposit(line.withDeposit, -line.thousandths);
  return words;
}

// What the order holds that another point of sale does not sell; its deposits go with it.
export const notSoldAt = (point) => state.basket.filter((line) => line.product && !line.isAuto && !isSoldAt(point, line.product));

// A line as the API wants it.
export function wire(line) {
  if (line.tip) return { tip: line.tip };
  const { sellable, asset, amount, tap, product: id, price } = line;
  if (sellable) return { sellable, asset, amount, tap: tap.ref };
  // The node believes this price when it is free, and when there was no line: the money is in the drawer.
  return { product: id, price, quantity: quantityText(line.thousandths), unit_price: amount };
}
