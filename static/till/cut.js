// The line is cut: what works, what does not now, what this till keeps. It says so at once, and goes on selling.

import { h, icon, verb } from "./dom.js";
import { line } from "./line.js";
import { euros, hour } from "./money.js";
import { keptScreen } from "./kept.js";
import { drain, waitingOperations } from "./queue.js";
import { isBase, paint, present } from "./stage.js";
import { state } from "./state.js";
import { t } from "./words.js";

let isShown = false;
let isNews = false;
let waiting = [];

// Shown by itself when the line falls, or once the payment in progress is over; and whenever the pill is pressed.
export async function lineScreen({ isCalled = true } = {}) {
  isNews = !isCalled && !isBase();
  if (isShown || isNews) return;
  isShown = true;
  await count();
  await present(draw, "line");
  isShown = false;
}

async function count() {
  waiting = await waitingOperations();
}

// What is shown follows the line.
line.onChange(async () => {
  if (!isShown) return;
  await count();
  paint();
});

export function tellOfLine() {
  if (isNews && isBase() && line.isCut) lineScreen({ isCalled: false });
}

function draw(close) {
  const again = async () => {
    await drain();
    // The till asks at once whether the line is back; this screen follows.
    dispatchEvent(new Event("online"));
  };
  const name = line.state;
  return h(
    "main",
    { class: `pay cut ${name}` },
    h(
      "header",
      { class: "pay-head" },
      icon({ cut: "wifi-slash", blocked: "prohibit" }[name] ?? "wifi-high", 72),
      h("div", null, h("h1", { tabindex: "-1" }, t(`${name}.title`)), h("p", null, t(`${name}.text`, { hour: line.since ? hour(line.since) : "", n: waiting.length }))),
    ),
    h(
      "div",
      { class: "pay-inside", "data-scroll": "line" },
      name === "cut" ? worksAndNot() : null,
      waiting.length ? kept() : null,
      line.refused ? refused() : null,
    ),
    h(
      "div",
      { class: "pay-verbs two" },
      h("button", { type: "button", class: "button primary huge", onclick: () => close(), "data-back": true, "data-first": true, key: "on" }, icon(state.point?.icon ?? "storefront", 32), h("span", null, line.isBlocked ? t("back") : t("sell.on"))),
      name === "connected" ? null : verb(t("try_again"), again, { icon: "b-arrows-clockwise", extra: "big", key: "again" }),
    ),
  );
}

function worksAndNot() {
  return h(
    "div",
    { class: "two-lists" },
    h("section", { class: "works" }, h("h2", null, icon("check-circle", 32), t("cut.works")), [["money", "cash"], ["credit-card", "card"], ["note-pencil", "cheque"]].map(item)),
    h("section", { class: "not-now" }, h("h2", null, icon("x-circle", 32), t("not_now")), [["contactless-payment", "pass"], ["plus-circle", "top_up"], ["hourglass", "units"], ["eye", "balance"]].map(item)),
  );
}

function item([picture, name]) {
  return h("div", { class: "item" }, icon(picture, 42), h("p", null, h("b", null, t(`cut.${name}`)), h("span", null, t(`cut.${name}.text`))));
}

function kept() {
  const sum = waiting.reduce((total, one) => total + (one.about?.currency ? 0 : (one.about?.total ?? 0)), 0);
  return h(
    "div",
    { class: "item kept" },
    h("span", { class: "plate" }, String(waiting.length)),
    h("p", null, h("b", null, t("kept.title", { n: waiting.length, sum: euros(sum) })), h("span", null, t("kept.text", { n: waiting.length }))),
    verb(t("look"), keptScreen, { kind: "neutral", key: "kept" }),
  );
}

// What the node refused after the till had kept it: somebody must look.
function refused() {
  return h(
    "div",
    { class: "item kept refused-row" },
    icon("warning", 42),
    h("p", null, h("b", null, t("refusals", { n: line.refused })), h("span", null, t("refusals.text"))),
    verb(t("look"), keptScreen, { kind: "neutral", key: "refused" }),
  );
}
