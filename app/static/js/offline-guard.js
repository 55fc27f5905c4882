// On every page of the site: the pack of a device goes when nobody or somebody else is logged in, and what waits is sent.
const FLAG = "rappel-offline";
const LOG_OUT_PATIENCE_MS = 5000;
const CHECK_MS = 300_000; // how often the server is asked which of the kept cards have to leave

export async function guardPack() {
  const account = document.body.dataset.account; // "" for nobody; absent where the page cannot know
  if (account === undefined || !isFlagged()) return;
  const store = await import("./offline-store.js");
  const held = await store.read().catch(() => null);
  if (!held) return; // the browser refuses its storage: nothing can be read, sent or wiped
  const { pack, queue } = held;
  if (pack && String(pack.account) !== account) await store.wipePack();
  await store.forgetWhenEmpty();
  if (account === "") {
    if (queue.length) note("waiting", queue.length);
    return;
  }
  document.addEventListener("submit", onLogOut, true);
  const others = queue.filter((entry) => String(entry.account) !== account);
  if (others.length) warn(store, others);
  if (queue.length > others.length || isCheckDue()) await sendNow();
}

// A clock that was put back makes it due, too.
function isCheckDue() {
  return Math.abs(Date.now() - Number(localStorage.getItem(FLAG))) > CHECK_MS;
}

function isFlagged() {
  try {
    return localStorage.getItem(FLAG) !== null;
  } catch {
    return false; // no storage, no pack
  }
}

async function sendNow() {
  const { flush } = await import("./offline-send.js");
  const report = await flush();
  if (!report.sent) return;
  const place = note("sent", report.sent);
  for (const words of report.words) place?.append(paragraph(words));
}

function paragraph(words) {
  const line = document.createElement("p");
  line.textContent = words;
  return line;
}

// Answers of somebody else are never sent under this name, and never deleted unasked.
function warn(store, others) {
  note("foreign", others.length)?.querySelector("button")?.addEventListener("click", async (event) => {
    await store.dropAnswers(others.map((entry) => entry.answer_id));
    await store.forgetWhenEmpty();
    event.target.closest("[data-offline-note]").remove();
  });
}

// Logging out wipes the pack; what waits is sent before.
async function onLogOut(event) {
  if (!event.target.matches('form[action$="/account/log-out"]') || !isFlagged()) return;
  event.preventDefault();
  try {
    const [store, { flush }] = await Promise.all([import("./offline-store.js"), import("./offline-send.js")]);
    const late = new Promise((resolve) => setTimeout(resolve, LOG_OUT_PATIENCE_MS));
    await Promise.race([flush(), late]);
    await store.wipePack();
  } finally {
    event.target.submit(); // whatever the storage does, a session ends when it is asked to
  }
}

// One of the messages that the page brings along, with its number of answers; returns the place of its words.
export function note(name, count) {
  const template = document.querySelector(`template[data-offline-words="${name}"]`);
  const frame = document.querySelector("main .frame");
  if (!template || !frame) return null;
  const shown = template.content.cloneNode(true);
  const counted = shown.querySelector("[data-one]");
  counted.textContent = count === 1 ? counted.dataset.one : counted.dataset.many.replace("%1", String(count));
  const place = document.createElement("div");
  place.className = "leaf flashes";
  place.dataset.offlineNote = name;
  place.append(shown);
  frame.prepend(place);
  return place.firstElementChild;
}
