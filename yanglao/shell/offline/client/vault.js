// What lies on the phone, one database per account: downloads, drafts, photos, the outbox, receipts.
// Everything personal is sealed. Without the key (signed out, or not seen for too long) it stays, unreadable.
import { openDB } from "./idb.js";
import { keyFrom, seal, sealBytes, sha256, unseal, unsealBytes } from "./seal.js";

const CURRENT = "yanglao.field";
export const LOCKED = "yanglao.locked";
const STORES = ["meta", "downloads", "drafts", "photos", "outbox", "sent"];
const SURE = { durability: "strict" }; // on the disk, not only in the memory of the machine
const KEPT_RECEIPTS = 200;

// the service worker has no localStorage: what is asked of it there is told to it by the page
export const currentOwner = () => globalThis.localStorage?.getItem(CURRENT) || "";
export const setCurrentOwner = (owner) => (owner ? localStorage.setItem(CURRENT, owner) : localStorage.removeItem(CURRENT));

// what this browser is called; no more than a number of its own
export function deviceName() {
  let name = localStorage.getItem("yanglao.device");
  if (!name) localStorage.setItem("yanglao.device", name = newUid());
  return name;
}

export function newUid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // crypto.randomUUID is younger than the browsers we serve
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export async function openVault(owner) {
  const db = await openDB(`yanglao-field-${owner}`, 1, {
    upgrade(fresh) {
      fresh.createObjectStore("meta");
      fresh.createObjectStore("downloads");
      fresh.createObjectStore("drafts", { keyPath: "uid" });
      fresh.createObjectStore("photos", { keyPath: "id" }).createIndex("uid", "uid");
      fresh.createObjectStore("outbox", { keyPath: "sequence", autoIncrement: true }).createIndex("uid", "uid", { unique: true });
      fresh.createObjectStore("sent", { keyPath: "uid" });
    },
    blocking() { db.close(); },
  });
  return new Vault(owner, db);
}

class Vault {
  constructor(owner, db) { this.owner = owner; this.db = db; this.key = null; }

  // --- the key

  // true when the phone may be worked with: the key is here, and its owner signed in not too long ago
  async unlock(now = Date.now()) {
    const held = await this.db.get("meta", "key");
    this.key = held && now < held.until ? held.key : null;
    if (held && !this.key) await this.lock();
    return Boolean(this.key);
  }

  async setKey(hex, hours) {
    this.key = await keyFrom(hex);
    await this.db.put("meta", { key: this.key, until: Date.now() + hours * 3600e3 }, "key");
  }

  async lock() {
    this.key = null;
    await this.db.delete("meta", "key");
    globalThis.localStorage?.setItem(LOCKED, `${Date.now()}`); // other tabs hold the key in their memory: they hear of it
  }

  // where and as whom to send: the service worker reads it here
  setWay(way) { return this.db.put("meta", way, "way"); }

  way() { return this.db.get("meta", "way"); }

  lastSent() { return this.db.get("meta", "sent_at"); }

  async unsent() { return { drafts: await this.db.count("drafts"), waiting: await this.db.count("outbox") }; }

  // on signing out: everything goes when all was sent, otherwise only the key; true when nothing is left
  async leave() {
    const { drafts, waiting } = await this.unsent();
    await this.lock();
    if (drafts + waiting) return false;
    const all = this.db.transaction(STORES, "readwrite", SURE);
    await Promise.all([...STORES.map((name) => all.objectStore(name).clear()), all.done]);
    return true;
  }

  // --- what is needed for the work

  async keep(name, data) { await this.db.put("downloads", await seal(this.key, data, `downloads/${name}`), name); }

  async kept(name) {
    const sealed = await this.db.get("downloads", name);
    return sealed ? unseal(this.key, sealed, `downloads/${name}`) : null;
  }

  // --- drafts

  async saveDraft(draft) {
    const updated = Date.now();
    const content = await seal(this.key, draft, `drafts/${draft.uid}`);
    const { uid, kind, subject } = draft;
    const tx = this.db.transaction("drafts", "readwrite", SURE);
    await Promise.all([tx.store.put({ uid, kind, subject, updated, content }), tx.done]);
  }

