// The selling screen: points of sale, categories, tiles in their fixed order; the order stands beside.

import { add, countOf, fits, followCatalogue, giveBack, inCurrency, notSoldAt, total } from "./basket.js";
import * as catalogue from "./catalogue.js";
import { h, icon, verb } from "./dom.js";
import { line } from "./line.js";
import { amountIn, digits, euros, hour } from "./money.js";
import { orderPanel } from "./order.js";
import { say } from "./say.js";
import { choose, confirm, pad, sheet, tell } from "./sheets.js";
import { paint } from "./stage.js";
import { state } from "./state.js";
import { statusPill } from "./status.js";
import { keep } from "./store.js";
import { t } from "./words.js";

let acts = {};

// What the rail opens: {readCard, topUp, more, operator}.
export const linkActs = (given) => (acts = given);

let noticed = "";

export function sellScreen() {
  if (state.notice && state.notice !== noticed) say(state.notice);
  noticed = state.notice;
  return h("div", { class: `sell ${state.isOrderOpen ? "order-open" : ""}` }, skip(), rail(), shop(), orderPanel());
}

// Past the tiles in one step, for whoever has no pointer.
function skip() {
  const act = () => document.querySelector("#till .order .ways .button")?.focus();
  return h("button", { type: "button", class: "skip", onclick: act, key: "skip" }, t("skip"));
}

function rail() {
  const points = catalogue.points().map((one) =>
    railVerb(one.name, one.icon, () => goTo(one), { isCurrent: one === state.point, key: `point ${one.id}` }),
  );
  return h(
    "nav",
    { class: "rail", "aria-label": t("rail") },
    h("div", { class: "rail-top", "data-scroll": "rail" }, points, hasTopUp() ? cutVerb("top_up", "plus-circle", acts.topUp) : null, cutVerb("read_card", "contactless-payment", acts.readCard)),
    railVerb(t("more"), "list", acts.more, { key: "more" }),
  );
}

const hasTopUp = () => ["top_up", "gift", "give"].some((kind) => catalogue.sellables(kind).length > 0);
const cutVerb = (name, picture, act) =>
  railVerb(t(name), line.isCut ? "prohibit" : picture, line.isCut ? () => notNow(name) : act, { isOff: line.isCut, key: name });

export const notNow = (name) => tell(t("not_now"), t(`not_now.${name}`), "wifi-slash");

function railVerb(word, picture, act, { isCurrent, isOff, key }) {
  return h(
    "button",
    { type: "button", class: isOff ? "rail-verb off" : "rail-verb", onclick: act, key, "aria-current": isCurrent ? "true" : null },
    icon(picture, 32),
    h("span", null, word),
  );
}

// Each point of sale sells its own list: what the next one does not sell leaves the order, after a yes.
async function goTo(point) {
  const lost = notSoldAt(point);
  if (lost.length && !(await confirm(t("point.leaves", { point: point.name }), leavesWords(lost), { yes: t("point.go", { point: point.name }), no: t("back"), icon: "storefront" }))) return;
  state.point = point;
  state.category = "";
  keep("point", point.id);
  followCatalogue();
  paint();
}

const leavesWords = (lost) => t("point.leaves.text", { names: [...new Set(lost.map((one) => one.name))].join(", ") });

async function pickPoint() {
  const choices = catalogue.points().map((one) => ({ word: one.name, value: one, icon: one.icon }));
  const point = await choose(t("points"), choices, "storefront");
  if (point) goTo(point);
}

function shop() {
  const name = state.point?.name ?? t("till");
  return h(
    "main",
    { class: "shop" },
    h(
      "header",
      { class: "shop-head" },
      h("h1", { tabindex: "-1" }, h("span", { class: "wide" }, state.node ? t("point.of", { point: name, name: state.node.name }) : name), h("span", { class: "narrow" }, name)),
      verb(name, pickPoint, { kind: "neutral", icon: state.point?.icon, key: "points", extra: "narrow point-button", label: `${t("points")}, ${name}`, after: "b-caret-down" }),
      statusPill(),
      verb(state.operator?.label ?? "", acts.operator, { kind: "plain", icon: "b-user-circle", key: "operator", label: `${t("operator")}, ${state.operator?.label ?? ""}`, extra: "who" }),
      h("time", { class: "clock" }, hour()),
      verb(t("more"), acts.more, { kind: "plain", icon: "b-list", key: "more narrow", extra: "narrow" }),
    ),
    categoryBar(),
    state.notice ? h("p", { class: "notice", role: "status" }, icon("info", 26), h("span", null, state.notice)) : null,
    tiles(),
  );
}

function categoryBar() {
  const groups = catalogue.categories();
  if (groups.length < 2) return null;
  return h(
    "div",
    { class: "categories", role: "group", "aria-label": t("categories"), "data-scroll": "categories" },
    categoryVerb("", t("all"), "squares-four", "all"),
    groups.map((one) => categoryVerb(one.id, one.name, catalogue.categoryIcon(one), one.tone)),
  );
}

function categoryVerb(id, word, picture, tone) {
  const act = () => {
    state.category = id;
    paint();
  };
  const pressed = String(state.category === id);
  return h("button", { type: "button", class: `category tone-${tone}`, onclick: act, key: `category ${id}`, "aria-pressed": pressed }, icon(picture, 32), h("span", null, word));
}

