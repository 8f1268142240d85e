// Who sells: a PIN, or a staff card. Kept for sixteen hours on this device.

import { Cut, Refused, ask } from "./api.js";
import { h, icon, verb } from "./dom.js";
import { line } from "./line.js";
import { listen, startNfc } from "./readers.js";
import { keys } from "./sheets.js";
import { paint, present } from "./stage.js";
import { state } from "./state.js";
import { statusPill } from "./status.js";
import { forget, keep, kept } from "./store.js";
import { sound } from "./tap.js";
import { said, t } from "./words.js";

const MOST = 8;
const LEAST = 4;

export async function restoreOperator() {
  const operator = await kept("operator");
  state.operator = operator && new Date(operator.expires_at) > new Date() ? operator : null;
}

export async function leaveOperator() {
  ask("POST", "/operators/leave", {}).catch(() => {});
  state.operator = null;
  await forget("operator");
}

// Resolves once an operator holds the till; with `canLeave`, Esc keeps the one before.
export function operatorScreen({ canLeave = false } = {}) {
  let pin = "";
  let problem = "";
  let isAsking = false;
  let stop = () => {};
  const shown = present((close) => {
    const identify = async (body) => {
      if (isAsking) return;
      isAsking = true;
      problem = "";
      paint();
      problem = await hold(body);
      isAsking = false;
      pin = "";
      if (!problem) return close(true);
      sound("no");
      return paint();
    };
    const change = (next) => {
      pin = next.slice(0, MOST);
      paint();
    };
    stop();
    stop = listen((tap) => identify({ tap }));
    const go = () => pin.length >= LEAST && identify({ pin });
    return draw({ pin, problem, isAsking, go, type: (digits) => change(pin + digits), rub: () => change(pin.slice(0, -1)), leave: canLeave ? () => close(false) : null });
  }, "operator");
  return shown.finally(() => stop());
}

async function hold(body) {
  try {
    const { value } = await ask("POST", "/operators/identify", { body, operator: null });
    state.operator = { ...value.operator, token: value.token, expires_at: value.expires_at };
    await keep("operator", state.operator);
    return "";
  } catch (error) {
    if (error instanceof Cut) return t("operator.cut");
    if (error instanceof Refused) return said(`refused.${error.name}`, error.message);
    throw error;
  }
}

function draw({ pin, problem, isAsking, go, type, rub, leave }) {
  startNfc();
  return h(
    "main",
    { class: "pay pairing" },
    h("div", { class: "towel", "aria-hidden": "true" }),
    h("div", { class: "corner" }, statusPill("operator")),
    h(
      "div",
      { class: "pay-inside", "data-scroll": "operator" },
      h(
        "div",
        { class: "pair-words" },
        icon("identification-card", 72),
        h("h1", { tabindex: "-1" }, t("operator.title")),
        h("p", { class: "lead" }, t("operator.text")),
        h("p", { class: "hint" }, [state.node?.name, state.device?.name].filter(Boolean).join(" · ")),
        leave ? verb(t("back"), leave, { kind: "neutral", icon: "b-x", key: "leave" }) : null,
      ),
      h(
        "div",
        { class: "pair-code" },
        h("output", { class: "code", "aria-label": t("operator.pin", { n: pin.length }) }, "•".repeat(pin.length).padEnd(LEAST, "·").split("").join(" ")),
        h("p", { class: "problem", role: "alert" }, problem ? [icon("b-warning", 24), " ", problem] : line.isCut ? t("operator.cut") : ""),
        keys(type, rub, go),
        verb(isAsking ? t("asking") : t("operator.go"), go, { kind: "primary", icon: "b-check", extra: "huge", key: "go", off: pin.length < LEAST || isAsking }),
      ),
    ),
  );
}
