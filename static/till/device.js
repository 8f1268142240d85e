// This device's key: made here, never leaves the browser, signs what is sold without connection.

import { keep, kept } from "./store.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
let keys = null;

export const canSign = () => Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle);

async function pair() {
  keys ??= await kept("keys");
  if (!keys) {
    keys = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
    await keep("keys", keys);
  }
  return keys;
}

export const forgetKey = () => (keys = null);

// The public half, as the node keeps it; null where the browser gives no key to an unprotected page.
export async function publicKey() {
  if (!canSign()) return null;
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", (await pair()).publicKey);
  return { kty, crv, x, y };
}

export async function sign(text) {
  if (!canSign()) return null;
  const bytes = new TextEncoder().encode(text);
  const signed = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, (await pair()).privateKey, bytes);
  const plain = btoa(String.fromCharCode(...new Uint8Array(signed)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// A UUIDv7: its time first, so that the journal's rows stay in order.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let place = 5; place >= 0; place -= 1) {
    bytes[place] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
