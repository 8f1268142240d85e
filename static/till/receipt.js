// A receipt on request: on this screen, or by mail.

import { ask } from "./api.js";
import { newId } from "./device.js";
import { h, icon, verb } from "./dom.js";
import { line } from "./line.js";
import { digits, euros, inUnit, quantityWords, stamp, thousandthsOf } from "./money.js";
import { notNow } from "./sell.js";
import { choose, sheet, tell, write } from "./sheets.js";
import { state } from "./state.js";
import { t } from "./words.js";

export async function receipt(done) {
  if (line.isCut || !done.sale) return notNow("receipt");
  const way = await choose(t("receipt.give"), [
    { word: t("receipt.screen"), value: "screen", icon: "receipt", extra: "big" },
    { word: t("receipt.mail"), value: "mail", icon: "envelope", extra: "big" },
  ], "receipt");
  if (!way) return undefined;
  const mail = way === "mail" ? await write(t("receipt.mail"), { label: t("receipt.address"), hint: t("receipt.address.hint"), type: "email" }) : undefined;
  if (way === "mail" && !mail) return undefined;
  try {
    const { value } = await ask("POST", `/sales/${done.id}/receipt`, { body: { id: newId(), at: stamp(), way, ...(mail ? { mail } : {}) } });
    if (way === "mail") return tell(t("receipt.sent"), t("receipt.sent.text", { mail }), "check-circle");
    return show(done.sale, value ?? {});
  } catch (error) {
    return tell(t("refused"), error.problem ? error.message : t("not_now.receipt"), "warning-circle");
  }
}

function show(sale, answer) {
  return sheet(
    state.node?.name ?? "",
    (close) => [
      h("div", { class: "receipt", "data-scroll": "receipt" }, answer.is_duplicate || answer.duplicate ? h("p", null, h("b", null, t("receipt.duplicate"))) : null, state.isTraining ? h("p", null, h("b", null, t("simulation"))) : null, h("p", null, t("paid.number", { number: sale.number })), saleRows(sale), vatRows(sale)),
      h("div", { class: "verbs" }, verb(t("understood"), () => close(true), { kind: "primary" })),
    ],
    { name: "receipt" },
  );
}

export function saleRows(sale) {
  const asset = (one) => (one.asset ? inUnit(one.amount, "€") : euros(one.amount));
  return [
    h("ul", { class: "rows slim" }, sale.lines.map((one) => h("li", null, h("span", null, `${one.label || t(`sort.${one.sort}`)} × ${quantityWords(thousandthsOf(one.quantity))}`), h("b", null, euros(one.gross))))),
    h("p", { class: "sum-row" }, h("span", null, t("total")), h("b", null, euros(sale.total))),
    h("ul", { class: "rows slim" }, (sale.payments ?? []).map((one) => h("li", null, icon("receipt", 22), h("span", null, one.name || t(`means.${one.means}`)), h("b", null, asset(one))))),
  ];
}

function vatRows(sale) {
  const byRate = new Map();
  for (const one of sale.lines) {
    if (!one.vat_rate) continue;
    const [net, vat] = byRate.get(one.vat_rate) ?? [0, 0];
    byRate.set(one.vat_rate, [net + one.net, vat + one.vat]);
  }
  const row = ([rate, [net, vat]]) => h("li", null, h("span", null, t("vat", { rate: digits(rate, 2).replace(/[.,]00$/, ""), net: euros(net) })), h("b", null, euros(vat)));
  for (const [rate, [net]] of byRate) if (!net) byRate.delete(rate);
  return byRate.size ? h("ul", { class: "rows slim" }, [...byRate].map(row)) : null;
}
