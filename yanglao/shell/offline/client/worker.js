// The service worker. `HOUSE` (version, page, files) stands above, written by the server.
// It keeps the page of field work and its files, which hold nothing personal, and touches nothing else.
const CACHE = `yanglao-field-${HOUSE.version}`;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(HOUSE.files.map((file) => new Request(file, { cache: "no-cache" })));
    await keepPage(await fetch(HOUSE.page, { credentials: "same-origin" }));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("yanglao-field-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname === HOUSE.page) event.respondWith(page(request));
  else if (HOUSE.files.includes(url.pathname)) event.respondWith(file(request, url.pathname));
});

// there is signal again: what waits is sent though the page may be closed. `sendFor` is there where the browser loads
// modules in service workers; it is the same sending as the page's, and open pages are told of it.
self.addEventListener("sync", (event) => {
  if (typeof sendFor !== "function" || !event.tag.startsWith(TAG)) return;
  event.waitUntil(sendFor(event.tag.slice(TAG.length), tellPages));
});

async function tellPages(what, detail) {
  for (const one of await self.clients.matchAll({ type: "window" })) one.postMessage({ field: what, detail });
}

// only the page itself: never the sign-in page it may lead to
async function keepPage(answer) {
  if (!answer.ok || answer.redirected) return;
  const cache = await caches.open(CACHE);
  await cache.put(HOUSE.page, answer.clone());
}

// from the network when there is one that answers in time, so that a changed page and an ended session are seen;
// where the server says no (a right was taken away) the kept page tells what has become of what lies here
async function page(request) {
  const kept = await (await caches.open(CACHE)).match(HOUSE.page);
  const fresh = fetch(request).then(async (answer) => { await keepPage(answer); return answer; });
  if (!kept) return fresh;
  fresh.catch(() => {});
  const late = new Promise((resolve) => { setTimeout(() => resolve(kept), 4000); });
  return Promise.race([fresh.then((answer) => (answer.status >= 400 ? kept : answer)), late]).catch(() => kept);
}

async function file(request, path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) || fetch(request);
}
