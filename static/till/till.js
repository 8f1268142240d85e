// The till opens: drawings, what it kept, its device, its operator; then it sells, and watches its line.

import { Cut, Refused, ask } from "./api.js";
import { followCatalogue, restoreBasket } from "./basket.js";
import { readCard, startTopUp } from "./card.js";
import { refreshCatalogue, useCatalogue } from "./catalogue.js";
import { lineScreen } from "./cut.js";
import { h, loadDrawings, verb } from "./dom.js";
import { line } from "./line.js";
import { lockWhenIdle, watchTouches } from "./idle.js";
import { keptScreen, saveCopy } from "./kept.js";
import { hour } from "./money.js";
import { moreScreen } from "./more.js";
import { operatorScreen, restoreOperator } from "./operator.js";
import { guide, pairScreen, unpair } from "./pairing.js";
import { drain, onAnswered, tidy, unsent } from "./queue.js";
import { loadReaders, otherwise } from "./readers.js";
import { watchReader } from "./reading.js";
import { lookAtWaits, restoreWaits, waitLater } from "./remote.js";
import { linkActs, sellScreen } from "./sell.js";
import { say } from "./say.js";
import { choose } from "./sheets.js";
import { isBase, paint, setBase, setFrame, watchPresses } from "./stage.js";
import { state } from "./state.js";
import { bands, linkStatus, refreshPills } from "./status.js";
import { keep, kept } from "./store.js";
import { dress } from "./theme.js";
import { language, speak, t } from "./words.js";

const BEAT = 4000;
const LOOK_EVERY = 5;
const CATALOGUE_EVERY = 15;
const CLOCK_OFF = 3;
let beats = 0;
let isAsking = false;

async function open() {
  speak(language());
  dress();
  setFrame((content, isFull) => h("div", { class: `frame ${isFull ? "full" : ""}` }, isFull && content.classList.contains("pairing") ? null : bands(), content));
  watchPresses();
  linkStatus(showLine, guide, keptScreen);
  await loadDrawings();
  if (!(await isAlone())) return setBase(secondTab);
  await recall();
  dress(); // by the node's hour, which it remembers
  watchReader();
  await loadReaders();
  if (!state.token) await pairScreen();
  setBase(state.catalogue ? sellScreen : opening);
  linkActs({ readCard: () => readCard(), topUp: startTopUp, more: () => moreScreen(askOperator), operator: () => operatorScreen({ canLeave: true }) });
  otherwise((tap) => isBase() && !line.isCut && readTapped(tap));
  line.onChange(onLine);
  onAnswered(onAnswer);
  await look();
  await askOperator();
  await tidy();
  watch();
  return undefined;
}

