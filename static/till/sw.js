// The shell of the till, kept so that it opens with no network. VERSION and SHELL stand above, put by the node.

const NAME = `hameau-till-${VERSION}`;

addEventListener("install", (event) => {
  const fresh = SHELL.map((address) => new Request(address, { cache: "reload", credentials: "omit" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(fresh)));
});

addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => clients.claim()));
});

addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
});

addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const isOurs = origin === location.origin && event.request.method === "GET";
  if (isOurs && pathname.startsWith("/files/products/")) event.respondWith(fromPhotos(event.request));
  if (isOurs && SHELL.some((one) => one.split("?")[0] === pathname)) event.respondWith(fromShell(event.request));
});

async function fromShell(request) {
  const cache = await caches.open(NAME);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

// The page keeps the photos of its catalogue (photos.js).
async function fromPhotos(request) {
  const cache = await caches.open("hameau-photos");
  return (await cache.match(request)) ?? fetch(request);
}

async function dropOld() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("hameau-till-") && name !== NAME).map((name) => caches.delete(name)));
}
