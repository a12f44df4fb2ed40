/** The session is kept in the browser's profile, as WhatsApp's keys are, and survives its restart. */
const NAME = "model-storage";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("session");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      // Strict: written to the disk before it is reported done, so that a killed browser keeps it.
      const transaction = database.transaction("session", mode, { durability: "strict" });
      const request = act(transaction.objectStore("session"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const readSession = () => within("readonly", (store) => store.get("token"));
export const keepSession = (token) => within("readwrite", (store) => store.put(token, "token"));
export const dropSession = () => within("readwrite", (store) => store.delete("token"));
