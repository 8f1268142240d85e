// What a manager does: money in and out of the drawer, the report of the moment, the closing of the day.

import { ask } from "./api.js";
import { h, icon, verb } from "./dom.js";
import { done } from "./history.js";
import { backVerb, payScreen } from "./means.js";
import { amountIn, day, dayNamed, digits, euros, hour } from "./money.js";
import { perform } from "./queue.js";
import { choose, confirm, pad, sheet, tell, write } from "./sheets.js";
import { present } from "./stage.js";
import { state } from "./state.js";
import { said, t } from "./words.js";

const COINS = [50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 50, 20, 10, 5, 2, 1];

export async function moveCash(way) {
  const amount = await pad(t(`cash.${way}`), { name: way === "out" ? "hand-coins" : "cash-register" });
  if (!amount) return;
  const reason = way === "float" ? t("cash.float") : await write(t(`cash.${way}`), { label: t("reason"), quick: t(`cash.${way}.reasons`).split("|") });
  if (!reason) return;
  const body = { point: state.point.id, way, amount, reason };
  await done(await perform("cash", "/cash-movements", body, { about: { total: 0 } }), t(`cash.${way}.done`, { amount: euros(amount) }));
}

async function fetchReport(path, title) {
  try {
    return (await ask("GET", `${path}?point=${state.point.id}`)).value;
  } catch (error) {
    await tell(title, error.problem ? error.message : t("not_now.report"), "wifi-slash");
    return null;
  }
}

export async function xReport() {
  const report = await fetchReport("/x-report", t("x"));
  if (report) await showReport(t("x.title"), t("x.text"), report);
}

export async function showClosings() {
  const value = await fetchReport("/closings", t("closings"));
  if (!value) return;
  const items = value.items;
  if (!items.length) return void (await tell(t("closings"), t("closings.none"), "receipt"));
  const word = (one) => t("z.number", { number: one.number, day: dayNamed(one.day) });
  const chosen = await choose(t("closings"), items.slice(0, 20).map((one) => ({ word: word(one), value: one, hint: euros(totalsOf(one).turnover ?? 0) })), "receipt");
  if (chosen) await showReport(word(chosen), t("z.text"), chosen);
}

// Count the drawer, say what stays, close. What is closed stays closed.
export async function closeDay() {
  const report = await fetchReport("/x-report", t("close"));
  if (!report) return;
  const way = await choose(t("close.count"), [
    { word: t("close.coins"), value: "coins", icon: "coins", extra: "big" },
    { word: t("close.sum"), value: "sum", icon: "b-keyboard", extra: "big" },
    { word: t("close.uncounted"), value: "none", icon: "b-prohibit", extra: "big" },
  ], "cash-register");
  if (!way) return;
  const counted = way === "none" ? null : way === "coins" ? await countCoins() : await pad(t("close.sum"), { zero: true });
  if (counted === null && way !== "none") return;
  const left = counted === null ? null : await pad(t("close.left"), { zero: true, max: counted, hint: t("close.left.hint"), name: "cash-register" });
  if (left === null && counted !== null) return;
  if (!(await confirm(t("close.title", { point: state.point.name }), closeWords(report, counted), { yes: t("close"), no: t("back"), icon: "lock-key" }))) return;
  const outcome = await perform("closing", "/closings", { point: state.point.id, counted, left }, { about: { total: 0 } });
  if (outcome.state === "refused") return void (await tell(t("refused"), said(`refused.${outcome.problem.name}`, outcome.problem.detail), "warning-circle"));
  if (outcome.state === "waiting") return void (await tell(t("close"), t("paid.waits"), "wifi-slash"));
  state.lastSale = null;
  const z = outcome.answer;
  await showReport(t("z.number", { number: z.number, day: dayNamed(z.day) }), t("z.text"), z);
}

function closeWords(report, counted) {
  const expected = report.drawer?.expected;
  if (counted === null || expected === undefined) return t("close.text");
  const gap = counted - expected;
  return `${t("close.text")} ${gap ? t(gap > 0 ? "close.more" : "close.less", { amount: euros(Math.abs(gap)) }) : t("close.exact")}`;
}

// How many of each note and coin; resolves with the sum in cents, or null.
function countCoins() {
  return sheet(
    t("close.coins"),
    (close) => {
      const sum = h("output", { class: "typed" }, euros(0));
      const fields = COINS.map((value) => h("input", { type: "number", min: "0", max: "9999", inputmode: "numeric", id: `coin-${value}`, oninput: () => add() }));
      const total = () => fields.reduce((cents, field, place) => cents + COINS[place] * Math.max(0, Math.floor(Number(field.value) || 0)), 0);
      const add = () => (sum.textContent = euros(total()));
      return [
        sum,
        h("div", { class: "coins" }, COINS.map((value, place) => h("p", null, h("label", { for: `coin-${value}` }, `${euros(value).replace(/[.,]00/, "")} ×`), fields[place]))),
        h("div", { class: "verbs" }, verb(t("back"), () => close(null), { kind: "neutral", icon: "b-x" }), verb(t("pad.ok"), () => close(total()), { kind: "primary" })),
      ];
    },
    { name: "coins" },
  );
}

