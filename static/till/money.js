// Money is integer cents, quantities are thousandths; the server works everything out again.

import { state } from "./state.js";
import { language } from "./words.js";

const NBSP = "\u00a0";
const MINUS = "\u2212";

export function digits(amount, scale = 2) {
  const sign = amount < 0 ? MINUS : "";
  const text = String(Math.abs(amount)).padStart(scale + 1, "0");
  const [point, thousand] = language() === "fr" ? [",", NBSP] : [".", ","];
  const whole = text.slice(0, text.length - scale).replace(/\B(?=(\d{3})+$)/g, thousand);
  return sign + whole + (scale ? point + text.slice(-scale) : "");
}

export function euros(cents) {
  return inUnit(cents, "€", 2);
}

export function inUnit(amount, symbol, scale = 2) {
  const text = digits(amount, scale);
  if (!symbol) return text;
  if (symbol !== "€" || language() === "fr") return text + NBSP + symbol;
  return text.startsWith(MINUS) ? MINUS + symbol + text.slice(1) : symbol + text;
}

// Euros, or whole units of a currency of time or points: "2 h", "1,5 h", "10 pts".
export function amountIn(amount, currency) {
  if (!currency) return euros(amount);
  let { scale } = currency;
  let units = amount;
  for (; scale && units % 10 === 0; scale -= 1) units /= 10;
  return inUnit(units, currency.symbol || currency.name, scale);
}

// quantity × unit price, rounded half up on its size, as the journal does.
export function gross(thousandths, cents) {
  const exact = thousandths * cents;
  const size = Math.floor((Math.abs(exact) + 500) / 1000);
  return exact < 0 ? -size : size;
}

export function quantityText(thousandths) {
  if (thousandths % 1000 === 0) return String(thousandths / 1000);
  const size = Math.abs(thousandths);
  return (thousandths < 0 ? "-" : "") + Math.floor(size / 1000) + "." + String(size % 1000).padStart(3, "0");
}

export function thousandthsOf(text) {
  const [, sign, whole, part = ""] = /^(-?)(\d+)(?:\.(\d{1,3}))?$/.exec(String(text)) ?? [null, "", "0"];
  const size = Number(whole) * 1000 + Number(part.padEnd(3, "0") || 0);
  return sign ? -size : size;
}

export function quantityWords(thousandths, unit) {
  if (unit === "piece" || !unit) return quantityText(thousandths).replace("-", MINUS);
  return digits(thousandths, 3) + NBSP + (unit === "litre" ? "L" : "kg");
}

// Hours and days are those of the node, as in the office and on receipts, wherever this device believes to be.
function written(when, options, zone = state.node?.time_zone) {
  const place = language() === "fr" ? "fr-FR" : "en-GB";
  try {
    return new Intl.DateTimeFormat(place, { ...options, timeZone: zone }).formatToParts(when);
  } catch {
    // A browser that does not know the zone.
    return new Intl.DateTimeFormat(place, options).formatToParts(when);
  }
}

export function clockOf(when = new Date()) {
  const parts = written(when, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const part = (type) => parts.find((one) => one.type === type).value;
  return { hour: Number(part("hour")), minute: part("minute").padStart(2, "0") };
}

export function hour(when = new Date()) {
  const now = clockOf(when);
  return language() === "fr" ? `${now.hour}${NBSP}h${NBSP}${now.minute}` : `${now.hour}:${now.minute}`;
}

const DAY = { weekday: "long", day: "numeric", month: "long" };
const joined = (parts) => parts.map((one) => one.value).join("");

export const day = (when) => joined(written(when, DAY));
// A business day, such as 2026-11-21, is no moment: no zone moves it.
export const dayNamed = (text) => joined(written(new Date(`${text}T12:00Z`), DAY, "UTC"));

// RFC 3339, to the second, with this device's offset.
export function stamp(when = new Date()) {
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  const offset = -when.getTimezoneOffset();
  const date = `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`;
  const time = `${two(when.getHours())}:${two(when.getMinutes())}:${two(when.getSeconds())}`;
  return `${date}T${time}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
}
