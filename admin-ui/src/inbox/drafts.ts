/**
 * What somebody has written and not sent, by conversation. In IndexedDB of this browser: sessionStorage would lose it
 * with the tab, and a draft must outlive a closed tab, a crash and a flat battery. It is not sealed (whoever holds the
 * key could read it just as well), therefore it goes when it is sent, when the person signs out, and after a week.
 */
const DATABASE = "pregonero-drafts";
const STORE = "draft";
const KEPT_MS = 7 * 24 * 3600 * 1000;

interface Draft {
  readonly text: string;
  readonly at: number;
}

let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function run<Result>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const request = work(database.transaction(STORE, mode).objectStore(STORE));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Empty when there is none. */
export async function readDraft(key: string): Promise<string> {
  const kept = await run<Draft | undefined>("readonly", (store) => store.get(key));
  const last = readLast(key);
  const draft = last !== undefined && last.at >= (kept?.at ?? 0) ? last : kept;
  return draft !== undefined && draft.at > Date.now() - KEPT_MS ? draft.text : "";
}

export async function keepDraft(key: string, text: string): Promise<void> {
  const draft: Draft = { text, at: Date.now() };
  sessionStorage.setItem(LAST + key, JSON.stringify(draft));
  // An empty one too: another tab may hold what was sent here.
  await run("readwrite", (store) => store.put(draft, key));
}

export async function forgetDrafts(): Promise<void> {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(LAST)) sessionStorage.removeItem(name);
  }
  await run("readwrite", (store) => store.clear());
}

/** The database is not waited for when a page goes, and the last letters with it: this is written before a key is up. */
const LAST = "pregonero-draft ";

function readLast(key: string): Draft | undefined {
  const text = sessionStorage.getItem(LAST + key);
  return text === null ? undefined : (JSON.parse(text) as Draft);
}
