// Everything else: last sales, cash, reports, closing, this till's own settings. Rights decide what is shown.

import { ask } from "./api.js";
import { addTip, fits } from "./basket.js";
import { readCard, startTopUp } from "./card.js";
import { h, verb } from "./dom.js";
import { guide } from "./pairing.js";
import { lastSales } from "./history.js";
import { lineScreen } from "./cut.js";
import { MINUTES, chooseLock, lockAfter } from "./idle.js";
import { keptScreen } from "./kept.js";
import { line } from "./line.js";
import { closeDay, moveCash, showClosings, xReport } from "./drawer.js";
import { backVerb, payScreen } from "./means.js";
import { leaveOperator } from "./operator.js";
import { readersScreen } from "./reading.js";
import { tellApart } from "./sell.js";
import { choose, confirm, pad, tell } from "./sheets.js";
import { paint, present } from "./stage.js";
import { may, state } from "./state.js";
import { keep } from "./store.js";
import { chooseTheme, themeChoice } from "./theme.js";
import { language, said, speak, t } from "./words.js";

// `start` asks again who sells, after the operator left.
export async function moreScreen(start) {
  const act = await present((close) => draw(close), "more");
  if (!act) return;
  await act(start);
  paint();
}

function draw(close) {
  const row = ([name, picture, act, right, needsLine]) =>
    right && !may(right)
      ? null
      : verb(t(name), () => close(act), { kind: "neutral", icon: picture, extra: "big", key: name, off: needsLine && line.isCut, hint: needsLine && line.isCut ? t("not_now") : "" });
  const group = (title, rows) => {
    const shown = rows.map(row).filter(Boolean);
    return shown.length ? h("section", null, h("h2", null, t(title)), h("div", { class: "choices" }, shown)) : null;
  };
  return payScreen({
    title: t("more"),
    kind: "more",
    inside: [
      group("more.sales", [
        ["read_card", "contactless-payment", () => readCard(), null, true],
        ["top_up", "plus-circle", startTopUp, "top_up", true],
        ["history", "clock-counter-clockwise", lastSales, null, true],
        ["tip", "hand-coins", tip],
        ["kept", "tray", keptScreen],
        ["line.state", "wifi-high", lineScreen],
      ]),
      group("more.drawer", [
        ["cash.in", "tray", () => moveCash("in"), "float"],
        ["cash.out", "hand-coins", () => moveCash("out"), "float"],
        ["cash.float", "cash-register", () => moveCash("float"), "float"],
        ["x", "chart-bar", xReport, null, true],
        ["close", "lock-key", closeDay, "close", true],
        ["closings", "receipt", showClosings, "close", true],
      ]),
      group("more.till", [
        [state.isTraining ? "training.end" : "training", "graduation-cap", training, "training", true],
        ["readers", "contactless-payment", readersScreen],
        ["colours", "moon", colours],
        ["language.other", "b-translate", otherLanguage],
        ["lock", "lock-key", lock],
        ["operator.change", "user-circle", change, null, true],
      ]),
      h("p", { class: "hint" }, [state.device?.name, t("series", { series: state.device?.series ?? "" }), state.operator?.code].filter(Boolean).join(" · ")),
      globalThis.isSecureContext ? null : verb(t("unsafe.why"), guide, { kind: "plain", key: "unsafe" }),
    ],
    verbs: backVerb(() => close(null), t("back.till")),
  });
}

async function tip() {
  if (!fits(null)) return void (await tellApart());
  const amount = await pad(t("tip"), { hint: t("tip.hint"), yes: t("add"), name: "hand-coins" });
  if (amount) addTip(amount);
}

async function change(start) {
  await leaveOperator();
  await start();
}

function otherLanguage() {
  speak(language() === "fr" ? "en" : "fr");
}

async function colours() {
  const word = (choice) => ({ word: t(`colours.${choice}`), value: choice, icon: choice === "evening" ? "b-moon" : "b-sun", kind: choice === themeChoice() ? "primary" : "neutral" });
  const choice = await choose(t("colours"), ["auto", "day", "evening"].map(word));
  if (choice) chooseTheme(choice);
}

async function lock() {
  const word = (minutes) => ({ word: minutes ? t("lock.after", { n: minutes }) : t("lock.never"), value: minutes, kind: minutes === lockAfter() ? "primary" : "neutral" });
  const minutes = await choose(t("lock"), MINUTES.map(word), "lock-key");
  if (minutes !== null) await chooseLock(minutes);
}

async function training() {
  const isOn = !state.isTraining;
  if (isOn && !(await confirm(t("training.title"), t("training.text"), { yes: t("training"), no: t("back"), icon: "graduation-cap" }))) return;
  try {
    const { value } = await ask("POST", "/training", { body: { is_training: isOn } });
    state.device = value;
    state.isTraining = value.is_training;
    state.lastSale = null;
    await keep("device", value);
  } catch (error) {
    await tell(t("refused"), said(`refused.${error.name}`, error.message), "warning-circle");
  }
}
