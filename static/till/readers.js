// Every way to read a card ends here: chip of the phone, USB reader, camera, bridge. The last listener hears it.

import { onBridgeCard, useBridge } from "./bridge.js";
import { kept, keep } from "./store.js";
import { sheet } from "./sheets.js";
import { h, verb } from "./dom.js";
import { t } from "./words.js";

const listeners = [];
let usual = () => {};
// `bridge`: {token, port} of the reader of this machine, once it is paired.
export const settings = { format: "auto", bridge: null };

export function listen(tell) {
  listeners.push(tell);
  return () => {
    const place = listeners.indexOf(tell);
    if (place >= 0) listeners.splice(place, 1);
  };
}

export const otherwise = (tell) => (usual = tell);

export function heard(tap) {
  if (document.querySelector("dialog[open]:not(.listens)")) return;
  (listeners.at(-1) ?? usual)(tap);
}

export async function loadReaders() {
  Object.assign(settings, await kept("readers"));
  listenToKeys();
  onBridgeCard(heard);
  if (settings.bridge?.token) useBridge(settings.bridge);
  else settings.bridge = null;
}

export async function saveReaders(fields) {
  Object.assign(settings, fields);
  await keep("readers", { ...settings });
  if ("bridge" in fields && !fields.bridge) useBridge(null);
}

// What a reader wrote, as the API wants it. "auto": the node tries every way to read it.
// Otherwise the reader's own format: hex, hex-reversed, decimal, decimal-reversed.
export function tapOf(text, format = settings.format) {
  const plain = text.trim();
  const isNumber = /^[0-9A-F\s:-]{8,30}$/i.test(plain);
  if (!isNumber || format === "auto") return isNumber ? { uid: plain } : { text: plain };
  const bare = plain.replace(/[\s:-]/g, "").toUpperCase();
  const isDecimal = format.startsWith("decimal") && /^\d{1,20}$/.test(bare);
  const hex = isDecimal ? BigInt(bare).toString(16).toUpperCase() : bare;
  const whole = hex.padStart(hex.length > 8 ? 14 : 8, "0");
  if (!/^([0-9A-F]{2}){4,10}$/.test(whole)) return { text: plain };
  return { uid: format.endsWith("reversed") ? whole.match(/../g).reverse().join("") : whole };
}

const FAST = 60;
const SHORTEST = 8;
let typed = "";
let last = 0;

// A USB reader is a very fast keyboard that ends with Enter.
function listenToKeys() {
  addEventListener(
    "keydown",
    (event) => {
      if (event.target.matches?.("input, textarea") || event.ctrlKey || event.altKey || event.metaKey) return;
      // When the key was struck, not when a busy page comes to it.
      if (event.timeStamp - last > FAST) typed = "";
      last = event.timeStamp;
      if (event.key.length === 1) typed += event.key;
      if (event.key.length > 1 && event.key !== "Shift" && (event.key !== "Enter" || typed.length < SHORTEST)) typed = "";
      if (event.key !== "Enter" || !typed) return;
      event.preventDefault();
      event.stopPropagation();
      const tap = tapOf(typed);
      typed = "";
      if (tap) heard(tap);
    },
    true,
  );
}

let scanning = null;

// Web NFC asks for a press first, and once only.
export function startNfc() {
  if (!("NDEFReader" in globalThis) || scanning) return;
  const reader = new NDEFReader();
  reader.onreading = ({ serialNumber, message }) => {
    const record = [...message.records].find((one) => one.recordType === "url");
    const url = record ? new TextDecoder().decode(record.data) : "";
    const uid = serialNumber.replaceAll(":", "").toUpperCase();
    heard(url ? { url, ...(uid ? { uid } : {}) } : { uid });
  };
  scanning = reader.scan().catch(() => (scanning = null));
}

export const hasNfc = () => "NDEFReader" in globalThis;
export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

const LOOK = 250;

// Firefox, Safari and Chrome on a computer read no codes by themselves.
const ownReader = async () => new (await import("./qr.js")).CodeReader();

// The code of a card before the camera. Resolves with a tap, or null.
export async function camera(title = t("tap.camera")) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
  let detector = "BarcodeDetector" in globalThis ? new BarcodeDetector({ formats: ["qr_code"] }) : await ownReader();
  const found = await sheet(title, (close) => {
    if (!stream) return [h("p", null, t("camera.none")), h("div", { class: "verbs" }, verb(t("back"), () => close(null)))];
    const video = h("video", { srcObject: stream, autoplay: true, playsinline: true, "aria-label": t("camera.aim") });
    const look = async () => {
      if (!video.isConnected) return;
      const [code] = await detector.detect(video).catch(async () => {
        // Some telephones have the name without the thing.
        detector = await ownReader();
        return [];
      });
      if (code?.rawValue) close(code.rawValue);
      else setTimeout(look, LOOK);
    };
    setTimeout(look, LOOK);
    return [h("p", null, t("camera.aim")), video, h("div", { class: "verbs" }, verb(t("back"), () => close(null), { kind: "neutral", icon: "b-x" }))];
  });
  stream?.getTracks().forEach((track) => track.stop());
  if (!found) return null;
  return /^https?:/i.test(found) ? { url: found } : { code: found };
}
