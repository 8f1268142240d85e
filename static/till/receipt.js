// A receipt on request: on this screen, or by mail.

import { ask } from "./api.js";
import { newId } from "./device.js";
import { h, icon, verb } from "./dom.js";
import { line } from "./line.js";
import { amountIn, quantityWords, stamp, thousandthsOf } from "./money.js";
import { notNow } from "./sell.js";
import { choose, sheet, tell, write } from "./sheets.js";
import { t } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

export async function receipt(done) {
  if (line.isCut || !done.sale) return notNow("receipt");
  const way = await choose(t("receipt.give"), [
    { word: t("receipt.qr"), hint: t("receipt.qr.hint"), value: "qr", icon: "qr-code", extra: "big" },
    { word: t("receipt.screen"), value: "screen", icon: "receipt", extra: "big" },
    { word: t("receipt.mail"), value: "mail", icon: "envelope", extra: "big" },
  ], "receipt");
  if (!way) return undefined;
  const mail = way === "mail" ? await write(t("receipt.mail"), { label: t("receipt.address"), hint: t("receipt.address.hint"), type: "email" }) : undefined;
  if (way === "mail" && !mail) return undefined;
  try {
    const { value } = await ask("POST", `/sales/${done.id}/receipt`, { body: { id: newId(), at: stamp(), way, ...(mail ? { mail } : {}) } });
    if (way === "mail") return tell(t("receipt.sent"), t("receipt.sent.text", { mail }), "check-circle");
    if (way === "qr" && value.qr) return showCode(value);
    return show(value);
  } catch (error) {
    return tell(t("refused"), error.problem ? error.message : t("not_now.receipt"), "warning-circle");
  }
}

// The node's own words, on paper: shown, and printed as they are.
function show(answer) {
  return sheet(
    t(answer.is_duplicate ? "receipt.duplicate" : "receipt"),
    (close) => [
      h("div", { class: "paper", "data-scroll": "receipt", tabindex: "0", role: "region", "aria-label": t("receipt") }, paperLines(answer.text)),
      h("div", { class: "verbs" }, verb(t("print"), () => print(), { icon: "b-printer", key: "print" }), verb(t("understood"), () => close(true), { kind: "primary" })),
    ],
    { name: "receipt", kind: "on-paper" },
  );
}

// The customer's own telephone reads it; black on white in both sets of colours.
function showCode({ qr, address, is_duplicate: isCopy }) {
  const drawing = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", qr.path);
  for (const [name, value] of [["viewBox", `0 0 ${qr.side} ${qr.side}`], ["class", "code-drawing"], ["role", "img"], ["aria-label", t("receipt.qr.alt")]]) drawing.setAttribute(name, value);
  drawing.append(path);
  return sheet(
    t(isCopy ? "receipt.duplicate" : "receipt"),
    (close) => [h("p", null, t("receipt.qr.text")), drawing, h("p", { class: "hint address" }, address), h("div", { class: "verbs" }, verb(t("understood"), () => close(true), { kind: "primary" }))],
    { name: "receipt" },
  );
}

const PAIR = /^(\S.*?)(?: {2,}| (?=[+\u2212-]?[\d\s\u00a0\u202f.,]+(?:€|\u00a0\S+)$))(\S.*)$/;

// Forty signs a line: what stands at the right stays there, what is centred stays so.
function paperLines(text) {
  const lines = text.trimEnd().split("\n");
  const heading = lines.indexOf("");
  return lines.map((one, place) => {
    if (/^-+$/.test(one)) return h("hr");
    const [, left, right] = PAIR.exec(one) ?? [];
    if (right) return h("p", { class: "pair" }, h("span", null, left), h("b", null, right));
    return h("p", { class: place < heading || one.startsWith(" ") ? "middle" : null }, one.trim() || "\u00a0");
  });
}

export function saleRows(sale) {
  const words = (amount) => amountIn(amount, sale.currency);
  return [
    h("ul", { class: "rows slim" }, sale.lines.map((one) => h("li", null, h("span", null, `${one.label || t(`sort.${one.sort}`)} × ${quantityWords(thousandthsOf(one.quantity))}`), h("b", null, words(one.gross))))),
    h("p", { class: "sum-row" }, h("span", null, t("total")), h("b", null, words(sale.total))),
    h("ul", { class: "rows slim" }, (sale.payments ?? []).map((one) => h("li", null, icon("receipt", 22), h("span", null, one.name || t(`means.${one.means}`)), h("b", null, words(one.amount))))),
  ];
}
