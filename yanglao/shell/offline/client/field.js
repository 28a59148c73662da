// The phone's page: opens the account's store, takes work along, fills forms, sends them when there is signal.
import { h, fill, notice, say, words } from "./dom.js";
import { TAG } from "./background.js";
import { ask, door, list, locked, unfit } from "./pages.js";
import { Form, narrowed } from "./questions.js";
import { available } from "./seal.js";
import { NoSignal, post as send, Refused, Sender } from "./sending.js";
import { askToStay, currentOwner, deviceName, LOCKED, newUid, openVault, roomFor, setCurrentOwner } from "./vault.js";

let vault = null;
let sender = null;
let form = null; // the form that is open, if any
let name = "";

const state = document.getElementById("state");
const setState = (text, tone) => { state.textContent = text; state.className = `field-state ${tone}`; };

const post = (url, body, given = {}) => send(url, body, { owner: currentOwner(), home: words.urls.field, ...given });
const full = (error) => error?.name === "QuotaExceededError";

async function start() {
  if (!available()) { unfit(words.no_crypto); return; }
  keepForLater();
  const opened = await open();
  if (!vault || !vault.key) { await shut(opened); return; }
  askToStay();
  const way = { urls: words.urls, photos: words.photos, device: deviceName() };
  await vault.setWay(way).catch(() => {}); // a full disk: only the sending in the background has to do without
  sender = new Sender(vault, way, heard);
  addEventListener("online", () => connect());
  addEventListener("storage", (event) => { if (event.key === LOCKED) location.reload(); });
  addEventListener("offline", () => setState(words.offline, "off"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !form) connect(); });
  await home();
  if (opened === "online") { await sender.run(); await fetchWork(); }
  if (!await roomFor(0)) notice("room", words.disk_low);
}

// the service worker keeps the page; where the browser knows Background Sync it is loaded with the sending as well
async function keepForLater() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  workers.addEventListener("message", (event) => { if (event.data?.field) heard(event.data.field, event.data.detail); });
  const plain = () => workers.register(words.urls.worker).catch(() => {});
  if (!("SyncManager" in globalThis)) { await plain(); return; }
  await workers.register(`${words.urls.worker}?sending`, { type: "module" }).catch(plain);
}

// ask the browser to wake the service worker when there is signal; without it the page sends when it is open
async function sendWhenSignal() {
  try { await (await navigator.serviceWorker.ready).sync.register(`${TAG}${vault.owner}`); } catch { /* not in this browser, or not allowed */ }
}

// ask the server whose phone this is; "online" · "offline" · "session" · "refused"
async function open() {
  const owner = currentOwner();
  if (owner) { vault = await openVault(owner); await vault.unlock(); name = vault.key ? (await vault.kept("name")) || "" : ""; }
  try {
    const facts = await post(words.urls.open, { device: deviceName(), label: browserName(), now: new Date().toISOString() }, { owner: "", seconds: 6 });
    await admit(facts);
    setState(words.online, "on");
    return "online";
  } catch (error) {
    if (error instanceof NoSignal) { setState(words.offline, "off"); return "offline"; }
    if (!(error instanceof Refused)) throw error;
    if (error.code === 401) { sessionEnded(); return "session"; }
    if (error.code === 403) noRight();
    else notice("open", error.message, "danger");
    return "refused";
  }
}

// the account that is signed in: another one's store is locked first
async function admit(facts) {
  if (vault && vault.owner !== facts.owner) { await vault.lock(); vault.db.close(); vault = null; }
  vault ||= await openVault(facts.owner);
  await vault.setKey(facts.key, facts.hours);
  setCurrentOwner(facts.owner);
  name = facts.name;
  await vault.keep("name", name);
  for (const past of ["session", "right", "open"]) notice(past, "");
  if (facts.skew) notice("clock", fill(facts.skew > 0 ? words.clock_ahead : words.clock_behind, { minutes: Math.round(Math.abs(facts.skew) / 60) }));
  else notice("clock", "");
}

function sessionEnded() {
  setState(words.offline_session, "off");
  notice("session", words.session_ended, "warning", h("p", {}, h("a", { href: words.login }, words.sign_in)));
}

// the right was taken away: what is here stays, and goes when it is given again
function noRight() { setState(words.offline_right, "off"); notice("right", words.right_gone, "danger"); }

async function shut(why) {
  const { drafts, waiting } = vault ? await vault.unsent() : { drafts: 0, waiting: 0 };
  if (why === "refused" && !(drafts + waiting)) { notice("right", ""); unfit(words.not_yours); return; }
  locked({ unsent: drafts + waiting });
}

const browserName = () => {
  const agent = navigator.userAgent;
  const on = /Android|iPhone|iPad|HarmonyOS|Windows|Macintosh|Linux/.exec(agent)?.[0] || "";
  const by = /MicroMessenger|Edg|Firefox|Chrome|Safari/.exec(agent)?.[0] || "";
  return `${on} ${by}`.trim();
};

// --- the list

export async function home() {
  form = null;
  try { await drawList(); } catch (error) { if (vault.key) throw error; } // signed out meanwhile: nothing to show
}

async function drawList() {
  const kept = (await vault.kept("work")) || { forms: {}, tasks: [], at: "" };
  const drafts = await Promise.all((await vault.draftRows()).map(async (r) => ({ ...await vault.draft(r.uid), updated: r.updated })));
  const waiting = await Promise.all((await vault.waiting()).map(async (r) => ({ ...r, title: (await vault.record(r)).title })));
  list({ name, ...kept, lastSent: await vault.lastSent(), doors: await doors(), drafts, waiting, receipts: await vault.receipts() }, { begin, resume, drop, find, send: connect, fetch: fetchWork, leave });
}

