// Photos of products, kept so that tiles show them without a line: those of the catalogue, and no others.

const KEPT = "hameau-photos";
const MOST = 300;

// Fetch what is new, drop what is gone. A photo that does not come is only a tile with its icon.
export async function keepPhotos(addresses) {
  if (!globalThis.caches) return;
  try {
    const cache = await caches.open(KEPT);
    const known = (await cache.keys()).map((one) => new URL(one.url).pathname);
    const wanted = new Set(addresses.slice(0, MOST));
    await Promise.all(known.filter((one) => !wanted.has(one)).map((one) => cache.delete(one)));
    for (const one of wanted) if (!known.includes(one)) await cache.add(one).catch(() => {});
  } catch {
    // No room on this device: the photos come over the network, or stay away.
  }
}
