// Questions over the screen: a dialog with verbs, a list to choose from, a keypad, a sentence to write.

import { h, icon, verb } from "./dom.js";
import { digits, euros } from "./money.js";
import { t } from "./words.js";

let counter = 0;

// Opens a dialog; resolves with the value given to close(), null when left with Esc.
export function sheet(title, fill, { name = "", kind = "" } = {}) {
  const opener = document.activeElement?.dataset?.key;
  return new Promise((resolve) => {
    const id = `sheet-${(counter += 1)}`;
    const dialog = h("dialog", { class: `sheet ${kind}`, "aria-labelledby": id });
    const close = (value = null) => {
      dialog.close();
      dialog.remove();
      if (opener) document.querySelector(`#till [data-key="${CSS.escape(opener)}"]`)?.focus();
      resolve(value);
    };
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      close(null);
    });
    const inside = fill(close);
    dialog.append(h("h2", { id, tabindex: "-1" }, name ? icon(name, 32) : null, title), ...[inside].flat());
    document.body.append(dialog);
    dialog.showModal();
    (dialog.querySelector("[data-first]") ?? dialog.querySelector("h2")).focus();
  });
}

// Two verbs: the safe one is the filled one.
export function confirm(title, text, { yes, no, icon: name = "warning" }) {
  return sheet(
    title,
    (close) => [
      h("p", null, text),
      h(
        "div",
        { class: "verbs" },
        verb(no, () => close(false), { kind: "primary" }),
        verb(yes, () => close(true), { kind: "cancel" }),
      ),
    ],
    { name, kind: "brief" },
  );
}

export function tell(title, text, name = "info") {
  return sheet(
    title,
    (close) => [h("p", null, text), h("div", { class: "verbs" }, verb(t("understood"), () => close(true), { kind: "primary" }))],
    { name, kind: "brief" },
  );
}

// Choices [{word, value, icon, hint, off}].
export function choose(title, choices, name = "") {
  return sheet(
    title,
    (close) => [
      h("div", { class: "choices" }, choices.map((one) => verb(one.word, () => close(one.value), { ...one, kind: one.kind ?? "neutral" }))),
      h("div", { class: "verbs" }, verb(t("back"), () => close(null), { kind: "neutral", icon: "b-x" })),
    ],
    { name },
  );
}

// A keypad. `scale` digits after the point; resolves with an integer, or null.
export function pad(title, more = {}) {
  const { scale = 2, suffix = "€", quick = [], yes = t("pad.ok"), hint = "", name = "", max = 9_999_999, start = 0, zero = false } = more;
  return sheet(
    title,
    (close) => {
      const figure = h("output", { class: "typed", "aria-live": "polite" });
      const go = verb(yes, () => (value || zero) && close(value), { kind: "primary", extra: "big" });
      let value = start;
      let isFresh = start > 0;
      const show = () => {
        const text = suffix === "€" ? euros(value) : `${digits(value, scale)} ${suffix}`;
        figure.textContent = text;
        if (value || zero) go.removeAttribute("aria-disabled");
        else go.setAttribute("aria-disabled", "true");
      };
      const type = (digit) => {
        const next = isFresh ? Number(digit) : Number(`${value}${digit}`);
        isFresh = false;
        if (next <= max) value = next;
        show();
      };
      const rub = () => {
        value = isFresh ? 0 : Math.floor(value / 10);
        isFresh = false;
        show();
      };
      show();
      return [
        hint ? h("p", { class: "hint" }, hint) : null,
        figure,
        quick.length
          ? h("div", { class: "quick" }, quick.map((one) => verb(one.word ?? euros(one), () => close(one.value ?? one), { kind: "neutral" })))
          : null,
        keys(type, rub, () => go.click()),
        h("div", { class: "verbs" }, verb(t("back"), () => close(null), { kind: "neutral", icon: "b-x" }), go),
      ].filter(Boolean);
    },
    { name, kind: "pad" },
  );
}

// Twelve keys; the keyboard's digits do the same, and Enter where nothing else is pressed by it.
export function keys(type, rub, enter = () => {}) {
  const key = (digit) => verb(digit, () => type(digit), { kind: "key", label: digit });
  const box = h(
    "div",
    { class: "keys", role: "group", "aria-label": t("pad.keys") },
    ["1", "2", "3", "4", "5", "6", "7", "8", "9", "00", "0"].map(key),
    h("button", { type: "button", class: "button key", onclick: rub, "aria-label": t("pad.erase"), key: "rub" }, icon("b-backspace", 28)),
  );
  const typed = (event) => {
    if (!box.isConnected) return removeEventListener("keydown", typed, true);
    const dialog = document.querySelector("dialog[open]");
    if (event.target.matches("input, textarea") || (dialog && !dialog.contains(box))) return undefined;
    if (/^\d$/.test(event.key)) type(event.key);
    else if (event.key === "Backspace") rub();
    else if (event.key === "Enter" && !event.defaultPrevented && !event.target.closest("button, a")) {
      // The press ends here: what opens now must not be answered by it.
      event.preventDefault();
      enter();
    }
    return undefined;
  };
  addEventListener("keydown", typed, true);
  return box;
}

// A short sentence: a reason, an address.
export function write(title, { label, hint = "", type = "text", quick = [], yes = t("pad.ok"), optional = false, name = "" }) {
  return sheet(
    title,
    (close) => {
      const field = h("input", { type, id: "written", maxlength: "200", autocomplete: "off", "data-first": true });
      const send = (event) => {
        event.preventDefault();
        const text = field.value.trim();
        if ((text || optional) && field.reportValidity()) close(text);
      };
      const put = (text) => {
        field.value = text;
        field.focus();
      };
      return h(
        "form",
        { onsubmit: send },
        h("label", { for: "written" }, label),
        hint ? h("p", { class: "hint" }, hint) : null,
        field,
        quick.length ? h("div", { class: "quick" }, quick.map((text) => verb(text, () => put(text), { kind: "neutral" }))) : null,
        h(
          "div",
          { class: "verbs" },
          verb(t("back"), () => close(null), { kind: "neutral", icon: "b-x" }),
          h("button", { type: "submit", class: "button primary" }, yes),
        ),
      );
    },
    { name },
  );
}