// how the persons are found, by "kind/subject"
const doors = async () => (await vault.kept("doors")) || {};
const keyOf = (task) => `${task.kind}/${task.subject}`;

async function find(task) {
  const drafts = await vault.draftRows();
  const begun = drafts.find((d) => d.kind === task.kind && d.subject === task.subject);
  door((await doors())[keyOf(task)], task, { begin: () => (begun ? resume(begun.uid) : begin(task)), back: home, number });
}

// one number in clear: asked of the server, which records it, and kept nowhere
const number = async (task, key) => (await post(words.urls.number, { kind: task.kind, subject: task.subject, key })).number;

async function begin(task) {
  if (!await roomFor(1024 * 1024)) { notice("room", words.disk_full, "danger"); return; }
  const sheet = await vault.kept(`sheet:${task.sheet}`);
  if (!sheet) { notice("sheet", words.no_sheet); return; }
  const draft = { uid: newUid(), kind: task.kind, subject: task.subject, task, sheet: narrowed(sheet, task.asks), answers: {}, photos: [], signatures: {}, at: 0 };
  try { await vault.saveDraft(draft); } catch (error) {
    if (!full(error)) throw error;
    notice("room", words.disk_full, "danger");
    return;
  }
  openForm(draft);
}

async function resume(uid) { openForm(await vault.draft(uid)); }

async function openForm(draft) {
  notice("sent", "");
  form = new Form(vault, draft, (await doors())[keyOf(draft)], async (why) => {
    await home();
    if (why === "finished") { say(words.finished); await connect(); }
  });
  form.open();
}

async function drop(draft) {
  const sure = await ask(words.drop_title, fill(words.drop_text, { title: (await doors())[keyOf(draft)]?.name || draft.task.title, n: Object.keys(draft.answers).length }), [["", words.keep, "btn-primary"], ["drop", words.drop, "btn-danger"]]);
  if (sure === "drop") { await vault.dropDraft(draft.uid); await home(); }
}

// --- with signal

async function fetchWork() {
  if (!vault.key) return;
  try {
    const had = await doors();
    const held = Object.fromEntries(Object.entries(had).map(([key, one]) => [key, one.mark]));
    const work = await post(words.urls.work, { device: deviceName(), ...await vault.unsent(), held });
    for (const [key, sheet] of Object.entries(work.sheets)) await vault.keep(`sheet:${key}`, sheet);
    await vault.keep("doors", await stillNeeded(work, had));
    await vault.keep("work", { forms: work.forms, tasks: work.tasks, at: work.at });
    setState(words.online, "on");
    notice("signal", "");
    if (!form) await home();
  } catch (error) { if (vault.key) trouble(error); }
}

// addresses of what is to be done or half done; those of finished work are not kept
async function stillNeeded(work, had) {
  const kept = {};
  for (const task of work.tasks) {
    const key = keyOf(task);
    if (work.doors[key]) kept[key] = { ...work.doors[key], mark: task.door };
    else if (task.door && had[key]) kept[key] = had[key];
  }
  for (const draft of await vault.draftRows()) if (had[keyOf(draft)]) kept[keyOf(draft)] ||= had[keyOf(draft)];
  return kept;
}

async function connect() {
  if (!vault.key) return;
  if (navigator.onLine === false) { setState(words.offline, "off"); if ((await vault.unsent()).waiting) sendWhenSignal(); return; }
  await sender.run();
}

function trouble(error) {
  if (error instanceof NoSignal) setState(words.offline, "off");
  else if (error instanceof Refused && error.code === 401) sessionEnded();
  else if (error instanceof Refused && error.code === 403) noRight();
  else if (full(error)) notice("room", words.disk_full_work, "danger");
  else if (error instanceof Refused) notice("signal", error.message, "danger");
  else throw error;
}

async function heard(what, detail = {}) {
  if (what === "sending") setState(words.sending, "on");
  else if (what === "signal") { setState(words.offline, "off"); notice("signal", fill(words.retry, { n: detail.pause })); sendWhenSignal(); }
  else if (what === "session") sessionEnded();
  else if (what === "right") noRight();
  else if (what === "owner") notice("owner", words.other_owner, "danger");
  else if (what === "trouble") notice("signal", detail.text, "danger");
  else if (what === "idle") {
    if (detail.sent) { setState(words.online, "on"); notice("signal", ""); notice("sent", fill(words.sent_n, { n: detail.sent }), "success"); await fetchWork(); }
    if (!form) await home();
  }
}

// --- signing out: nothing unsent is ever lost

async function leave() {
  const { drafts, waiting } = await vault.unsent();
  if (drafts + waiting) {
    const answer = await ask(words.leave_title, fill(words.leave_unsent, { n: waiting, m: drafts }), [["", words.stay, "btn-primary"], ["leave", words.leave_locked, "btn-danger"]]);
    if (answer !== "leave") return;
  }
  await vault.leave();
  if (!(drafts + waiting)) setCurrentOwner("");
  const out = h("form", { method: "post", action: words.logout }, h("input", { type: "hidden", name: "csrfmiddlewaretoken", value: /csrftoken=([^;]+)/.exec(document.cookie)?.[1] || "" }));
  document.body.append(out);
  if (navigator.onLine === false) { locked({ unsent: drafts + waiting }); return; }
  out.submit();
}

// for the tests of this page: the same functions that its buttons call
globalThis.yanglaoField = { vault: () => vault, connect, fetchWork, home, begin };

start();
