// Sending the outbox: in order, photos first, each form once however often it is tried.
import { fill, words } from "./dom.js";
import { currentOwner, deviceName } from "./vault.js";

const PAUSES = [5, 15, 60, 300]; // seconds until the next try of its own
const GIVE_WAY = 3; // failures of the server after which a form lets the next ones pass

export class NoSignal extends Error {}
export class Refused extends Error {
  constructor(code, body) { super(body.problem || `${code}`); this.code = code; this.missing = body.missing; }
}

const cookie = (name) => document.cookie.split("; ").map((c) => c.split("=")).find(([n]) => n === name)?.[1] || "";

// POST; the parsed answer. Throws NoSignal when nobody answers, Refused when the server says no.
export async function post(url, body, { owner = currentOwner(), seconds = 30 } = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  const raw = body instanceof Blob;
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST",
      body: raw ? body : JSON.stringify(body),
      headers: {
        "Content-Type": raw ? body.type : "application/json",
        "X-CSRFToken": cookie("csrftoken"),
        ...(owner ? { "X-Field-User": owner } : {}),
      },
      credentials: "same-origin",
      redirect: "manual",
      signal: stop.signal,
    });
  } catch {
    throw new NoSignal();
  } finally {
    clearTimeout(timer);
  }
  if (answer.type === "opaqueredirect") throw new Refused(401, {});
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  throw new Refused(answer.status, said);
}

export class Sender {
  // tell(what, detail) hears: "sending" "sent" "signal" "session" "owner" "trouble" "idle"
  constructor(vault, tell) { this.vault = vault; this.tell = tell; this.failures = 0; this.timer = 0; }

  // one sender at a time, also among tabs
  async run() {
    clearTimeout(this.timer);
    if (!this.vault.key) return;
    if (navigator.locks) await navigator.locks.request(`yanglao-send-${this.vault.owner}`, () => this.#all());
    else await this.#all();
  }

  async #all() {
    let sent = 0;
    for (const row of await this.vault.waiting()) {
      this.tell("sending", { row });
      try {
        await this.#one(row);
        sent += 1;
        this.failures = 0;
        this.tell("sent", { row });
      } catch (error) {
        if (!await this.#goOn(row, error)) break;
      }
    }
    this.tell("idle", { sent });
  }

  async #one(row) {
    const record = await this.vault.record(row);
    const hashes = [...new Set([...record.photos.map((p) => p.sha256), ...record.signatures.map((s) => s.drawn).filter(Boolean)])];
    if (hashes.length || row.tries) {
      const there = await post(words.urls.asked, { uid: row.uid });
      if (there.receipt) return this.vault.arrived(row, there.receipt, record.title);
      for (const hash of hashes) if (!there.photos.includes(hash)) await this.#photo(row, hash);
    }
    const { title, ...content } = record;
    const receipt = await post(words.urls.send, {
      ...content, sequence: row.sequence, device: deviceName(), sent_at: new Date().toISOString(),
    });
    return this.vault.arrived(row, receipt, title);
  }

  async #photo(row, hash) {
    const photo = await this.vault.photo(row.uid, hash);
    if (photo) await post(`${words.photos}${row.uid}/${hash}/`, photo, { seconds: 120 });
  }

  // whether the next form may be tried
  async #goOn(row, error) {
    if (error instanceof NoSignal) return this.#later("signal");
    if (!(error instanceof Refused)) throw error;
    if (error.code === 401) { this.tell("session"); return false; }
    if (error.code === 409) { this.tell("owner"); return false; }
    await this.vault.tried(row, error.code >= 500 ? "" : error.message);
    if (error.code < 500) { this.tell("trouble", { row, text: error.message }); return true; }
    if (row.tries < GIVE_WAY) return this.#later("signal");
    await this.vault.tried(row, fill(words.server_failed, { code: error.code }));
    return true;
  }

  #later(why) {
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => this.run(), pause * 1000);
    this.tell(why, { pause });
    return false;
  }
}
