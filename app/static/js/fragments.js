// Forms marked data-fragment are sent without leaving the page: the server answers with the changed parts.
// A cut connection loses nothing: the form stays, and sending it again records the answer once.
import { ask } from "./patience.js";
import { stampDuration } from "./timer.js";

const SETTLE_MS = 250; // a second tap on the same spot must not answer the page that just came
const REPLY_MS = 20_000;
const UNSAID_MS = 1_200; // so long nobody asks what is the matter
const PARTS = ["header", "main"];
let changedAt = -SETTLE_MS;
let sending = false;

export const settled = () => performance.now() - changedAt >= SETTLE_MS;

export function changed() {
  changedAt = performance.now();
}

export function enhanceForms(prepare) {
  document.addEventListener("submit", (event) => onSubmit(event, prepare));
  document.addEventListener("click", (event) => onContinue(event, prepare));
  document.addEventListener("click", onClose);
}

async function onSubmit(event, prepare) {
  const form = event.target;
  stampDuration(form);
  if (!form.matches("form[data-fragment]")) return;
  event.preventDefault();
  if (sending || !settled()) return;
  sending = true;
  const submitter = event.submitter;
  document.body.setAttribute("aria-busy", "true");
  try {
    const target = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
    const body = new URLSearchParams(new FormData(form, submitter));
    const request = { method: "POST", body, headers: { "X-Rappel-Fragment": "1" } };
    const [address, html, ledTo] = await inTurn(form, body, () => ask(target, request, REPLY_MS, read));
    const page = pageOf(html);
    if (!page) return sayUnsent(form);
    // A page elsewhere on the site (to log in, say) has a header of its own: not this one, with a name or a clock in it.
    if (ledTo && !page.querySelector("header")) return location.assign(ledTo);
    replaceParts(page, prepare);
    if (address && form.hasAttribute("data-address")) history.replaceState(null, "", address); // a reload comes back here
  } catch {
    sayUnsent(form);
  } finally {
    sending = false;
    document.body.removeAttribute("aria-busy");
  }
}

// Where many ask for the same costly thing at one instant, the server deals out turns, and is asked again then.
async function inTurn(form, body, send) {
  let reply = await send();
  while (reply.turn) {
    document.body.removeAttribute("aria-busy"); // what is said while it is there is not read out
    await turnOf(form, reply.wait_ms);
    document.body.setAttribute("aria-busy", "true");
    body.set("turn", reply.turn);
    reply = await send();
  }
  return reply;
}

async function turnOf(form, waitMs) {
  const end = performance.now() + waitMs;
  const note = waitMs > UNSAID_MS && say(form, "template[data-turn]");
  const seconds = note ? note.querySelector("[data-seconds]") : null;
  const said = form.querySelector("[data-turn-said]");
  for (let left = waitMs; left > 0; left = end - performance.now()) {
    if (seconds) seconds.textContent = seconds.dataset.seconds.replace("%1", String(Math.ceil(left / 1000)));
    if (seconds && said && !said.textContent) said.textContent = note.textContent;
    await new Promise((done) => setTimeout(done, Math.min(left, 1000)));
  }
  if (said) said.textContent = ""; // what comes next is said by the page; another turn is said anew
}

// A page that answers a form may say where it can be opened again; one that was led to has its own address; a refusal
// has none: the page whose form was refused is the one to come back to.
async function read(response) {
  if (response.status === 202) return response.json();
  const address = response.headers.get("Content-Location") ?? (response.ok ? response.url : null);
  return [address, await response.text(), response.redirected ? response.url : null];
}

function onContinue(event, prepare) {
  const link = event.target.closest("a[data-continue]");
  const next = document.querySelector("template[data-next]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!settled()) {
    event.preventDefault();
    return;
  }
  if (!next) return;
  event.preventDefault();
  replaceParts(next.content.cloneNode(true), prepare);
}

// A message that is read goes, and the hand is back where it was.
function onClose(event) {
  const link = event.target.closest("a[data-close]");
  if (!link) return;
  event.preventDefault();
  link.closest(".flashes").remove();
  changed();
  focusWanted();
}

function pageOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.querySelector("main[data-part]") ? page : null; // else not a page of ours: a proxy's, say
}

function replaceParts(source, prepare) {
  for (const name of PARTS) {
    const fresh = source.querySelector(name);
    const old = document.querySelector(name);
    if (fresh && old) old.replaceWith(document.importNode(fresh, true));
  }
  if (source.querySelector("header.deskbar")) document.querySelector("footer.foot")?.remove(); // a page at work has none
  const title = source.querySelector("[data-title]")?.dataset.title;
  if (title) document.title = title;
  changed();
  prepare(document);
  window.scrollTo(0, 0);
  focusWanted();
}

function focusWanted() {
  const wanted = ["main [data-focus]", "main [data-question]", "main"];
  const target = wanted.map((one) => document.querySelector(one)).find(Boolean);
  target.focus({ preventScroll: true });
  const listing = target.closest("pre"); // a gap far to the right of a long line is brought into sight
  if (listing) listing.scrollLeft = target.offsetLeft + target.offsetWidth - listing.clientWidth;
}

function sayUnsent(form) {
  say(form, "template[data-unsent]");
}

export function unsay(form) {
  form.querySelector("[data-unsent-place]")?.remove();
}

function say(form, template) {
  const note = document.querySelector(template)?.content.cloneNode(true);
  let place = form.querySelector("[data-unsent-place]");
  if (!note) return null;
  if (!place) {
    place = document.createElement("div");
    place.dataset.unsentPlace = "";
    form.append(place);
  }
  place.replaceChildren(note);
  place.scrollIntoView({ block: "nearest" });
  return place;
}
