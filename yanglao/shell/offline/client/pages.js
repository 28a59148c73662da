// The list: what there is to do, what is half done, what waits to be sent, what arrived.
import { button, fill, h, icon, moment, show, status, words } from "./dom.js";

const TONES = { accepted: "good", conflict: "warn", refused: "bad" };

const late = (due) => Boolean(due) && due < new Date(Date.now() - new Date().getTimezoneOffset() * 60e3).toISOString().slice(0, 10);

function card(title, rows, empty = "") {
  if (!rows.length && !empty) return null;
  return h("section", { class: "card" },
    h("div", { class: "card-header" }, h("h2", { class: "card-title" }, title), h("span", { class: "card-more muted" }, rows.length ? `${rows.length}` : "")),
    rows.length ? h("ul", { class: "field-list" }, rows) : h("div", { class: "card-body muted" }, empty));
}

const row = (title, notes, ...more) => h("li", {}, h("div", { class: "row-text" }, h("span", { class: "row-title" }, title), notes.filter(Boolean).map((note) => h("span", { class: "muted" }, note))), more);

// state: {owner, forms, tasks, drafts, waiting, receipts, at}; acts: {begin, resume, drop, send, fetch, leave}
export function list(state, acts) {
  const open = state.tasks.filter((task) => !state.waiting.some((w) => same(w, task)) && !state.drafts.some((d) => same(d, task)));
  const label = (kind) => state.forms[kind] || kind;
  show(
    h("h1", {}, words.hello_title),
    h("p", { class: "muted" }, state.name, state.at ? ` · ${fill(words.fetched, { at: moment(state.at) })}` : ""),
    h("div", { class: "field-tools" },
      button(words.fetch, acts.fetch, { name: "download" }),
      state.waiting.length ? button(fill(words.send_now, { n: state.waiting.length }), acts.send, { kind: "btn-primary", name: "send", id: "send" }) : null),
    card(words.waiting, state.waiting.map((w) => row(w.title, [label(w.kind), moment(w.finished), w.problem], w.problem ? status(words.problem, "bad") : status(words.waits, "info")))),
    card(words.drafts, state.drafts.map((d) => row(d.task.title, [label(d.kind), fill(words.draft_at, { at: moment(d.updated), n: Object.keys(d.answers).length })],
      button(words.resume, () => acts.resume(d.uid), { kind: "btn-primary", "aria-label": `${words.resume}：${d.task.title}` }),
      button(words.drop, () => acts.drop(d), { name: "trash", "aria-label": `${words.drop}：${d.task.title}` })))),
    card(words.todo, open.map((task) => row(task.title, [label(task.kind), task.detail, task.due ? fill(words.due, { day: task.due }) : ""],
      late(task.due) ? status(words.late, "bad") : null,
      button(words.begin, () => acts.begin(task), { kind: "btn-primary", "aria-label": `${words.begin}：${task.title}` }))), words.nothing_to_do),
    card(words.sent, state.receipts.slice(0, 50).map((r) => row(r.title, [r.number, r.message, moment(r.received_at)], status(words[`state_${r.state}`], TONES[r.state])))),
    h("div", { class: "field-tools" }, button(words.leave, acts.leave, { name: "logout" })),
  );
}

const same = (a, b) => a.kind === b.kind && String(a.subject) === String(b.subject);

// no key: nothing is shown but how much lies here
export function locked({ unsent }) {
  show(
    h("h1", {}, words.locked_title),
    h("p", {}, words.locked),
    unsent ? h("p", { class: "alert alert-warning" }, fill(words.locked_unsent, { n: unsent })) : null,
    h("p", {}, h("a", { class: "btn btn-primary", href: words.login }, icon("lock-open"), words.sign_in)),
  );
}

export function unfit(text) { show(h("h1", {}, words.hello_title), h("p", { class: "alert alert-danger" }, text)); }

// a question before something is done: resolves with the value of the button, "" when closed
export function ask(title, text, choices) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "sheet-dialog", "aria-labelledby": "ask-title" },
      h("h2", { id: "ask-title" }, title), h("p", {}, text),
      h("div", { class: "ask-buttons" }, choices.map(([value, label, kind]) => button(label, () => { dialog.returnValue = value; dialog.close(value); }, { kind }))));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue); });
    document.body.append(dialog);
    dialog.showModal();
  });
}
