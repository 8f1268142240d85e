// The screens about readers: which format, a try, the bridge of a reader plugged into this computer.

import { bridge, onBridge, pairBridge, tryBridge } from "./bridge.js";
import { h, icon, verb } from "./dom.js";
import { hasNfc, listen, saveReaders, settings, tapOf } from "./readers.js";
import { choose, confirm, sheet, tell, write } from "./sheets.js";
import { isBase, paint } from "./stage.js";
import { state } from "./state.js";
import { t } from "./words.js";

const FORMATS = ["auto", "hex", "hex-reversed", "decimal", "decimal-reversed"];
const PICTURES = { ready: "check-circle", asking: "hourglass", none: "plugs", forbidden: "lock-key" };

export async function readersScreen() {
  const what = await choose(t("readers"), [
    { word: t("readers.format"), hint: t(`format.${settings.format}`), value: format, icon: "b-keyboard" },
    { word: t("readers.try"), value: tryReader, icon: "contactless-payment" },
    { word: t("readers.bridge"), hint: t(`bridge.${bridge.state}`, { reader: bridge.reader }), value: bridgeScreen, icon: "plugs-connected" },
  ], "contactless-payment");
  await what?.();
}

async function format() {
  const chosen = await choose(t("readers.format"), FORMATS.map((name) => ({ word: t(`format.${name}`), value: name, kind: name === settings.format ? "primary" : "neutral" })));
  if (chosen) await saveReaders({ format: chosen });
}

async function tryReader() {
  const text = await write(t("readers.try"), { label: t("readers.try.label"), hint: hasNfc() ? t("readers.nfc") : "" });
  const tap = text && tapOf(text);
  if (tap) await tell(t("readers.read"), tap.uid ?? tap.text, "check-circle");
}

// What stands here changes while it is open: the reader is plugged in, the code was right.
export async function bridgeScreen() {
  const stops = [];
  await sheet(
    t("readers.bridge"),
    (close) => {
      const body = h("div", { class: "choices" });
      const status = h("p", { class: "lead", role: "status" });
      const hint = h("p", { class: "hint" }, t("bridge.paired"));
      let isShown = null;
      const draw = () => {
        status.replaceChildren(...stateLine());
        hint.hidden = bridge.state !== "ready";
        if (isShown === isPaired()) return;
        isShown = isPaired();
        body.replaceChildren(...(isShown ? paired(close) : pairing(close)));
        if (isShown && body.isConnected) body.querySelector("button").focus();
      };
      draw();
      stops.push(onBridge(draw), listen(() => isPaired() && status.replaceChildren(icon("check-circle", 28), " ", t("bridge.card"))));
      return [status, hint, body];
    },
    { name: "plugs-connected", kind: "listens" },
  );
  for (const stop of stops) stop();
}

const isPaired = () => Boolean(settings.bridge) && bridge.state !== "stranger";
const stateLine = () => [icon(PICTURES[bridge.state] ?? "warning-circle", 28), " ", t(`bridge.${bridge.state}`, { reader: bridge.reader })];

function paired(close) {
  return [
    h(
      "div",
      { class: "verbs" },
      verb(t("back"), () => close(null), { kind: "neutral", icon: "b-x" }),
      verb(t("bridge.forget"), () => forget(close), { kind: "cancel", icon: "plugs", label: t("bridge.forget.title") }),
      verb(t("try_again"), tryBridge, { kind: "primary", icon: "b-arrows-clockwise" }),
    ),
  ];
}

async function forget(close) {
  if (!(await confirm(t("bridge.forget.title"), t("bridge.forget.text"), { yes: t("bridge.forget"), no: t("back") }))) return;
  await saveReaders({ bridge: null });
  close(null);
}

function pairing(close) {
  const field = h("input", { type: "text", id: "reader-code", inputmode: "numeric", maxlength: "20", autocomplete: "off", required: true, "data-first": true, "aria-describedby": "reader-problem" });
  const problem = h("p", { class: "problem", id: "reader-problem", role: "alert" });
  const send = async (event) => {
    event.preventDefault();
    problem.replaceChildren();
    const found = await pairBridge(field.value);
    if (!found.problem) return saveReaders({ bridge: found });
    problem.replaceChildren(icon("b-warning", 24), " ", t(`bridge.problem.${found.problem in PROBLEMS ? found.problem : "absent"}`));
    field.select();
    return field.focus();
  };
  return [
    h("ol", { class: "steps" }, ["one", "two", "three"].map((step) => h("li", null, t(`bridge.${step}`)))),
    h(
      "form",
      { onsubmit: send, novalidate: true },
      h("label", { for: "reader-code" }, t("bridge.code")),
      field,
      problem,
      h(
        "div",
        { class: "verbs" },
        verb(t("back"), () => close(null), { kind: "neutral", icon: "b-x" }),
        h("button", { type: "submit", class: "button primary" }, icon("b-plugs-connected", 26), h("span", null, t("bridge.pair"))),
      ),
    ),
  ];
}

const PROBLEMS = { bad_message: 1, wrong_code: 1, too_many_tries: 1, forbidden: 1, absent: 1, origin_refused: 1 };

// In place of "hold the card to the reader", when the reader that belongs to this till cannot see it.
export const readerTrouble = () => (isPaired() && !["ready", "asking"].includes(bridge.state) ? stateLine() : null);

// Plugged in, unplugged: said where the seller looks. The first "ready" after opening is no news.
export function watchReader() {
  let wasReady = true;
  onBridge((now) => {
    if (now === "asking" || now === "none") return;
    const isReady = now === "ready";
    if (isReady !== wasReady) state.notice = t(isReady ? "bridge.came" : `bridge.${now}`, { reader: bridge.reader });
    wasReady = isReady;
    if (isBase() || document.querySelector("#till .waiting")) paint();
  });
}
