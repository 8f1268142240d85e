// Waiting for a card: the amount, the waves, and other ways to read it. A lost card is refused loudly.

import { Cut, Refused, ask } from "./api.js";
import { h, icon, verb } from "./dom.js";
import { line } from "./line.js";
import { backVerb } from "./means.js";
import { amountIn } from "./money.js";
import { figure } from "./order.js";
import { camera, hasCamera, listen, startNfc } from "./readers.js";
import { readerTrouble } from "./reading.js";
import { say } from "./say.js";
import { tell as inform, write } from "./sheets.js";
import { paint, present } from "./stage.js";
import { statusPill } from "./status.js";
import { said, t } from "./words.js";

const WORKS = "active";

// Pay `amount` with the next Pass. Resolves with a payment, "short", or null. With isLoad: only the tap.
export async function payByPass(plan, amount, { isLoad = false, who = "" } = {}) {
  const tap = await waitForTap({ amount: isLoad ? undefined : amount, currency: plan.currency, hint: isLoad ? t("tap.load", { who }) : "" });
  if (!tap) return null;
  if (isLoad) return { tap, tapped: tap.tapped };
  if (plan.currency) return payApart(plan.currency, amount, tap);
  const pays = Math.min(tap.payable ?? 0, amount);
  plan.short = pays < amount ? { pays, who: tap.who } : null;
  if (pays <= 0) return "short";
  return { means: "pass", amount: pays, tap: tap.ref, tapped: tap.tapped, who: tap.who, host: tap.home, balances: tap.balances };
}

// Time or points, all of it or nothing: what is missing is said, and nothing else replaces it.
async function payApart(unit, amount, tap) {
  const has = tap.balances.find((one) => !one.host && one.asset === unit.asset)?.amount ?? 0;
  if (has >= amount) return { means: "pass", amount, tap: tap.ref, tapped: tap.tapped, who: tap.who, host: tap.home, balances: tap.balances };
  sound("no");
  await inform(t("apart.short"), t("apart.short.text", { has: amountIn(has, unit), missing: amountIn(amount - has, unit) }), "warning");
  return null;
}

// Resolves with what the node says of the card, or null. Cards that may not be used are refused here.
export async function waitForTap({ amount, currency = null, title = t("tap.title"), hint = "", any = false } = {}) {
  startNfc();
  for (;;) {
    const said = await waitScreen({ amount, currency, title, hint });
    if (!said) return null;
    if (said.state === WORKS || any) return said;
    await refusedCard(said, amount !== undefined);
  }
}

function waitScreen({ amount, currency, title, hint }) {
  let problem = "";
  let isAsking = false;
  let stop = () => {};
  const shown = present((close) => {
    const refuse = (words) => {
      isAsking = false;
      problem = words;
      say(problem);
      sound("no");
      paint();
    };
    const tell = async (tap) => {
      if (!tap || isAsking) return;
      isAsking = true;
      problem = "";
      paint();
      try {
        const { value } = await ask("POST", "/taps", { body: tap });
        // Said before the sale is sent; the card itself may still be held to the reader.
        if (value.must_prove && amount !== undefined) return refuse(value.words);
        close({ ...value, tapped: Date.now() });
      } catch (error) {
        refuse(problemOf(error));
      }
    };
    stop();
    stop = listen(tell);
    return draw({ amount, currency, title, hint, problem, isAsking, tell, close });
  }, "tap");
  return shown.finally(() => stop());
}

function problemOf(error) {
  if (error instanceof Cut) return t("not_now.pass");
  if (error instanceof Refused) return said(`refused.${error.name}`, error.message);
  throw error;
}

function draw({ amount, currency, title, hint, problem, isAsking, tell, close }) {
  const typed = async () => {
    const text = await write(t("tap.number"), { label: t("tap.number.hint"), name: "contactless-payment" });
    if (text) tell({ text });
  };
  return h(
    "main",
    { class: "pay waiting" },
    h("div", { class: "corner" }, statusPill("pay")),
    h(
      "div",
      { class: "pay-inside", "data-scroll": "pay" },
      amount === undefined ? null : [h("p", { class: "lead" }, t("to_pay")), figure(amount, "huge", currency)],
      h("div", { class: `waves ${isAsking ? "asking" : ""}` }, icon("till-waves", 140, 90), problem ? null : icon("till-card", 210, 150)),
      h("h1", { tabindex: "-1" }, isAsking ? t("tap.asking") : title),
      h("p", { class: problem ? "lead tap-problem" : "lead", role: "status" }, problem ? [icon("b-warning", 26), " ", problem] : readerTrouble() || hint || t("tap.keep")),
    ),
    h(
      "div",
      { class: "pay-verbs" },
      hasCamera() ? verb(t("tap.camera"), async () => tell(await camera()), { icon: "b-qr-code", extra: "big", key: "camera" }) : null,
      verb(t("tap.number"), typed, { icon: "b-keyboard", extra: "big", key: "number", off: line.isCut }),
      backVerb(() => close(null), amount === undefined ? t("back") : t("back.order")),
    ),
  );
}

// A card that is lost, blocked or unknown: words, colour and sound.
export async function refusedCard(card, isPaying = true) {
  sound("no");
  const known = said(`card.${card.state}`, t("card.blocked"));
  await present(
    (close) =>
      h(
        "main",
        { class: "pay refused" },
        h("div", { class: "corner" }, statusPill("pay")),
        h(
          "div",
          { class: "pay-inside" },
          icon("x-circle", 140),
          h("h1", { tabindex: "-1" }, known),
          h("p", { class: "lead" }, said(`card.${card.state}.text`, t("card.blocked.text"))),
          isPaying ? h("p", { class: "lead" }, t("nothing_paid")) : null,
        ),
        h("div", { class: "pay-verbs" }, backVerb(() => close(null), isPaying ? t("card.other") : t("back"))),
      ),
    "refused",
  );
}

let speaker = null;

// Two short tones: rising for yes, low for no.
export function sound(kind) {
  try {
    speaker ??= new AudioContext();
    const tones = kind === "yes" ? [660, 880] : [220, 165];
    tones.forEach((pitch, place) => {
      const tone = speaker.createOscillator();
      const volume = speaker.createGain();
      const start = speaker.currentTime + place * 0.16;
      tone.type = kind === "yes" ? "sine" : "square";
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.2, start);
      volume.gain.linearRampToValueAtTime(0, start + 0.15);
      tone.connect(volume).connect(speaker.destination);
      tone.start(start);
      tone.stop(start + 0.16);
    });
  } catch {
    // A device without sound still shows its words and its colour.
  }
}
