// The catalogue: fetched when it changed, kept for the days without network.

import { ask } from "./api.js";
import { drawn } from "./dom.js";
import { state } from "./state.js";
import { keepPhotos } from "./photos.js";
import { keep } from "./store.js";

const TONES = { hot: "coffee", cold: "orange-slice", beer: "beer-stein", wine: "wine", food: "fork-knife", deposit: "recycle" };
let etag = null;

// Whether something changed. Raises Cut, Refused.
export async function refreshCatalogue() {
  const { status, value, etag: now } = await ask("GET", "/catalogue", { etag });
  if (status === 304) return false;
  etag = now;
  useCatalogue(value);
  await keep("catalogue", value);
  keepPhotos(value.products.map((one) => one.picture).filter(Boolean));
  return true;
}

export function useCatalogue(value) {
  state.catalogue = value;
  const mine = points();
  state.point = mine.find((one) => one.id === state.point?.id) ?? mine[0] ?? null;
  if (!categories().some((one) => one.id === state.category)) state.category = "";
}

// The points of sale where this device may sell; all of them when it names none.
export function points() {
  const every = state.catalogue?.points ?? [];
  const named = (state.device?.points ?? []).map((one) => one.id ?? one);
  return named.length ? every.filter((one) => named.includes(one.id)) : every;
}

export const product = (id) => state.catalogue?.products.find((one) => one.id === id);
export const category = (id) => state.catalogue?.categories.find((one) => one.id === id);

// The products of the point, in their fixed order.
export function products() {
  return (state.point?.products ?? []).map(product).filter(Boolean);
}

// Whether a product may be sold at a point: it is on its list, or is the deposit of one that is.
export function isSoldAt(point, id) {
  const listed = point?.products ?? [];
  return listed.includes(id) || listed.some((one) => product(one)?.deposit === id);
}

export function categories() {
  const used = new Set(products().map((one) => one.category));
  return (state.catalogue?.categories ?? []).filter((one) => used.has(one.id));
}

export const tone = (one) => {
  const name = category(one.category)?.tone;
  return one.sort === "deposit" ? "deposit" : name in TONES ? name : "deposit";
};

export function pictureOf(one) {
  const group = category(one.category);
  return [one.icon, group?.icon].find((name) => name && drawn.has(name)) ?? TONES[tone(one)];
}

export const categoryIcon = (one) => (drawn.has(one.icon) ? one.icon : (TONES[one.tone] ?? "storefront"));
// A currency of time or points, by its id; null is euro.
export const currency = (asset) => state.catalogue?.currencies?.find((one) => one.asset === asset) ?? null;
export const sellables = (kind) => (state.catalogue?.sellables ?? []).filter((one) => one.kind === kind);

export function find(text) {
  const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const wanted = plain(text);
  return products().filter((one) => plain(one.name).includes(wanted)).slice(0, 30);
}
