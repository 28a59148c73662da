// The list: what there is to do, what is half done, what waits to be sent, what arrived.
import { button, clock, fill, h, icon, moment, show, status, words } from "./dom.js";

const TONES = { accepted: "good", conflict: "warn", refused: "bad" };

const late = (due) => Boolean(due) && due < new Date(Date.now() - new Date().getTimezoneOffset() * 60e3).toISOString().slice(0, 10);

function card(title, rows, empty = "") {
  if (!rows.length && !empty) return null;
  return h("section", { class: "card" },
    h("div", { class: "card-header" }, h("h2", { class: "card-title" }, title), h("span", { class: "card-more muted" }, rows.length ? `${rows.length}` : "")),
    rows.length ? h("ul", { class: "field-list" }, rows) : h("div", { class: "card-body muted" }, empty));
}

const row = (title, notes, ...more) => h("li", {}, h("div", { class: "row-text" }, h("span", { class: "row-title" }, title), notes.filter(Boolean).map((note) => h("span", { class: "muted" }, note))), more);

const MANY = 12; // tasks from which on the list may be searched

// state: {name, forms, tasks, doors, drafts, waiting, receipts, at}; acts: {begin, resume, drop, find, send, fetch, leave}
export function list(state, acts) {
  const open = state.tasks.filter((task) => !state.waiting.some((w) => same(w, task)) && !state.drafts.some((d) => same(d, task)));
  const label = (kind) => state.forms[kind] || kind;
  const doorOf = (one) => state.doors[`${one.kind}/${one.subject}`];
  const called = (one, title) => doorOf(one)?.name || title;
  const find = (task) => (doorOf(task) ? button(words.find, () => acts.find(task), { name: "map-pin", "aria-label": `${words.find}：${called(task, task.title)}` }) : null);
  show(
    h("h1", {}, words.hello_title),
    h("p", { class: "muted" }, state.name, state.at ? ` · ${fill(words.fetched, { at: moment(state.at) })}` : ""),
    standing(state),
    h("div", { class: "field-tools" },
      button(words.fetch, acts.fetch, { name: "download" }),
      state.waiting.length ? button(fill(words.send_now, { n: state.waiting.length }), acts.send, { kind: "btn-primary", name: "send", id: "send" }) : null),
    card(words.waiting, state.waiting.map((w) => row(called(w, w.title), [label(w.kind), moment(w.finished), problem(w.problem)], w.problem ? status(words.problem, "bad") : status(words.waits, "info")))),
    card(words.drafts, state.drafts.map((d) => row(called(d, d.task.title), [label(d.kind), fill(words.draft_at, { at: moment(d.updated), n: Object.keys(d.answers).length })],
      button(words.resume, () => acts.resume(d.uid), { kind: "btn-primary", "aria-label": `${words.resume}：${called(d, d.task.title)}` }), find(d.task),
      button(words.drop, () => acts.drop(d), { name: "trash", "aria-label": `${words.drop}：${called(d, d.task.title)}` })))),
    todo(open.map((task) => row(called(task, task.title), [label(task.kind), task.detail, doorOf(task)?.address, task.due ? fill(words.due, { day: task.due }) : ""],
      late(task.due) ? status(words.late, "bad") : null,
      button(words.begin, () => acts.begin(task), { kind: "btn-primary", "aria-label": `${words.begin}：${called(task, task.title)}` }), find(task)))),
    card(words.sent, state.receipts.slice(0, 50).map((r) => row(r.title, [r.number, r.message, moment(r.received_at)], status(words[`state_${r.state}`], TONES[r.state])))),
    h("div", { class: "field-tools" }, button(words.leave, acts.leave, { name: "logout" })),
  );
}

// "3 waiting to be sent, last sent 10:32": always there, so that nobody has to guess
function standing({ waiting, drafts, lastSent }) {
  const today = lastSent && new Date(lastSent).toDateString() === new Date().toDateString();
  const said = [
    waiting.length ? fill(words.standing_waiting, { n: waiting.length }) : words.standing_none,
    drafts.length ? fill(words.standing_drafts, { n: drafts.length }) : "",
    lastSent ? fill(words.standing_last, { at: today ? clock(lastSent) : moment(lastSent) }) : words.standing_never,
  ].filter(Boolean).join(words.comma);
  return h("p", { id: "standing", class: waiting.length ? "standing standing-waiting" : "standing" }, icon(waiting.length ? "hourglass" : "check"), h("span", {}, said));
}

const problem = (text) => (text.startsWith("http:") ? fill(words.server_failed, { code: text.slice(5) }) : text);

// what there is to do; a long list is narrowed by a few letters of a name or an address
function todo(rows) {
  const box = card(words.todo, rows, words.nothing_to_do);
  if (rows.length <= MANY) return box;
  const narrow = (event) => {
    const sought = event.target.value.trim().toLowerCase();
    let left = 0;
    for (const one of rows) { one.hidden = !one.querySelector(".row-text").textContent.toLowerCase().includes(sought); left += one.hidden ? 0 : 1; }
    box.querySelector(".card-more").textContent = `${left}`;
  };
  box.querySelector(".card-header").after(h("div", { class: "card-body field-search" },
    h("label", { class: "form-label", for: "seek" }, words.seek), h("input", { class: "form-control", id: "seek", type: "search", autocomplete: "off", oninput: narrow })));
  return box;
}

// how a person is found: address and way lie on the phone; a number is asked of the server when it is needed
export function door(found, task, acts) {
  const facts = [[words.address, found.address], ...found.way].filter(([, text]) => text);
  show(
    h("h1", {}, found.name),
    h("p", { class: "muted" }, task.detail),
    h("section", { class: "card" }, h("div", { class: "card-header" }, h("h2", { class: "card-title" }, words.way)),
      h("div", { class: "card-body" },
        h("dl", { class: "facts" }, facts.map(([label, text]) => h("div", {}, h("dt", {}, label), h("dd", {}, text)))),
        found.geo ? h("p", {}, h("a", { class: "btn", href: `geo:${found.geo[1]},${found.geo[0]}?z=15` }, icon("map-pin"), words.geo), " ", h("span", { class: "muted" }, words.geo_hint)) : null)),
    found.calls.length ? h("section", { class: "card" }, h("div", { class: "card-header" }, h("h2", { class: "card-title" }, words.calls)),
      h("ul", { class: "field-list" }, found.calls.map((call) => callRow(call, task, acts))), h("div", { class: "card-body muted" }, words.calls_hint)) : null,
    h("div", { class: "field-tools" }, button(words.back_to_list, acts.back, { name: "chevron-left" }), button(words.begin, acts.begin, { kind: "btn-primary" })),
  );
}

function callRow(call, task, acts) {
  const place = h("div", { class: "call" });
  const ask = button(words.number, async () => {
    try {
      const plain = await acts.number(task, call.key);
      const link = h("a", { class: "btn btn-primary", href: `tel:${plain.replace(/[^+\d]/g, "")}` }, icon("phone"), plain);
      place.replaceChildren(link);
      link.focus();
    } catch (error) { place.querySelector("p")?.remove(); place.append(h("p", { class: "muted", role: "alert" }, error.code ? error.message : words.number_signal)); }
  }, { name: "phone", "aria-label": `${words.number}：${call.label}` });
  place.append(ask);
  return row(call.label, [call.number], place);
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