const totalsOf = (report) => report.totals ?? report;

function showReport(title, text, report) {
  const totals = totalsOf(report);
  return present(
    (close) =>
      payScreen({
        title,
        amount: totals.turnover,
        kind: "report",
        inside: [
          h("p", { class: "hint" }, whose(report)),
          h("p", { class: "hint" }, text),
          state.isTraining ? h("p", null, h("b", null, t("simulation"))) : null,
          h("div", { class: "tables" }, sold(report, totals), table("report.means", totals.by_means, meansName), taxes(totals.by_rate), table("report.outside", totals.outside, (one) => t(`sort.${one.key}`)), drawer(report.drawer), table("report.categories", totals.by_category), table("report.products", totals.by_product), apart(totals.currencies), table("report.operators", totals.by_operator)),
        ],
        verbs: [backVerb(() => close(), t("back.till")), verb(t("print"), () => print(), { icon: "b-printer", extra: "big", key: "print" })],
      }),
    "report",
  );
}

// Whose report it is, of where, and of when: on paper it travels alone.
function whose(report) {
  const when = report.at ? new Date(report.at) : new Date();
  const by = report.operator ? [report.operator] : [];
  return [state.node?.name, report.point_name ?? state.point.name, `${day(when)}, ${hour(when)}`, ...by].join(" · ");
}

const meansName = (one) => (one.key?.startsWith("pass") ? one.label || t("means.pass") : said(`means.${one.key ?? one.label}`, one.label));
const row = (word, amount, kind = null) => h("li", { class: kind }, h("span", null, word), h("b", null, euros(amount)));

// How many sales, what was given back and offered, and the sums that only grow.
function sold(report, totals) {
  const sums = [["perpetual", report.perpetual], ["year", report.year_to_date]].filter(([, amount]) => typeof amount === "number");
  return h(
    "section",
    null,
    h("h2", null, t("report.sold")),
    h(
      "ul",
      { class: "rows slim" },
      row(t("report.sales", { n: totals.sales }), totals.turnover),
      totals.credit_notes ? h("li", null, h("span", null, t("report.notes", { n: totals.credit_notes }))) : null,
      totals.offered ? row(t("report.offered"), totals.offered) : null,
      sums.map(([name, amount]) => row(t(`report.${name}`), amount)),
    ),
  );
}

// The tax of each rate, and on how much it was taken.
function taxes(rows) {
  if (!rows?.length) return null;
  const rate = (one) => digits(Number(one.label), 2).replace(/[.,]00$/, "");
  return h("section", null, h("h2", null, t("report.vat")), h("ul", { class: "rows slim" }, rows.map((one) => row(t("vat", { rate: rate(one), net: euros(one.net) }), one.vat))));
}

function table(title, rows, name = (one) => one.label) {
  if (!rows?.length) return null;
  const line = (one) => h("li", null, h("span", null, name(one), one.count ? h("small", null, ` × ${one.count}`) : null), h("b", null, euros(one.amount)));
  const sum = rows.reduce((total, one) => total + one.amount, 0);
  return h("section", null, h("h2", null, t(title)), h("ul", { class: "rows slim" }, rows.map(line), rows.length > 1 ? row(t("total"), sum, "total") : null));
}

// Time and points: each by itself, never added to money.
function apart(sums) {
  const part = (word, amount, one) => h("li", null, h("span", null, word), h("b", null, amountIn(amount, one.currency)));
  return (sums ?? []).map((one) =>
    h(
      "section",
      null,
      h("h2", null, icon("hourglass", 28), t("report.apart", { name: one.currency.name })),
      h(
        "ul",
        { class: "rows slim" },
        one.by_product.map((row) => part(`${row.label} × ${row.count}`, row.amount, one)),
        part(t("total"), one.amount, one),
        one.given ? part(t("report.given"), one.given, one) : null,
      ),
    ),
  );
}

function drawer(one) {
  if (!one) return null;
  const names = ["opening", "floats", "came", "went", "expected", "counted", "difference", "left"];
  const shown = names.filter((name) => typeof one[name] === "number");
  return h("section", null, h("h2", null, icon("cash-register", 28), t("report.drawer")), h("ul", { class: "rows slim" }, shown.map((name) => h("li", null, h("span", null, t(`drawer.${name}`)), h("b", null, euros(one[name]))))));
}
