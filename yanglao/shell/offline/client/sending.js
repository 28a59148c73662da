// Sending the outbox: in order, photos first, each form once however often it is tried. Runs on the page and in the
// service worker, so it touches neither the document nor the words of the page.

const PAUSES = [5, 15, 60, 300]; // seconds until the next try of its own
const GIVE_WAY = 3; // failures of the server after which a form lets the next ones pass

export class NoSignal extends Error {}
export class Refused extends Error {
  constructor(code, body) { super(body.problem || `${code}`); this.code = code; this.missing = body.missing; this.told = Boolean(body.problem); }
}

// the token of the session: from the page's cookies, or in the service worker from its cookie store
async function token() {
  if (globalThis.document) return document.cookie.split("; ").map((c) => c.split("=")).find(([name]) => name === "csrftoken")?.[1] || "";
  return (await globalThis.cookieStore?.get("csrftoken"))?.value || "";
}

async function ask(url, options, seconds) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  try {
    return await fetch(url, { credentials: "same-origin", redirect: "manual", signal: stop.signal, ...options });
  } catch {
    throw new NoSignal();
  } finally {
    clearTimeout(timer);
  }
}

// POST; the parsed answer. Throws NoSignal when nobody answers, Refused when the server says no.
// `home`: the page that gives out a new token, asked once when the old one is no longer taken
export async function post(url, body, { owner = "", seconds = 30, home = "" } = {}) {
  const raw = body instanceof Blob;
  const answer = await ask(url, {
    method: "POST",
    body: raw ? body : JSON.stringify(body),
    headers: { "Content-Type": raw ? body.type : "application/json", "X-CSRFToken": await token(), ...(owner ? { "X-Field-User": owner } : {}) },
  }, seconds);
  if (answer.type === "opaqueredirect") throw new Refused(401, {});
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  if (answer.status === 403 && !said.problem && home) {
    await ask(home, { cache: "no-store" }, seconds);
    return post(url, body, { owner, seconds });
  }
  throw new Refused(answer.status, said);
}

export class Sender {
  // way: {urls, photos, device}; tell(what, detail) hears: "sending" "sent" "signal" "session" "owner" "right"
  // "trouble" "idle"; again: try by itself after a pause (the service worker leaves that to the browser)
  constructor(vault, way, tell, { again = true } = {}) { Object.assign(this, { vault, way, tell, again, failures: 0, timer: 0, lost: false }); }

  // one sender at a time, also among tabs and with the service worker
  async run() {
    clearTimeout(this.timer);
    this.lost = false;
    if (!this.vault.key) return;
    if (navigator.locks) await navigator.locks.request(`yanglao-send-${this.vault.owner}`, () => this.#all());
    else await this.#all();
  }

  async #all() {
    let sent = 0;
    for (const row of await this.vault.waiting()) {
      this.tell("sending", { uid: row.uid });
      try {
        await this.#one(row);
        sent += 1;
        this.failures = 0;
        this.tell("sent", { uid: row.uid });
      } catch (error) {
        if (!await this.#goOn(row, error)) break;
      }
    }
    this.tell("idle", { sent });
  }

  #post(url, body, seconds) { return post(url, body, { owner: this.vault.owner, seconds, home: this.way.urls.field }); }

  async #one(row) {
    const { urls, device } = this.way;
    const record = await this.vault.record(row);
    const hashes = [...new Set([...record.photos.map((p) => p.sha256), ...record.signatures.map((s) => s.drawn).filter(Boolean)])];
    if (hashes.length || row.tries) {
      const there = await this.#post(urls.asked, { uid: row.uid });
      if (there.receipt) return this.vault.arrived(row, there.receipt, record.title);
      for (const hash of hashes) if (!there.photos.includes(hash)) await this.#photo(row, hash);
    }
    const { title, ...content } = record;
    const receipt = await this.#post(urls.send, { ...content, sequence: row.sequence, device, sent_at: new Date().toISOString() });
    return this.vault.arrived(row, receipt, title);
  }

  async #photo(row, hash) {
    const photo = await this.vault.photo(row.uid, hash);
    if (photo) await this.#post(`${this.way.photos}${row.uid}/${hash}/`, photo, 120);
  }

  // whether the next form may be tried
  async #goOn(row, error) {
    if (error instanceof NoSignal) return this.#later();
    if (!(error instanceof Refused)) throw error;
    const stops = { 401: "session", 409: "owner", 403: "right" }[error.code];
    if (stops) { this.tell(stops); return false; }
    await this.vault.tried(row, error.code >= 500 ? "" : error.message);
    if (error.code < 500) { this.tell("trouble", { text: error.message }); return true; }
    if (row.tries < GIVE_WAY) return this.#later();
    await this.vault.tried(row, `http:${error.code}`);
    return true;
  }

  #later() {
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += 1;
    this.lost = true;
    if (this.again) this.timer = setTimeout(() => this.run(), pause * 1000);
    this.tell("signal", { pause });
    return false;
  }
}
