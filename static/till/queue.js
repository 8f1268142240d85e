// Every act that writes: kept on disk before it is sent, sent in the order of its count, exactly once.

import { Cut, Refused, ask } from "./api.js";
import { canSign, newId, sign } from "./device.js";
import { line } from "./line.js";
import { stamp } from "./money.js";
import { state } from "./state.js";
import { dropOperation, keepOperation, kept, noteOperation, operations } from "./store.js";

const KEEP_DONE = 60;
const waiters = new Map();
const watchers = new Map();
const listeners = new Set();
let turn = Promise.resolve();
let sending = null;
let pause = 0;

export const onAnswered = (tell) => listeners.add(tell);
export const waitingOperations = async () => (await operations()).filter((one) => one.state === "waiting");
export const refusedOperations = async () => (await operations()).filter((one) => one.state === "refused");

// Hear of an operation that was left without an answer; null: nobody does any more.
export const watchFor = (id, tell) => (tell ? watchers.set(id, tell) : watchers.delete(id));

// How many acts the node does not have: it is told, so that nobody takes this till out of service over them.
export const unsent = async () => (await operations()).filter((one) => one.state !== "done" && !one.isSeen).length;

// Write the operation, then try to send it. Resolves with what became of it:
// {state: "done", status, answer} | {state: "refused", problem} | {state: "waiting", wasSent}.
export async function perform(kind, path, fields, more = {}) {
  const operation = await write(kind, path, fields, more);
  const ended = new Promise((resolve) => waiters.set(operation.id, resolve));
  if (line.isCut) settle(operation, { state: "waiting", wasSent: false });
  else drain().then(() => waiters.has(operation.id) && drain());
  return ended;
}

// One at a time: the counter and the operation are written together, so that no number is ever missing.
function write(kind, path, fields, more) {
  const mine = turn.then(async () => {
    const count = ((await kept("count")) ?? 0) + 1;
    // Without a key the bytes say nothing of the cut: the node takes them as any sale that came late.
    const said = { is_offline: line.isCut && canSign(), is_training: Boolean(state.isTraining) };
    const body = { id: more.id ?? newId(), at: stamp(), count, ...fields, ...said };
    const text = JSON.stringify(body);
    const operation = {
      ...{ count, id: body.id, kind, path, text, at: body.at, state: "waiting", tries: 0 },
      ...{ operator: state.operator?.token, signature: await sign(text), about: more.about ?? null },
    };
    await keepOperation(operation, more.gone);
    line.queued(line.waiting + 1);
    return operation;
  });
  turn = mine.catch(() => {});
  return mine;
}

export function drain() {
  sending ??= sendAll().finally(() => (sending = null));
  return sending;
}

async function sendAll() {
  for (;;) {
    const waiting = await waitingOperations();
    line.queued(waiting.length);
    if (!waiting.length || Date.now() < pause || !(await sendOne(waiting[0]))) {
      for (const one of waiting) settle(one, { state: "waiting", wasSent: one.tries > 0 });
      return;
    }
  }
}

// Whether the next one may follow.
async function sendOne(operation) {
  operation.tries += 1;
  await noteOperation(operation);
  try {
    const { text, operator, signature } = operation;
    const { status, value } = await ask("POST", operation.path, { text, operator, signature });
    return note(operation, { state: "done", status, answer: value });
  } catch (error) {
    if (error instanceof Cut) return false;
    if (!(error instanceof Refused)) throw error;
    return refuse(operation, error);
  }
}

async function refuse(operation, error) {
  if (error.status === 429) {
    pause = Date.now() + 1000 * Math.max(error.retryAfter, 2);
    return false;
  }
  if (error.status === 401 && (await isDeviceRefused())) return false;
  const problem = { ...error.problem, name: error.name, status: error.status };
  return note(operation, { state: "refused", problem, isSeen: isHeard(operation) });
}

// A 401 may speak of the operator or of the device; only the device's stops the queue.
async function isDeviceRefused() {
  try {
    await ask("GET", "/session", { operator: null });
  } catch (error) {
    if (error instanceof Refused && error.status === 401) line.blocked(true);
    return true;
  }
  return false;
}

const isHeard = ({ id }) => waiters.has(id) || watchers.has(id);

async function note(operation, outcome) {
  const wasHeard = isHeard(operation);
  Object.assign(operation, outcome);
  await noteOperation(operation);
  if (outcome.state === "refused" && !outcome.isSeen) await countKept();
  settle(operation, outcome);
  watchers.get(operation.id)?.(outcome);
  for (const tell of listeners) tell(operation, wasHeard);
  return true;
}

function settle(operation, outcome) {
  waiters.get(operation.id)?.(outcome);
  waiters.delete(operation.id);
}

// Old answered operations leave; refused ones stay until somebody has seen them.
export async function tidy() {
  const done = (await operations()).filter((one) => one.state === "done" || (one.isSeen && one.state === "refused"));
  for (const one of done.slice(0, -KEEP_DONE)) await dropOperation(one.count);
  await countKept();
}

// Send the same bytes again: what stood in their way may be gone.
export async function retry(operation) {
  await noteOperation({ ...operation, state: "waiting", problem: null, isSeen: false });
  await countKept();
  await drain();
}

// Somebody responsible dealt with it otherwise; it stays in the copy, with who and how.
export async function settled(operation, how) {
  await noteOperation({ ...operation, isSeen: true, settled: { ...how, at: stamp() } });
  await countKept();
}

async function countKept() {
  line.queued((await waitingOperations()).length);
  line.refusals((await refusedOperations()).filter((one) => !one.isSeen).length);
}
