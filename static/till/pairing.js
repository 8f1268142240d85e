// A new till: six digits from the back office, or the address in its QR code. Its key is made here.

import { Cut, Refused, ask } from "./api.js";
import { publicKey } from "./device.js";
import { h, icon, verb } from "./dom.js";
import { camera, hasCamera } from "./readers.js";
import { keys, tell } from "./sheets.js";
import { paint, present } from "./stage.js";
import { state } from "./state.js";
import { bands } from "./status.js";
import { forgetEverything, keep } from "./store.js";
import { language, said, speak, t } from "./words.js";

const DIGITS = 6;

export async function pairScreen() {
  let code = codeOfAddress();
  let problem = "";
  let isAsking = false;
  return present((close) => {
    const go = async () => {
      if (isAsking || code.length < DIGITS) return;
      isAsking = true;
      problem = "";
      paint();
      problem = await pairWith(code);
      isAsking = false;
      if (!problem) return close();
      code = "";
      return paint();
    };
    const type = (digits) => {
      code = (code + digits).slice(0, DIGITS);
      paint();
    };
    const rub = () => {
      code = code.slice(0, -1);
      paint();
    };
    const film = async () => {
      const found = await camera(t("pair.camera"));
      code = /pair=(\d{6})/.exec(found?.url ?? "")?.[1] ?? code;
      paint();
    };
    return draw({ code, problem, isAsking, go, type, rub, film });
  }, "pairing");
}

function codeOfAddress() {
  const code = /[#&]pair=(\d{6})/.exec(location.hash)?.[1] ?? "";
  if (code) history.replaceState(null, "", location.pathname);
  return code;
}

// Resolves with what went wrong, "" when the till is paired.
async function pairWith(code) {
  try {
    // Its name was given in the office, where the code was made.
    const body = { code, public_key: await publicKey() };
    const { value } = await ask("POST", "/pairings", { body, operator: null });
    state.token = value.token;
    state.device = value.device;
    await keep("token", value.token);
    await keep("device", value.device);
    return "";
  } catch (error) {
    if (error instanceof Cut) return t("pair.cut");
    if (error instanceof Refused) return said(`refused.${error.name}`, error.message);
    throw error;
  }
}

function draw({ code, problem, isAsking, go, type, rub, film }) {
  const other = language() === "fr" ? "en" : "fr";
  const change = () => {
    speak(other);
    paint();
  };
  const shown = code.padEnd(DIGITS, "·");
  return h(
    "main",
    { class: "pay pairing" },
    h("div", { class: "towel", "aria-hidden": "true" }),
    bands(),
    h(
      "div",
      { class: "pay-inside", "data-scroll": "pairing" },
      h(
        "div",
        { class: "pair-words" },
        icon("cash-register", 72),
        h("h1", { tabindex: "-1" }, t("pair.title")),
        h("ol", null, h("li", null, t("pair.one")), h("li", null, t("pair.two")), h("li", null, t("pair.three"))),
        h("p", { class: "hint" }, t("pair.hint")),
        hasCamera() ? verb(t("pair.camera"), film, { kind: "plain", icon: "b-qr-code", key: "camera" }) : null,
        verb(t("language.other"), change, { kind: "plain", icon: "b-translate", key: "language" }),
      ),
      h(
        "div",
        { class: "pair-code" },
        h("output", { class: "code", "aria-label": t("pair.code") }, `${shown.slice(0, 3)} ${shown.slice(3)}`),
        h("p", { class: "problem", role: "alert" }, problem ? [icon("b-warning", 24), " ", problem] : ""),
        keys(type, rub, go),
        verb(isAsking ? t("asking") : t("pair.go"), go, { kind: "primary", icon: isAsking ? "b-hourglass-medium" : "b-check", extra: "huge", key: "go", off: code.length < DIGITS || isAsking }),
      ),
    ),
  );
}

// This till was taken out of service: what it keeps stays until somebody says otherwise.
export async function unpair() {
  await forgetEverything();
  location.replace("/till/");
}

export function guide() {
  return tell(t("unsafe"), t("unsafe.text", { address: `https://${location.host}/till/` }), "lock-key");
}
