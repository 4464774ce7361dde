// Between the page and the network (the server puts SHELL before this): keeps the shell's files, and answers with a page
// in words where there is no network. Whatever is not the shell goes by untouched: nothing of a person is kept here.
const NAME = `shell-${hash(SHELL.files.join())}`;

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forget().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(SHELL.offline)));
  else if (SHELL.files.includes(url.pathname + url.search)) event.respondWith(kept(request));
  else if (SHELL.files.some((file) => file.startsWith(`${url.pathname}?`))) event.respondWith(fresh(request));
});

async function fill() {
  const cache = await caches.open(NAME);
  await cache.addAll([...SHELL.files, SHELL.offline].map((file) => new Request(file, { credentials: "omit" })));
}

async function forget() {
  for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
}

// The address changes with the file, so what is kept is never old.
async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}

// A part fetched by a plain address, as a font or a module by another: the network knows better, while there is one.
async function fresh(request) {
  return fetch(request).catch(() => caches.match(request, { ignoreSearch: true }));
}

function hash(text) {
  let found = 5381;
  for (const sign of text) found = (found * 33 + sign.codePointAt(0)) >>> 0;
  return found.toString(36);
}
