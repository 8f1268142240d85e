// What this till keeps: what waits for the line, what a neighbour must answer, what the node refused. Nothing leaves unseen.

import { h, icon, verb } from "./dom.js";
import { line } from "./line.js";
import { backVerb, payScreen } from "./means.js";
import { amountIn, day, hour } from "./money.js";
import { retry, refusedOperations, settled, waitingOperations } from "./queue.js";
import { awaited, waitAgain } from "./remote.js";
import { choose, confirm, tell, write } from "./sheets.js";
import { paint, present } from "./stage.js";
import { may, state } from "./state.js";
import { operations } from "./store.js";
import { said, t } from "./words.js";

export async function keptScreen() {
  for (;;) {
    const waiting = await waitingOperations();
    const refused = (await refusedOperations()).filter((one) => !one.isSeen);
    const act = await present((close) => draw({ waiting, refused, remote: awaited() }, close), "kept");
    if (!act) return;
    await act();
  }
}

function draw({ waiting, refused, remote }, close) {
  const isEmpty = !waiting.length && !refused.length && !remote.length;
  return payScreen({
    title: t("kept.screen"),
    kind: "history",
    inside: [
      isEmpty ? h("p", { class: "lead" }, t("kept.nothing")) : null,
      group("kept.refused", refused.map((one) => row(one, "warning", reasonOf(one), () => close(() => decide(one))))),
      group("kept.remote", remote.map((one) => row(one, "hourglass", one.host, () => close(() => waitAgain(one))))),
      group("kept.waiting", waiting.map((one) => row(one, "b-paper-plane-tilt", t("kept.waits")))),
    ],
    verbs: [
      backVerb(() => close(null), t("back")),
      waiting.length || refused.length ? verb(t("kept.copy"), saveCopy, { icon: "b-download-simple", extra: "big", key: "copy" }) : null,
    ],
  });
}

function group(title, rows) {
  return rows.length ? h("section", null, h("h2", null, t(title)), h("ul", { class: "sales" }, rows)) : null;
}

function row(one, picture, words, act) {
  const when = new Date(one.at);
  const inside = [
    h("b", null, icon(picture, 26), " ", t(`kind.${one.kind ?? "sale"}`), `, ${hour(when)}`),
    h("span", null, words),
    h("b", { class: "amount" }, one.about?.total ? amountIn(one.about.total, one.about.currency) : ""),
  ];
  return h("li", null, act ? h("button", { type: "button", class: "sale-row", onclick: act, key: `kept ${one.id}`, "data-kept": one.id }, inside) : h("div", { class: "sale-row" }, inside));
}

export const reasonOf = (one) => said(`refused.${one.problem?.name}`, one.problem?.detail || t("refused.text"));

// A refused operation is sent again as it is, or somebody responsible says that it is dealt with.
async function decide(one) {
  const way = await choose(`${t(`kind.${one.kind}`)}, ${day(new Date(one.at))}, ${hour(new Date(one.at))}`, [
    { word: t("kept.again"), hint: reasonOf(one), value: "again", icon: "b-arrows-clockwise", off: line.isCut, extra: "big" },
    { word: t("kept.settle"), hint: t("kept.settle.hint"), value: "settle", icon: "b-check", extra: "big" },
  ], "warning");
  if (way === "again") await retry(one);
  if (way === "settle") await settle(one);
}

async function settle(one) {
  if (!may("void")) return void (await tell(t("kept.settle"), t("right.missing"), "lock-key"));
  const note = await write(t("kept.settle"), { label: t("kept.how"), quick: t("kept.hows").split("|"), name: "note-pencil" });
  if (!note) return;
  if (!(await confirm(t("kept.settle.title"), t("kept.settle.text", { amount: amountIn(one.about?.total ?? 0, one.about?.currency) }), { yes: t("kept.settle"), no: t("back") }))) return;
  await settled(one, { by: state.operator?.code, note });
  paint();
}

// A file with the exact bytes and their signatures: for a tablet that must be given up.
export async function saveCopy() {
  const kept = (await operations()).filter((one) => one.state !== "done");
  const plain = kept.map(({ count, kind, path, text, at, state: fate, signature, problem, settled: how }) => ({ count, kind, path, at, state: fate, body: JSON.parse(text), text, signature, problem, settled: how }));
  const whole = { node: state.node?.url, device: state.device, saved: new Date().toISOString(), operations: plain };
  const address = URL.createObjectURL(new Blob([JSON.stringify(whole, null, 1)], { type: "application/json" }));
  const link = h("a", { href: address, download: `${t("kept.file")}-${state.device?.series ?? "T"}.json` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
