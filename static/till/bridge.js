// `hameau reader` on this machine: found, paired by a code, held on to. What it says is in docs/reader.md.

const USUAL_PORT = 8790;
const FIRST = 1000;
const LONGEST = 15_000;
// Closed for a reason that trying again does not mend.
const OVER = { unknown_till: "stranger", origin_refused: "stranger", another_till: "elsewhere" };

const SEEN = ["ready", "no_reader", "not_allowed", "busy"];

// none, asking, absent, forbidden, stranger, elsewhere; or the reader's own: ready, no_reader, not_allowed, busy.
export const bridge = { state: "none", reader: "" };

const listeners = new Set();
let onCard = () => {};
let wanted = null;
let socket = null;
let pause = FIRST;
let timer = 0;

export const onBridgeCard = (tell) => (onCard = tell);

export function onBridge(tell) {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

// Hold the line to the bridge of {token, port}; nothing: let go of it.
export function useBridge(to) {
  wanted = to ?? null;
  pause = FIRST;
  if (wanted) connect(wanted.port, { token: wanted.token });
  else {
    hangUp();
    change("none");
  }
}

export function tryBridge() {
  bridge.state = "none";
  useBridge(wanted);
}

// "482 913", or "482 913 / 8791" when the bridge is not at its usual port. Resolves with {token, port} or {problem}.
export function pairBridge(typed) {
  const [code, port = USUAL_PORT] = typed.split("/").map((part) => part.replace(/\D/g, ""));
  if (code.length !== 6 || !(Number(port) > 0 && Number(port) < 65_536)) return Promise.resolve({ problem: "bad_message" });
  return new Promise((resolve) => connect(Number(port), { code }, resolve));
}

function connect(port, first, answered = null) {
  hangUp();
  change("asking");
  let mine;
  try {
    mine = socket = new WebSocket(`ws://127.0.0.1:${port}/v1`);
  } catch {
    return void ended("", answered);
  }
  let pairing = answered;
  mine.onopen = () => mine.send(JSON.stringify(first));
  mine.onmessage = ({ data }) => {
    if (mine !== socket) return;
    const said = read(data);
    understand(said, port, pairing);
    if (said.hello) pairing = null;
  };
  mine.onclose = ({ reason }) => mine === socket && ended(reason, pairing);
}

function hangUp() {
  clearTimeout(timer);
  const before = socket;
  socket = null;
  before?.close();
}

function read(data) {
  try {
    return JSON.parse(data) ?? {};
  } catch {
    return {};
  }
}

function understand(said, port, answered) {
  if (said.hello) {
    pause = FIRST;
    if (said.token) wanted = { token: said.token, port };
    answered?.(wanted);
  }
  if (said.state) change(SEEN.includes(said.state) ? said.state : "no_reader", said.reader);
  if (said.uid) onCard(said.url ? { uid: said.uid, url: said.url } : { uid: said.uid });
}

async function ended(reason, answered) {
  socket = null;
  const state = OVER[reason] ?? (await silence());
  if (socket) return;
  if (answered) {
    answered({ problem: reason || state });
    return void change(wanted ? "stranger" : "none");
  }
  change(state);
  if (OVER[reason] || !wanted) return;
  timer = setTimeout(() => wanted && connect(wanted.port, { token: wanted.token }), pause);
  pause = Math.min(pause * 2, LONGEST);
}

// Nobody answers: is nothing there, or does the browser keep this page away from its own machine?
async function silence() {
  for (const name of ["loopback-network", "local-network-access"]) {
    const permission = await navigator.permissions?.query({ name }).catch(() => null);
    if (permission?.state === "denied") return "forbidden";
  }
  return "absent";
}

function change(state, reader = "") {
  // Trying again in silence is no news.
  if (state === "asking" && bridge.state === "absent") return;
  if (state === bridge.state && reader === bridge.reader) return;
  const before = bridge.state;
  Object.assign(bridge, { state, reader });
  for (const tell of listeners) tell(state, before);
}
