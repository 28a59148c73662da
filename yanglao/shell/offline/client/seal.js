// Sealing by the browser's own WebCrypto: AES-256-GCM under a key that scripts cannot read out.
// `where` (store and record) is bound into each seal, so that a sealed text cannot be moved to another record.
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const available = () => Boolean(globalThis.crypto && crypto.subtle && globalThis.indexedDB);

export function keyFrom(hex) {
  const bytes = new Uint8Array(hex.match(/../g).map((pair) => parseInt(pair, 16)));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

const way = (iv, where) => ({ name: "AES-GCM", iv, additionalData: encoder.encode(where) });

export async function sealBytes(key, bytes, where) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, text: await crypto.subtle.encrypt(way(iv, where), key, bytes) };
}

export const unsealBytes = (key, sealed, where) => crypto.subtle.decrypt(way(sealed.iv, where), key, sealed.text);

export const seal = (key, data, where) => sealBytes(key, encoder.encode(JSON.stringify(data)), where);

export async function unseal(key, sealed, where) {
  return JSON.parse(decoder.decode(await unsealBytes(key, sealed, where)));
}

export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
