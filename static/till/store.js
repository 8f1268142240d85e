// What this device keeps: IndexedDB, so that a reload or a dead battery loses nothing.

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("hameau-till", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("kept");
      asked.result.createObjectStore("operations", { keyPath: "count" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

// One transaction; resolves once it is on disk, with what `act` returned.
async function transaction(stores, mode, act) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const unit = base.transaction(stores, mode, { durability: "strict" });
    const answer = act(...stores.map((name) => unit.objectStore(name)));
    unit.oncomplete = () => resolve(answer?.result);
    unit.onerror = unit.onabort = () => reject(unit.error);
  });
}

export const keep = (key, value) => transaction(["kept"], "readwrite", (kept) => kept.put(value, key));
export const kept = (key) => transaction(["kept"], "readonly", (store) => store.get(key));
export const forget = (key) => transaction(["kept"], "readwrite", (store) => store.delete(key));

// An operation and the counter it used, together; `gone` names what it replaces (the order on screen).
export function keepOperation(operation, gone) {
  return transaction(["operations", "kept"], "readwrite", (operations, store) => {
    operations.add(operation);
    store.put(operation.count, "count");
    if (gone) store.delete(gone);
  });
}

export const noteOperation = (operation) =>
  transaction(["operations"], "readwrite", (operations) => operations.put(operation));
export const operations = () => transaction(["operations"], "readonly", (store) => store.getAll());
export const dropOperation = (count) =>
  transaction(["operations"], "readwrite", (store) => store.delete(count));

export async function forgetEverything() {
  await transaction(["operations", "kept"], "readwrite", (one, other) => {
    one.clear();
    other.clear();
  });
}