function tiles() {
  const shown = catalogue.products().filter((one) => !state.category || one.category === state.category);
  return h(
    "div",
    { class: "tiles", "data-scroll": `tiles ${state.point?.id} ${state.category}` },
    shown.map(tile),
    h("button", { type: "button", class: "tile search", onclick: search, key: "search" }, icon("magnifying-glass", 34), h("b", null, t("search"))),
    shown.length ? null : h("p", { class: "empty" }, t("empty.tiles")),
  );
}

function tile(one) {
  const count = countOf(one.id);
  const tone = catalogue.tone(one);
  return h(
    "button",
    {
      type: "button",
      class: `tile tone-${tone} ${count ? "chosen" : ""} ${one.is_sold_out ? "sold-out" : ""}`,
      onclick: () => pick(one),
      key: `product ${one.id}`,
      "aria-disabled": one.is_sold_out ? "true" : null,
    },
    photo(one) ?? icon(catalogue.pictureOf(one), 34),
    h("b", null, one.sort === "deposit" ? t("order.back", { name: one.name }) : one.name),
    h("span", { class: "price" }, one.is_sold_out ? [icon("b-prohibit", 22), ` ${t("sold_out")}`] : priceWords(one)),
    count ? h("span", { class: "plate" }, String(count), h("span", { class: "unseen" }, ` ${t("in_order")}`)) : null,
  );
}

// A photo when the house gave one; its icon when there is none, or when it does not come.
function photo(one) {
  if (!one.picture) return null;
  const drawing = () => icon(catalogue.pictureOf(one), 34);
  const shown = h("img", { class: "photo", src: one.picture, alt: "", decoding: "async", onerror: () => shown.replaceWith(drawing()) });
  return shown;
}

// The least price in each currency: "from €4.00 · 1 h".
function priceWords(one) {
  const priced = one.prices.filter((price) => price.amount !== null);
  if (!priced.length) return "? €";
  const unit = { kilogram: "\u00a0/\u00a0kg", litre: "\u00a0/\u00a0L" }[one.unit] ?? "";
  const least = (asset) => {
    const mine = priced.filter((price) => (price.asset ?? null) === asset);
    const amount = Math.min(...mine.map((price) => price.amount));
    if (one.sort === "deposit") return euros(-amount);
    const words = amountIn(amount, catalogue.currency(asset)) + unit;
    return mine.length > 1 || (!asset && mine.length < one.prices.filter((price) => !price.asset).length) ? t("price.from", { price: words }) : words;
  };
  return [...new Set(priced.map((price) => price.asset ?? null))].map(least).join(" · ");
}

export async function pick(one) {
  if (one.is_sold_out) return;
  if (one.sort === "deposit" && !fits(null)) return void (await tellApart());
  if (one.sort === "deposit") giveBack(one);
  else if (!(await pickSold(one))) return;
  navigator.vibrate?.(10);
  say(t("said.added", { name: one.name, n: countOf(one.id), total: amountIn(total(), inCurrency()) }));
  paint();
}

async function pickSold(one) {
  const price = await pickPrice(one);
  if (!price) return false;
  if (!fits(price.asset)) return tellApart();
  const amount = price.amount ?? (await pad(one.name, { hint: t("price.free.hint"), yes: t("add"), name: catalogue.pictureOf(one) }));
  if (!amount && price.amount !== 0) return false;
  const thousandths = one.unit === "piece" ? 1000 : await weigh(one, amountIn(amount, catalogue.currency(price.asset)));
  if (!thousandths) return false;
  add(one, price, { thousandths, amount });
  return true;
}

// Euros, hours and points are one sale each.
export async function tellApart() {
  await tell(t("apart"), t("apart.text", { names: inCurrency()?.name ?? "€" }), "hourglass");
  return false;
}

function pickPrice(one) {
  if (one.prices.length < 2) return one.prices[0] ?? null;
  const words = (price) => (price.amount === null ? t("price.free") : amountIn(price.amount, catalogue.currency(price.asset)));
  const choices = one.prices.map((price) => ({ word: `${price.name || one.name} · ${words(price)}`, value: price, extra: "big" }));
  return choose(one.name, choices, catalogue.pictureOf(one));
}

function weigh(one, price) {
  const suffix = one.unit === "litre" ? "L" : "kg";
  const hint = t("weigh.hint", { price, unit: suffix, example: digits(350, 3) });
  return pad(one.name, { scale: 3, suffix, hint, yes: t("add"), max: 999_999, name: "scales" });
}

async function search() {
  const chosen = await sheet(
    t("search"),
    (close) => {
      const found = h("div", { class: "choices" });
      const look = (text) => {
        const every = text ? catalogue.find(text) : [];
        const choice = (one) => verb(one.name, () => close(one), { kind: "neutral", icon: catalogue.pictureOf(one), off: one.is_sold_out, hint: one.is_sold_out ? t("sold_out") : priceWords(one) });
        found.replaceChildren(...every.map(choice));
        if (text && !every.length) found.append(h("p", null, t("search.none")));
      };
      const field = h("input", { type: "text", inputmode: "search", id: "wanted", autocomplete: "off", "data-first": true, oninput: () => look(field.value.trim()) });
      return [
        h("label", { for: "wanted" }, t("search.name")),
        field,
        found,
        h("div", { class: "verbs" }, verb(t("back"), () => close(null), { kind: "neutral", icon: "b-x" })),
      ];
    },
    { name: "magnifying-glass" },
  );
  if (chosen) await pick(chosen);
}