// Two tabs of one till would count twice: the second one steps back.
function isAlone() {
  if (!navigator.locks) return true;
  return new Promise((resolve) => {
    navigator.locks.request("hameau-till", { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}

const secondTab = () => h("main", { class: "opening" }, h("h1", { tabindex: "-1" }, t("second.title")), h("p", null, t("second.text")), verb(t("try_again"), () => location.reload(), { kind: "primary", icon: "b-arrows-clockwise" }));
const opening = () => h("main", { class: "opening" }, h("h1", { tabindex: "-1" }, t("opening")), h("p", null, line.isCut ? t("opening.cut") : t("asking")));

async function recall() {
  for (const name of ["token", "device", "node"]) state[name] = (await kept(name)) ?? null;
  state.isTraining = Boolean(state.device?.is_training);
  const known = await kept("catalogue");
  const point = await kept("point");
  if (point) state.point = { id: point };
  if (known) useCatalogue(known);
  await restoreOperator();
  await restoreBasket();
  await restoreWaits();
  await watchTouches();
}

const askOperator = async () => state.operator || operatorScreen();

// Which till this is, and what it sells. A device that the node no longer knows is blocked.
async function look() {
  try {
    const { value } = await ask("GET", "/session", { waiting: await unsent() });
    line.blocked(false);
    state.node = value.node;
    state.device = value.device;
    state.isTraining = value.device.is_training;
    if (state.operator && !value.operator) state.operator = null;
    else if (state.operator) Object.assign(state.operator, value.operator);
    await keep("node", value.node);
    await keep("device", value.device);
    if (((await kept("count")) ?? 0) < value.device.last_count && !line.waiting) await keep("count", value.device.last_count);
    readClock(value.time);
    if (!state.catalogue || beats % CATALOGUE_EVERY === 0) await renew();
    if (isBase()) setBase(sellScreen);
  } catch (error) {
    if (!(error instanceof Cut || error instanceof Refused)) throw error;
    if (error instanceof Refused && error.status === 401) line.blocked(true);
  }
}

// An order that is open when the catalogue changes follows it, and says so.
async function renew() {
  if (!(await refreshCatalogue()) || !isBase()) return;
  const changes = followCatalogue();
  if (changes) state.notice = changes;
}

// A clock that is minutes off writes wrong hours into the journal: somebody sets it right.
function readClock(time) {
  const off = Math.round((Date.now() - Date.parse(time)) / 60_000);
  state.clockOff = Math.abs(off) >= CLOCK_OFF ? off : 0;
}

// Every few seconds: send what waits, ask whether the line is back, keep clock and colours right.
function watch() {
  setInterval(beat, BEAT);
  addEventListener("offline", () => line.lost());
  addEventListener("online", beat);
  document.addEventListener("visibilitychange", () => document.hidden || beat());
}

async function beat() {
  beats += 1;
  dress();
  const clock = document.querySelector(".clock");
  if (clock) clock.textContent = hour();
  if (isAsking) return;
  isAsking = true;
  try {
    if (line.waiting) await drain();
    else if (line.isCut || line.isBlocked || beats % LOOK_EVERY === 0) await look();
    await lookAtWaits();
    await lockWhenIdle();
    if (!state.operator && isBase()) await askOperator();
  } finally {
    isAsking = false;
  }
}

let before = "connected";
let refusals = 0;

function onLine(now) {
  refreshPills();
  const isNews = (now === "cut") !== (before === "cut") || now === "blocked";
  if (isNews) say(t(`line.${now}`, { n: line.waiting }));
  before = now;
  if (refusals !== line.refused && isBase()) paint();
  refusals = line.refused;
  if (!isNews) return;
  paint();
  if (now === "cut" || now === "blocked") showLine({ isCalled: false });
}

async function showLine(how) {
  await lineScreen(how);
  if (line.isBlocked) await leaveTill();
}

// Taken out of service: what was not sent can be saved first, then this till may begin again.
async function leaveTill() {
  const kept = line.waiting + line.refused;
  const act = await choose(t("blocked.title"), [
    kept ? { word: t("kept.copy"), hint: t("blocked.kept", { n: kept }), value: saveCopy, icon: "b-download-simple", extra: "big" } : null,
    { word: t("blocked.yes"), hint: t(kept ? "blocked.lost" : "blocked.forget", { n: kept }), value: unpair, icon: "b-trash", kind: "cancel", extra: "big" },
  ].filter(Boolean), "prohibit");
  if (!act) return;
  await act();
  if (act === saveCopy) await leaveTill();
}

// A queued sale that the node refuses while nobody looks at it: said on the selling screen.
function onAnswer(operation, wasHeard) {
  if (operation.status === 202 && !wasHeard) waitLater(operation);
  if (operation.state !== "refused" || operation.isSeen) return;
  if (state.lastSale?.id === operation.id) state.lastSale = null;
  if (isBase()) paint();
}

async function readTapped(tap) {
  try {
    const { value } = await ask("POST", "/taps", { body: tap });
    await readCard({ ...value, tapped: Date.now() });
  } catch (error) {
    state.notice = error instanceof Refused ? error.message : t("not_now.pass");
    paint();
  }
}

// The shell is kept by the worker; a new one takes over when the till opens, before anybody sells.
async function install() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/till/sw.js", { scope: "/till/" });
  registration.waiting?.postMessage("take over");
}

install().catch(() => {});
open();
