// The page where a device opts in: it keeps the shell and the learner's cards, or wipes them.
import { flush } from "./offline-send.js";
import { keep, read, wipePack } from "./offline-store.js";
import { ask, inTime } from "./patience.js";

const LANGUAGE = "rappel-language";
const PACK_MS = 30_000;
const form = document.querySelector("form[data-offline-take]");
const wipe = document.querySelector("[data-offline-wipe]");

function say(name, count) {
  const place = document.querySelector("[data-offline-status]");
  const words = place.dataset[count === 1 ? `${name}One` : name] ?? place.dataset[name];
  place.querySelector("[data-words]").textContent = words.replace("%1", String(count));
}

async function refresh() {
  const { pack, cards, queue } = await read();
  const usable = pack !== null;
  for (const part of document.querySelectorAll("[data-offline-kept]")) part.hidden = !usable;
  wipe.hidden = !usable;
  if (usable) say("kept", cards.length);
  else say("none", 0);
  const waiting = document.querySelector("[data-offline-waiting]");
  waiting.hidden = queue.length === 0;
  const counted = waiting.querySelector("[data-one]");
  counted.textContent = queue.length === 1 ? counted.dataset.one : counted.dataset.many.replace("%1", String(queue.length));
}

async function take() {
  await navigator.serviceWorker.register("/sw.js");
  await inTime(navigator.serviceWorker.ready, PACK_MS); // one that finds no room is never ready
  const language = await caches.open(LANGUAGE);
  await language.put("/language", new Response(document.documentElement.lang));
  const { state } = await flush();
  if (state === "foreign") return "foreign";
  const pack = await fetchPack().catch(() => null);
  if (!pack) return "failed";
  await keep(pack);
  navigator.storage?.persist?.().catch(() => null); // unasked, a browser short of room may drop what waits to be sent
  return "";
}

function fetchPack() {
  const body = new URLSearchParams(new FormData(form));
  return ask(form.action, { method: "POST", body }, PACK_MS, (response) => {
    const isPack = !response.redirected && response.headers.get("Content-Type")?.startsWith("application/json");
    return isPack ? response.json() : null;
  });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  say("taking", 0);
  const problem = await take().catch(() => "refused");
  button.disabled = false;
  await refresh().catch(() => null);
  if (problem) say(problem, 0);
});

wipe.addEventListener("click", async () => {
  await wipePack();
  await refresh();
  say("wiped", 0);
});

if (window.isSecureContext && "serviceWorker" in navigator && "indexedDB" in window) {
  form.hidden = false;
  await refresh().catch(() => say("refused", 0));
} else {
  document.querySelector("[data-offline-insecure]").hidden = false;
}
