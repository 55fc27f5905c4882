// Keeps the shell of the offline review and its files; everything else goes to the network and is never kept.
const CACHE = "rappel-shell-{{ version }}";
const LANGUAGE = "rappel-language"; // which shell this device shows, written by the page that takes cards along
const FILES = {{ files|tojson }};
const SHELLS = {{ shells|tojson }};
const PATIENCE_MS = 8000; // a train in a tunnel: the connection stands and nothing comes
const NOBODY_THERE = [502, 504]; // a proxy in front of a server that is away

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (FILES.includes(url.pathname + url.search)) event.respondWith(file(request));
});

// Without the person's cookies: what is kept is the same for everybody.
async function keep() {
  const cache = await caches.open(CACHE);
  const wanted = [...FILES, ...Object.values(SHELLS)];
  await cache.addAll(wanted.map((one) => new Request(one, { cache: "no-cache", credentials: "omit" })));
}

async function forgetOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith("rappel-shell-") && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
}

async function page(request) {
  try {
    const response = await inTime(fetch(request));
    return NOBODY_THERE.includes(response.status) ? (await shell()) ?? response : response;
  } catch {
    return (await shell()) ?? Response.error();
  }
}

function inTime(promise) {
  const late = new Promise((_, refuse) => setTimeout(() => refuse(new Error("late")), PATIENCE_MS));
  return Promise.race([promise, late]);
}

async function shell() {
  const chosen = await (await caches.match("/language", { cacheName: LANGUAGE }))?.text();
  const cache = await caches.open(CACHE);
  return cache.match(SHELLS[chosen] ?? SHELLS.fr);
}

async function file(request) {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(CACHE);
    return (await cache.match(request)) ?? Response.error();
  }
}
