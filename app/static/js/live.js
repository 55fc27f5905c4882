// A page about what goes on now asks for itself again, and can be told to stop; its parts change in their places.
import { ask } from "./patience.js";

const EVERY_MS = 10_000;
let paused = false;
let asking = false;

export function enhanceLive(root) {
  const pause = root.querySelector("button[data-live-pause]");
  if (!pause) return;
  pause.hidden = false;
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    if (!paused) refresh();
  });
  document.addEventListener("visibilitychange", () => refresh());
  setInterval(refresh, EVERY_MS);
}

async function refresh() {
  if (paused || asking || document.visibilityState !== "visible") return;
  asking = true;
  let fresh = false;
  try {
    const request = { headers: { "X-Rappel-Fragment": "1" } };
    fresh = await ask(location.href, request, EVERY_MS, async (response) =>
      response.ok && show(new DOMParser().parseFromString(await response.text(), "text/html")),
    );
  } catch {
    fresh = false;
  }
  asking = false;
  const stale = document.querySelector("[data-live-stale]");
  if (stale) stale.hidden = fresh;
}

// Whoever was on a link stays on it; links are told apart by where they lead.
function show(page) {
  const parts = [...document.querySelectorAll("[data-live]")];
  const sources = parts.map((part) => page.getElementById(part.id));
  if (sources.some((source) => source === null)) return false; // not that page: a log-in, a proxy's
  const held = document.activeElement?.closest("[data-live]") ? document.activeElement.getAttribute("href") : null;
  parts.forEach((part, place) => part.replaceChildren(...document.importNode(sources[place], true).childNodes));
  if (held) document.querySelector(`[data-live] a[href="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
  return true;
}