  async draft(uid) {
    const row = await this.db.get("drafts", uid);
    return row ? unseal(this.key, row.content, `drafts/${uid}`) : null;
  }

  draftRows() { return this.db.getAll("drafts"); }

  async dropDraft(uid) {
    const tx = this.db.transaction(["drafts", "photos"], "readwrite", SURE);
    await Promise.all([tx.objectStore("drafts").delete(uid), ...await this.#dropPhotos(tx, uid), tx.done]);
  }

  // --- photos

  async addPhoto(uid, bytes, type) {
    const hash = await sha256(bytes);
    const id = `${uid}/${hash}`;
    const content = await sealBytes(this.key, bytes, `photos/${id}`);
    const tx = this.db.transaction("photos", "readwrite", SURE);
    await Promise.all([tx.store.put({ id, uid, sha256: hash, type, size: bytes.byteLength, content }), tx.done]);
    return hash;
  }

  async photo(uid, hash) {
    const row = await this.db.get("photos", `${uid}/${hash}`);
    return row ? new Blob([await unsealBytes(this.key, row.content, `photos/${row.id}`)], { type: row.type }) : null;
  }

  dropPhoto(uid, hash) { return this.db.delete("photos", `${uid}/${hash}`); }

  async #dropPhotos(tx, uid) {
    const ids = await tx.objectStore("photos").index("uid").getAllKeys(uid);
    return ids.map((id) => tx.objectStore("photos").delete(id));
  }

  // --- the outbox: what is finished, in the order it was finished

  async finish(draft, record) {
    const content = await seal(this.key, record, `outbox/${draft.uid}`);
    const { uid, kind, subject } = draft;
    const tx = this.db.transaction(["drafts", "outbox"], "readwrite", SURE);
    await Promise.all([
      tx.objectStore("outbox").add({ uid, kind, subject, finished: Date.now(), tries: 0, problem: "", content }),
      tx.objectStore("drafts").delete(uid),
      tx.done,
    ]);
  }

  waiting() { return this.db.getAll("outbox"); }

  record(row) { return unseal(this.key, row.content, `outbox/${row.uid}`); }

  async tried(row, problem) {
    row.tries += 1;
    row.problem = problem;
    await this.db.put("outbox", row);
  }

  // it arrived: the receipt is all that stays
  async arrived(row, receipt, title) {
    const { uid, kind, subject } = row;
    const content = await seal(this.key, { ...receipt, title }, `sent/${uid}`);
    const tx = this.db.transaction(["outbox", "photos", "sent", "meta"], "readwrite", SURE);
    await Promise.all([
      tx.objectStore("meta").put(Date.now(), "sent_at"),
      tx.objectStore("outbox").delete(row.sequence),
      ...await this.#dropPhotos(tx, uid),
      tx.objectStore("sent").put({ uid, kind, subject, state: receipt.state, at: Date.now(), content }),
      tx.done,
    ]);
    await this.#thinReceipts();
  }

  async #thinReceipts() {
    const rows = (await this.db.getAll("sent")).sort((a, b) => b.at - a.at).slice(KEPT_RECEIPTS);
    for (const row of rows) await this.db.delete("sent", row.uid);
  }

  async receipts() {
    const rows = (await this.db.getAll("sent")).sort((a, b) => b.at - a.at);
    return Promise.all(rows.map(async (row) => ({ ...row, ...await unseal(this.key, row.content, `sent/${row.uid}`) })));
  }
}

// --- room on the phone

const SPARE = 20 * 1024 * 1024;

// bytes that may still be written before the browser would refuse; null when it does not say
export async function roomLeft() {
  if (!navigator.storage?.estimate) return null;
  const { quota, usage } = await navigator.storage.estimate();
  return quota === undefined ? null : quota - usage;
}

export async function roomFor(bytes) {
  const left = await roomLeft();
  return left === null || left - bytes > SPARE;
}

// ask the browser not to clear this when the phone runs full
export const askToStay = () => navigator.storage?.persist?.().catch(() => false);
