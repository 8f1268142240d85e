// The state of the line, always in sight; and what every screen wears: simulation, unprotected page, messages.

import { h, icon, verb } from "./dom.js";
import { line } from "./line.js";
import { state } from "./state.js";
import { t } from "./words.js";

const ICONS = { connected: "b-wifi-high", sending: "b-paper-plane-tilt", cut: "b-wifi-slash", blocked: "b-prohibit" };
let open = () => {};
let guide = () => {};
let kept = () => {};

export function linkStatus(act, help, look) {
  open = act;
  guide = help;
  kept = look;
}

export function statusPill(where = "shop") {
  return h(
    "button",
    { type: "button", class: `pill ${line.state}`, onclick: () => open(), key: `status ${where}` },
    icon(ICONS[line.state], 24),
    h("span", null, statusWords()),
  );
}

function statusWords() {
  const words = t(`line.${line.state}`, { n: line.waiting });
  return line.state === "cut" && line.waiting ? `${words} · ${line.waiting}` : words;
}

// Refresh the pills where they stand: a change of the line must not disturb a press.
export function refreshPills() {
  for (const pill of document.querySelectorAll(".pill")) {
    const where = pill.dataset.key.replace("status ", "");
    const isFocused = pill === document.activeElement;
    const fresh = statusPill(where);
    pill.replaceWith(fresh);
    if (isFocused) fresh.focus({ preventScroll: true });
  }
}

export function bands() {
  return [
    state.isTraining
      ? h("p", { class: "band simulation" }, icon("graduation-cap", 26), h("span", null, h("b", null, t("simulation")), " ", t("simulation.text")))
      : null,
    line.refused
      ? h("div", { class: "band unsafe" }, icon("b-warning", 22), h("span", null, t("refusals", { n: line.refused })), verb(t("look"), () => kept(), { kind: "plain", key: "band kept" }))
      : null,
    state.clockOff ? h("p", { class: "band unsafe" }, icon("b-warning", 22), h("span", null, t("clock.off", { minutes: Math.abs(state.clockOff), way: t(state.clockOff > 0 ? "clock.ahead" : "clock.behind") }))) : null,
    globalThis.isSecureContext
      ? null
      : h(
          "div",
          { class: "band unsafe" },
          icon("b-warning", 22),
          h("span", null, t("unsafe")),
          verb(t("unsafe.why"), () => guide(), { kind: "plain" }),
        ),
  ];
}
