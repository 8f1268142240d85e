// Asking the node: `/api/pos/v1`, as this device, for this operator.

import { line } from "./line.js";
import { state } from "./state.js";
import { language } from "./words.js";

const BASE = "/api/pos/v1";
const PATIENCE = 12_000;

// The node did not answer: nobody knows whether it heard.
export class Cut extends Error {}

// The node said no, by name (problem details).
export class Refused extends Error {
  constructor(status, problem, retryAfter) {
    super(problem.detail || problem.title || String(status));
    this.status = status;
    this.problem = problem;
    this.name = String(problem.type ?? "").split("/").pop() || "refused";
    this.retryAfter = Number(retryAfter) || 0;
  }
}

export async function ask(method, path, more = {}) {
  const answer = await send(method, path, more);
  line.heard();
  if (answer.status === 304) return { status: 304, value: null, etag: more.etag };
  const value = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (answer.ok) return { status: answer.status, value, etag: answer.headers.get("etag") };
  throw new Refused(answer.status, value ?? {}, answer.headers.get("retry-after"));
}

async function send(method, path, { body, text, operator = state.operator?.token, signature, etag, waiting }) {
  const headers = { accept: "application/json", "accept-language": language() };
  const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
  if (content !== undefined) headers["content-type"] = "application/json";
  if (state.token) headers.authorization = `Bearer ${state.token}`;
  if (operator) headers["hameau-operator"] = operator;
  if (signature) headers["hameau-signature"] = signature;
  if (waiting !== undefined) headers["hameau-waiting"] = String(waiting);
  if (etag) headers["if-none-match"] = etag;
  const options = { method, headers, body: content, cache: "no-store", credentials: "omit" };
  try {
    const answer = await fetch(BASE + path, { ...options, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status < 500) return answer;
  } catch {
    // Told below: a network that fails and a node that stumbles are the same to a till.
  }
  line.lost();
  throw new Cut("no answer");
}
