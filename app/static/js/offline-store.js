// What a device keeps of a learner who opted in: the cards of their pack, and the answers not yet sent.
// An answer enters the queue and its card leaves the pack in one transaction; it leaves once the server has it.
const NAME = "rappel-offline";
const FLAG = "rappel-offline"; // in localStorage, so that other pages need not open a database to know of it
const STORES = ["meta", "cards", "queue"];

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("meta");
      for (const name of ["cards", "queue"]) request.result.createObjectStore(name, { keyPath: "answer_id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function change(work) {
  const database = await open();
  try {
    await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORES, "readwrite", { durability: "strict" });
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
      work(Object.fromEntries(STORES.map((name) => [name, transaction.objectStore(name)])));
    });
  } finally {
    database.close();
  }
}

async function readAll() {
  const database = await open();
  try {
    const transaction = database.transaction(STORES, "readonly");
    const requests = [transaction.objectStore("meta").get("pack"), ...["cards", "queue"].map((name) => transaction.objectStore(name).getAll())];
    return await Promise.all(requests.map((request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    })));
  } finally {
    database.close();
  }
}

export const isKnown = () => localStorage.getItem(FLAG) !== null;

// The flag is when the server was last asked which cards have to leave.
export const noteCheck = () => localStorage.setItem(FLAG, String(Date.now()));

// The pack (null without one), its cards in their order, and the answers that wait, the oldest first.
export async function read() {
  if (!isKnown()) return { pack: null, cards: [], queue: [], expired: false };
  const [pack, cards, queue] = await readAll();
  const expired = Boolean(pack) && Date.now() - pack.received_at > pack.wiped_at - pack.made_at;
  if (expired) await wipePack();
  queue.sort((one, other) => one.place - other.place);
  cards.sort((one, other) => one.place - other.place);
  return { pack: expired ? null : pack ?? null, cards: expired ? [] : cards, queue, expired };
}

// A new pack takes the place of the old one; what waits to be sent stays, and is not asked again.
export async function keep({ cards, ...pack }) {
  const { queue } = await read();
  const wasKnown = isKnown();
  if (!wasKnown) noteCheck();
  const waiting = new Set(queue.map((entry) => entry.question));
  const wanted = cards.map((card, place) => ({ ...card, place })).filter((card) => !waiting.has(card.question));
  try {
    await change((stores) => {
      stores.cards.clear();
      stores.meta.put({ ...pack, received_at: Date.now() }, "pack");
      for (const card of wanted) stores.cards.put(card);
    });
  } catch (error) {
    if (!wasKnown) localStorage.removeItem(FLAG);
    throw error;
  }
  return wanted.length;
}

// Whether it was kept: an answer that waits already, given in another tab, is never replaced.
export async function enqueue(entry) {
  let kept = true;
  await change(({ cards, queue }) => {
    const waiting = queue.getKey(entry.answer_id);
    waiting.onsuccess = () => {
      kept = waiting.result === undefined;
      cards.delete(entry.answer_id);
      if (kept) queue.put({ ...entry, place: Date.now() });
    };
  });
  return kept;
}

export const dropAnswers = (ids) => change(({ queue }) => ids.forEach((id) => queue.delete(id)));

export const dropCards = (ids) => change(({ cards }) => ids.forEach((id) => cards.delete(id)));

export async function wipePack() {
  await change(({ meta, cards }) => {
    meta.clear();
    cards.clear();
  });
  await forgetWhenEmpty();
}

export async function forgetWhenEmpty() {
  if (!isKnown()) return;
  const [pack, , queue] = await readAll();
  if (!pack && queue.length === 0) localStorage.removeItem(FLAG);
}

// The server's time now, as far as this device can tell: its clock may be wrong, and may be put back meanwhile.
export const serverNow = (pack) => pack.made_at + Math.max(0, Date.now() - pack.received_at);
